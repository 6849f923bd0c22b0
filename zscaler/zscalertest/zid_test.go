package zscalertest_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/zscaler/zscalertest"
)

const zidUsers = "/ziam/admin/api/v1/users"

func records(a answer) []any { l, _ := a.object()["records"].([]any); return l }

func TestZIdentityPages(t *testing.T) {
	c := start(t, zscalertest.Options{})
	first := c.want(200, "GET", zidUsers+"?limit=20", "")
	o := first.object()
	if len(records(first)) != 20 || text(o["results_total"]) != "30" || text(o["totalRecord"]) != "30" || o["prev_link"] != "" {
		t.Errorf("first page: %d records of %v", len(records(first)), o["results_total"])
	}
	// The link names another host and leaves out the service prefix.
	if link := text(o["next_link"]); strings.HasPrefix(link, c.tenant.GatewayURL()) || strings.Contains(link, "/ziam") || !strings.Contains(link, "offset=20") {
		t.Errorf("next_link %s", link)
	}
	last := c.want(200, "GET", zidUsers+"?limit=20&offset=20", "")
	if len(records(last)) != 10 || last.object()["next_link"] != "" {
		t.Errorf("last page: %d records, next %v", len(records(last)), last.object()["next_link"])
	}
	c.want(200, "GET", zidUsers+"?limit=1000", "")
	c.want(400, "GET", zidUsers+"?limit=1001", "")
	c.want(400, "GET", zidUsers+"?offset=-1", "")
}

func TestZIdentityFilters(t *testing.T) {
	c := start(t, zscalertest.Options{})
	for query, want := range map[string]int{
		"loginname[like]=ada": 1, "loginName[like]=ADA": 1, "displayname[like]=mar": 3, "primaryemail[like]=@acme": 26, "domainname=contractor.example.org": 4,
		"loginname=ada.moreau@acme.example.com": 1, "loginname=ada": 0, "idpname=Acme Identity": 20, "search=ada": 30,
	} {
		key, value, _ := strings.Cut(query, "=")
		a := c.want(200, "GET", zidUsers+"?"+url.Values{key: {value}}.Encode(), "")
		if got := len(records(a)); got != want {
			t.Errorf("%s: %d records, want %d", query, got, want)
		}
	}
	if got := records(c.want(200, "GET", "/ziam/admin/api/v1/groups?excludedynamicgroups=true", "")); len(got) != 4 {
		t.Errorf("groups: %v", names(got, "name"))
	}
	if got := records(c.want(200, "GET", "/ziam/admin/api/v1/groups?name%5Blike%5D=engin", "")); len(got) != 1 {
		t.Errorf("groups: %v", names(got, "name"))
	}
}

func TestZIdentityUser(t *testing.T) {
	c := start(t, zscalertest.Options{})
	ada, _ := records(c.want(200, "GET", zidUsers+"?limit=1", ""))[0].(object)
	path := zidUsers + "/" + text(ada["id"])
	if diff := cmp.Diff(ada, c.want(200, "GET", path, "").object()); diff != "" || len(text(ada["id"])) != 13 {
		t.Errorf("user %s", diff)
	}
	groups := records(c.want(200, "GET", path+"/groups", ""))
	if diff := cmp.Diff([]string{"All staff", "Finance", "Administrators"}, names(groups, "name")); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
	admins := records(c.want(200, "GET", "/ziam/admin/api/v1/groups/"+names(groups, "id")[2]+"/users", ""))
	if diff := cmp.Diff([]string{"Ada Moreau", "Elena Rossi"}, names(admins, "displayName")); diff != "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
	if got := c.want(200, "GET", path+"/service-entitlements", "").list(); len(got) != 2 {
		t.Errorf("service entitlements: %v", got)
	}
	if got := c.want(200, "GET", path+"/admin-entitlements", "").list(); len(got) != 1 {
		t.Errorf("admin entitlements: %v", got)
	}
	for _, missing := range []string{zidUsers + "/x", zidUsers + "/x/groups", zidUsers + "/x/admin-entitlements", "/ziam/admin/api/v1/groups/x", "/ziam/admin/api/v1/groups/x/users"} {
		c.wantCode(404, "RESOURCE_NOT_FOUND", "GET", missing, "")
	}
}
