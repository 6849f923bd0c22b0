package ztw

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type adminSearch struct {
	IncludeAuditorUsers *bool  `json:"include_auditor_users,omitempty" in:"query=includeAuditorUsers" jsonschema:"Whether auditors are listed too."`
	IncludeAdminUsers   *bool  `json:"include_admin_users,omitempty" in:"query=includeAdminUsers" jsonschema:"Whether administrators are listed."`
	IncludeAPIRoles     *bool  `json:"include_api_roles,omitempty" in:"query=includeApiRoles" jsonschema:"Whether administrators with API roles are listed too."`
	Search              string `json:"search,omitempty" in:"query=search" skipempty:"true" jsonschema:"Text in the login name, user name or comments; all when absent."`
	Page                *int   `json:"page,omitempty" in:"query=page" min:"1" jsonschema:"Page to return, counted from 1."`
	PageSize            *int   `json:"page_size,omitempty" in:"query=pageSize" min:"1" max:"1000" jsonschema:"Rows a page, 1 to 1000; 100 when absent."`
	Version             *int   `json:"version,omitempty" in:"query=version" jsonschema:"Only administrators of this version of the record; seldom needed."`
}

type roleSearch struct {
	IncludeAuditorRole *bool    `json:"include_auditor_role,omitempty" in:"query=includeAuditorRole" jsonschema:"Whether the role of auditors is listed too."`
	IncludePartnerRole *bool    `json:"include_partner_role,omitempty" in:"query=includePartnerRole" jsonschema:"Whether roles of partners are listed too."`
	IncludeAPIRoles    *bool    `json:"include_api_roles,omitempty" in:"query=includeApiRoles" jsonschema:"Whether roles of API clients are listed too."`
	RoleIDs            []string `json:"role_ids,omitempty" in:"query=id" skipempty:"true" jsonschema:"Only roles with these ids; all when absent."`
	nameSearch
}

var administration = []tool.Tool{
	rest.Read[adminSearch]("ztw_list_admins", "GET /ztw/api/v1/adminUsers",
		"List one page of the administrators of Cloud and Branch Connector with login names, roles and whether they are disabled.", rest.List),
	rest.Read[roleSearch]("ztw_list_roles", "GET /ztw/api/v1/adminRoles",
		"List the roles that administrators of Cloud and Branch Connector can have, with the permissions of each; ztw_list_admins tells who has which.",
		rest.List, rest.OnePage, rest.Finish(named)),
}
