package zia_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

// One tool lists, narrows and gets: the requests that each way makes, and the rows that come of it.
func TestPeople(t *testing.T) {
	w := suite.Open(t, nil)
	for _, test := range []struct {
		tool    string
		args    args
		rows    string // names
		request string
	}{
		{"get_zia_users", args{"user_id": "2402202", "name": "x", "page": 3}, "[Ben Okafor]", "/users/2402202"},
		{"get_zia_users", args{"dept": "finance", "group": "admin"}, "[Ada Moreau]", "/users?dept=finance&group=admin"},
		{"get_zia_users", args{"page": 2, "page_size": 3}, "[David Novak Elena Rossi Farid Haddad]", "/users?page=2&pageSize=3"},
		{"get_zia_users", args{"user_id": "", "name": "greta"}, "[Greta Berg]", "/users?name=greta"},
		{"get_zia_user_departments", args{"search": "oslo"}, "[Engineering]", "/departments?search=oslo"},
		{"get_zia_user_departments", args{"search": "oslo", "limit_search": true}, "[]", "/departments?limitSearch=true&search=oslo"},
		{"get_zia_user_departments", args{"action": "read_lite", "sort_by": "name", "sort_order": "asc"}, "[Finance Engineering Sales]", "/departments?sortBy=name&sortOrder=asc"},
		{"get_zia_user_departments", args{"department_id": "2402002"}, "[Engineering]", "/departments/2402002"},
		{"get_zia_user_departments", args{"department_id": "2402002", "action": "read_lite", "search": "x"}, "[Engineering]", "/departments/lite/2402002"},
		{"get_zia_user_groups", args{"group_id": "2402103", "name": "all"}, "[Administrators]", "/groups/2402103"},
		{"get_zia_user_groups", args{"search": "staff"}, "[All staff Contractors]", "/groups?search=staff"},
		{"get_zia_user_groups", args{"name": " STAFF "}, "[All staff]", "/groups?pageSize=1000"},
		{"get_zia_user_groups", args{"name": "admin", "page": 1, "page_size": 10, "search": "staff"}, "[]", "/groups?page=1&pageSize=1000&search=staff"},
	} {
		w.Forget()
		withQuery := args{"query": "[].name"}
		for name, value := range test.args {
			withQuery[name] = value
		}
		names, ok := paritytest.JSON(t, w.Must(t, test.tool, withQuery)).([]any)
		if !ok || fmt.Sprint(names) != test.rows || w.Lines() != "GET /zia/api/v1"+test.request {
			t.Errorf("%s %v: %v after %s, want %s after %s", test.tool, test.args, names, w.Lines(), test.rows, test.request)
		}
	}
	if text := w.Must(t, "get_zia_user_departments", args{"department_id": "2402002", "action": "read_lite"}); strings.Contains(text, "comments") {
		t.Errorf("the short form is %s", text)
	}
}

func TestPeopleRefusals(t *testing.T) {
	w := suite.Open(t, nil)
	for _, test := range []struct {
		tool string
		args args
		want string
	}{
		{"get_zia_user_groups", args{"name": "  "}, "name is blank"},
		{"get_zia_user_groups", args{"name": ""}, "name is blank"},
		{"get_zia_users", args{"user_id": "../groups"}, "is not an id"},
		{"get_zia_users", args{"user_id": "99999999"}, "status 404"},
		{"get_zia_users", args{"page_size": 0}, "page_size"}, {"get_zia_users", args{"page_size": 1001}, "page_size"},
		{"get_zia_user_groups", args{"page_size": 1001}, "page_size"}, {"get_zia_user_departments", args{"page_size": 0}, "page_size"},
		{"get_zia_user_departments", args{"sort_by": "mod_time"}, "sort_by"}, {"get_zia_user_departments", args{"action": "list"}, "action"},
	} {
		refused(t, w, test.tool, test.args, test.want)
	}
	w.Must(t, "get_zia_users", args{"page_size": 1})
	w.Must(t, "get_zia_users", args{"page_size": 1000})
	w.Must(t, "get_zia_user_groups", args{"sort_by": "mod_time"})
}

// Only one page of groups is compared with a name, and that is told, with the way to all.
func TestGroupsBeyondTheFirstPage(t *testing.T) {
	rows := make([]string, 1000)
	for i := range rows {
		rows[i] = fmt.Sprintf(`{"id":%d,"name":"Team %d"}`, i+1, i+1)
	}
	w := suite.Open(t, paritytest.Paths(map[string]string{"GET /zia/api/v1/groups": "[" + strings.Join(rows, ",") + "]"}))
	text := w.Must(t, "get_zia_user_groups", args{"name": "team 77"})
	if !strings.Contains(text, "Only the first 1000 were searched by name") || !strings.Contains(text, "Team 777") || strings.Contains(text, "Team 600") {
		t.Errorf("the answer is %s", text)
	}
}

func TestDevicesAndWorkloads(t *testing.T) {
	w := suite.Open(t, nil)
	for _, test := range []struct {
		tool       string
		args       args
		expression string
		want       string
		request    string
	}{
		{"zia_list_devices", args{"user_ids": []string{"2402201", "2402203"}, "page_size": 1, "page": 2}, "[].hostName", "chloe-mba-01", "/deviceGroups/devices?page=2&pageSize=1&userIds=2402201&userIds=2402203"},
		{"zia_list_devices", args{"name": "hugo", "include_all": true}, "[].osType", "ANDROID_OS", "/deviceGroups/devices?includeAll=true&name=hugo"},
		{"zia_list_devices", args{"name": "", "user_ids": []string{}, "include_all": false}, "length(@)", "7", "/deviceGroups/devices?includeAll=false"},
		{"zia_list_devices_lite", nil, "[0].ownerName", "Ada Moreau", "/deviceGroups/devices/lite"},
		{"zia_list_device_groups", args{"include_pseudo_groups": true, "include_device_info": true}, "[?groupType=='CBI'].deviceCount", "0", "/deviceGroups?includeDeviceInfo=true&includePseudoGroups=true"},
		{"zia_list_workload_groups", args{"page": 2, "page_size": 2}, "[0].name", "Databases", "/workloadGroups?page=2&pageSize=2"},
		{"zia_list_workload_groups", args{"page": 0, "page_size": 0}, "[0].name", "Web servers", "/workloadGroups"},
	} {
		w.Forget()
		if got := w.First(t, test.tool, test.args, test.expression); got != test.want || w.Lines() != "GET /zia/api/v1"+test.request {
			t.Errorf("%s %v: %s after %s", test.tool, test.args, got, w.Lines())
		}
	}
	if got := w.Member(t, "zia_get_workload_group", args{"group_id": "2403302"}, "expressionJson"); !strings.Contains(got, "GroupName") {
		t.Errorf("the expression is %s", got)
	}
	refused(t, w, "zia_get_workload_group", args{"group_id": "99999999"}, "status 404")
}
