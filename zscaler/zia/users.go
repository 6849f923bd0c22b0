package zia

import (
	"context"
	"errors"
	"strings"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const (
	departmentsPath = "/zia/api/v1/departments"
	groupsPath      = "/zia/api/v1/groups"
	usersPath       = "/zia/api/v1/users"
)

// peoplePage says which page of a list of people is wanted.
type peoplePage struct {
	Page     int `json:"page,omitempty" in:"query=page" jsonschema:"Number of the page, from 1; the first when absent."`
	PageSize int `json:"page_size,omitempty" in:"query=pageSize" min:"1" max:"1000" jsonschema:"Rows a page, 1 to 1000; 100 when absent."`
}

type departmentSearch struct {
	Action       string `json:"action,omitempty" in:"-" enum:"read,read_lite" default:"read" jsonschema:"With department_id: read gets the whole department, read_lite its id and name only. Without it both list."`
	DepartmentID string `json:"department_id,omitempty" in:"-" jsonschema:"Id of the one department to get, whose row a list shows; the other arguments are for lists."`
	LimitSearch  bool   `json:"limit_search,omitempty" in:"query=limitSearch" jsonschema:"Whether search looks at the names only, not at comments too."`
	Search       string `json:"search,omitempty" in:"query=search" jsonschema:"Text in the name or comments of the department."`
	peoplePage
	SortBy    string `json:"sort_by,omitempty" in:"query=sortBy" enum:"id,name,expiry,status,external_id,rank" jsonschema:"What departments are sorted by."`
	SortOrder string `json:"sort_order,omitempty" in:"query=sortOrder" enum:"asc,desc,rule_execution" jsonschema:"Direction of sort_by."`
}

type groupSearch struct {
	GroupID   string `json:"group_id,omitempty" in:"-" jsonschema:"Id of the one group to get, whose row a list shows; the other arguments are for lists."`
	Name      string `json:"name,omitempty" in:"-" jsonschema:"Part of the group's name, in any case, looked for in pages of 1000 groups whatever page_size says."`
	Search    string `json:"search,omitempty" in:"query=search" jsonschema:"Text in the name or comments of the group, looked for by ZIA among all groups."`
	DefinedBy string `json:"defined_by,omitempty" in:"query=definedBy" jsonschema:"What the group was defined by, as ZIA names it."`
	peoplePage
	SortBy    string `json:"sort_by,omitempty" in:"query=sortBy" enum:"id,name,expiry,status,external_id,rank,mod_time" jsonschema:"What groups are sorted by."`
	SortOrder string `json:"sort_order,omitempty" in:"query=sortOrder" enum:"asc,desc,rule_execution" jsonschema:"Direction of sort_by."`
}

type userSearch struct {
	UserID string `json:"user_id,omitempty" in:"-" jsonschema:"Id of the one user to get, whose row a list shows; the other arguments are for lists."`
	Name   string `json:"name,omitempty" in:"query=name" jsonschema:"Part of the user's name."`
	Dept   string `json:"dept,omitempty" in:"query=dept" jsonschema:"Part of the name of the user's department."`
	Group  string `json:"group,omitempty" in:"query=group" jsonschema:"Part of the name of a group that the user is in."`
	peoplePage
}

var users = tool.Set{
	Name: "zia_users", Doc: "Users, groups and departments as ZIA knows them, with the ids that rules refer to.",
	Tools: []tool.Tool{
		rest.Read[departmentSearch]("get_zia_user_departments", "GET "+departmentsPath,
			"List the departments that ZIA rules can name, or get one by department_id; always rows with id and name.",
			rest.List, rest.Prepare(oneDepartment)),
		rest.Read[groupSearch]("get_zia_user_groups", "GET "+groupsPath,
			"List the user groups that ZIA rules can name, find them by part of their name, or get one by group_id; always rows with id and name.",
			rest.List, rest.Prepare(oneGroup), rest.Finish(groupsNamed)),
		rest.Read[userSearch]("get_zia_users", "GET "+usersPath,
			"List the users of ZIA with e-mail address, department and groups, narrowed by name, department or group, or get one by user_id. Users of the identity service are in zid_list_users.",
			rest.List, rest.Prepare(oneUser)),
	},
}

// oneDepartment turns the list into the read of the department that is named by its id.
func oneDepartment(_ context.Context, p *rest.Plan) error {
	id := p.Args.Text("department_id")
	if id == "" {
		return nil
	}
	path := departmentsPath + "/{department_id}"
	if p.Args.Text("action") == "read_lite" {
		path = departmentsPath + "/lite/{department_id}"
	}
	return p.ReadOne(path, map[string]string{"department_id": id})
}

func oneUser(_ context.Context, p *rest.Plan) error {
	if id := p.Args.Text("user_id"); id != "" {
		return p.ReadOne(usersPath+"/{user_id}", map[string]string{"user_id": id})
	}
	return nil
}

// oneGroup turns the list into the read of one group, or makes its pages large where names are compared
// here.
func oneGroup(_ context.Context, p *rest.Plan) error {
	if id := p.Args.Text("group_id"); id != "" {
		return p.ReadOne(groupsPath+"/{group_id}", map[string]string{"group_id": id})
	}
	if !p.Args.Has("name") {
		return nil
	}
	if strings.TrimSpace(p.Args.Text("name")) == "" {
		return errors.New("name is blank: give a part of the group's name, or leave it out to list all groups")
	}
	if p.Query == nil {
		p.Query = map[string][]string{}
	}
	p.Query.Set("pageSize", "1000")
	return nil
}

// groupsNamed keeps the groups whose name holds the wanted text, and says how many were looked at.
func groupsNamed(ctx context.Context, p *rest.Plan, a *rest.Answer) (err error) {
	name := strings.TrimSpace(p.Args.Text("name"))
	if name == "" || p.Args.Text("group_id") != "" {
		return nil
	}
	a.Note = searchedOnly(ctx, a.Note, len(a.Rows), "name", name)
	a.Rows, err = namedLike(a.Rows, name, []string{"name"})
	return err
}
