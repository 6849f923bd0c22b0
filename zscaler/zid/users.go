package zid

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const usersPath = "/ziam/admin/api/v1/users"

// page limits a list. The service counts rows, not pages.
type page struct {
	Offset *int `json:"offset,omitempty" in:"query=offset" min:"0" jsonschema:"Rows to skip: offset and limit of the last page added up; 0 when absent."`
	Limit  *int `json:"limit,omitempty" in:"query=limit" min:"1" max:"1000" jsonschema:"Most rows to return, 1 to 1000; 100 when absent."`
}

type userSearch struct {
	LoginName    string `json:"login_name,omitempty" in:"query=loginname[like]" skipempty:"true" jsonschema:"Part of the login name."`
	DisplayName  string `json:"display_name,omitempty" in:"query=displayname[like]" skipempty:"true" jsonschema:"Part of the display name."`
	PrimaryEmail string `json:"primary_email,omitempty" in:"query=primaryemail[like]" skipempty:"true" jsonschema:"Part of the primary e-mail address."`
	DomainName   string `json:"domain_name,omitempty" in:"query=domainname" skipempty:"true" jsonschema:"Exact domain name."`
	IDPName      string `json:"idp_name,omitempty" in:"query=idpname" skipempty:"true" jsonschema:"Exact name of the identity provider."`
	page
}

type userID struct {
	UserID string `json:"user_id" in:"path" nonempty:"true" jsonschema:"User id, from zid_list_users or zid_search_users."`
}

type userPage struct {
	userID
	page
}

// namedUser finds users by one text, and limits the list that the tool is about.
type namedUser struct {
	Name string `json:"name" nonempty:"true" jsonschema:"Part of the primary e-mail address if it holds an @; else of the login name or, when no login name has it, of the display name."`
	page
}

var users = tool.Set{
	Name: "zid_users", Doc: "Users of ZIdentity and the groups that they are in.",
	Tools: []tool.Tool{
		rest.Read[userSearch]("zid_list_users", "GET "+usersPath,
			"List one page of the users of ZIdentity, all of them or those that match every given filter; zid_search_users takes any name or address.", rest.List),
		rest.Read[userID]("zid_get_user", "GET "+usersPath+"/{user_id}",
			"Get one user with names, addresses, department, identity provider, whether the account is active, and custom attributes."),
		tool.Func(tool.Read, "zid_search_users",
			"Find users by part of an e-mail address, login name or display name: the way from a person's name to the user id.", searchUsers, tool.List),
		rest.Read[userPage]("zid_get_user_groups", "GET "+usersPath+"/{user_id}/groups",
			"List one page of the groups that the user with this id is in; with a name instead of an id use zid_get_user_groups_by_name.", rest.List),
		tool.Func(tool.Read, "zid_get_user_groups_by_name",
			"List one page of the groups of the user whom a name finds, as in zid_search_users; of several users an exact match goes first, then the first found.",
			groupsByName, tool.List),
	},
}
