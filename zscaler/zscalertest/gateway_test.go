package zscalertest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/zscaler/zscalertest"
)

func TestRouteMissIsTextThatClaimsToBeJSON(t *testing.T) {
	c := start(t, zscalertest.Options{})
	for _, path := range []string{"/zia/api/v1/nonsense", "/", "/zpa"} {
		a := c.want(404, "GET", path, "")
		if a.value != nil && !strings.HasPrefix(a.text, "404") || !strings.HasPrefix(a.header.Get("Content-Type"), "application/json") {
			t.Errorf("%s: %q under %q", path, a.text, a.header.Get("Content-Type"))
		}
	}
	c.want(404, "DELETE", "/zia/api/v1/ruleLabels", "")
}

func TestGatewayHeaders(t *testing.T) {
	c := start(t, zscalertest.Options{})
	zia := c.want(200, "GET", "/zia/api/v1/status", "").header
	zid := c.want(200, "GET", "/ziam/admin/api/v1/users", "").header
	if zia.Get("X-Zscaler-Mode") != "read-write" || zid.Get("X-Zscaler-Mode") != "" {
		t.Error("x-zscaler-mode is for ZIA only")
	}
	if zia.Get("X-Ratelimit-Limit") != "5000, 5000;w=60" || zid.Get("X-Ratelimit-Limit") != "500, 500;w=1, 20000;w=60" {
		t.Errorf("x-ratelimit-limit: %q and %q", zia.Get("X-Ratelimit-Limit"), zid.Get("X-Ratelimit-Limit"))
	}
	if id := zia.Get("X-Oneapi-Request-Id"); id == "" || id == zid.Get("X-Oneapi-Request-Id") {
		t.Error("every answer needs a request id of its own")
	}
}

// The gateway resolves dot segments, so an unescaped "../" of a careless client does damage here too.
func TestDotSegmentsReachAnotherResource(t *testing.T) {
	c := start(t, zscalertest.Options{})
	req := httptest.NewRequest("DELETE", "/zia/api/v1/urlFilteringRules/../ruleLabels/2401001", nil)
	req.Header.Set("Authorization", "Bearer "+c.token)
	w := httptest.NewRecorder()
	c.tenant.Handler().ServeHTTP(w, req)
	if w.Code != 204 {
		t.Fatalf("status %d", w.Code)
	}
	c.want(404, "GET", "/zia/api/v1/ruleLabels/2401001", "")
	// Escaped as one segment it is only an odd id, and harms nothing.
	c.want(404, "GET", "/zia/api/v1/urlCategories/..%2FruleLabels%2F2401002", "")
	c.want(200, "GET", "/zia/api/v1/ruleLabels/2401002", "")
	// An empty id addresses the collection.
	if rows := c.want(200, "GET", "/zia/api/v1/ruleLabels/", "").list(); len(rows) != 7 {
		t.Errorf("%d rows", len(rows))
	}
}

func TestBodiesNeedJSON(t *testing.T) {
	c := start(t, zscalertest.Options{})
	req, err := http.NewRequest("POST", c.tenant.GatewayURL()+"/zia/api/v1/ruleLabels", strings.NewReader(`{"name":"x"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if a := read(t, resp); a.status != 415 || a.text != "" {
		t.Errorf("no content type: %d %q", a.status, a.text)
	}
	c.want(413, "POST", "/zia/api/v1/ruleLabels", `"`+strings.Repeat("x", 1<<20)+`"`)
	c.wantCode(400, "INVALID_INPUT_ARGUMENT", "POST", "/zia/api/v1/ruleLabels", `{"name":"x"} {}`)
	c.wantCode(400, "INVALID_INPUT_ARGUMENT", "POST", "/zia/api/v1/ruleLabels", `null`)
	c.want(200, "POST", "/zia/api/v1/ruleLabels", `{"name":"x"}`)
}

func TestRequestsAreRecordedWithoutCredentials(t *testing.T) {
	c := start(t, zscalertest.Options{})
	c.want(200, "GET", "/zia/api/v1/ruleLabels?search=a%20b", "")
	c.want(200, "POST", "/zia/api/v1/urlLookup", `["example.com"]`)
	c.token = ""
	c.want(401, "GET", "/zdx/v1/apps", "")
	var got []string
	for _, r := range c.tenant.Requests() {
		got = append(got, r.Method+" "+r.Path+" "+r.RawQuery+" "+string(r.Body))
		if r.Header.Get("Authorization") != "" || r.Header.Get("User-Agent") == "" {
			t.Errorf("header %v", r.Header)
		}
	}
	want := []string{"GET /zia/api/v1/ruleLabels search=a%20b ", `POST /zia/api/v1/urlLookup  ["example.com"]`, "GET /zdx/v1/apps  "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func TestRecordingIsBounded(t *testing.T) {
	tenant := zscalertest.NewTenant(zscalertest.Options{BaseURL: "http://tenant.example.com/"})
	defer tenant.Close()
	if tenant.GatewayURL() != "http://tenant.example.com" || tenant.TokenURL() != "http://tenant.example.com/oauth2/v1/token" {
		t.Errorf("URLs %s %s", tenant.GatewayURL(), tenant.TokenURL())
	}
	for range 600 {
		body := strings.NewReader(strings.Repeat("x", 100<<10))
		tenant.Handler().ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/zia", body))
	}
	got := tenant.Requests()
	if len(got) != 512 || len(got[0].Body) != 64<<10 {
		t.Errorf("%d requests with %d bytes", len(got), len(got[0].Body))
	}
}

func TestEmptyTenant(t *testing.T) {
	c := start(t, zscalertest.Options{Empty: true})
	if rows := c.want(200, "GET", "/zia/api/v1/ruleLabels", "").list(); len(rows) != 0 {
		t.Errorf("labels: %v", rows)
	}
	if rows := c.want(200, "GET", "/zia/api/v1/urlCategories", "").list(); len(rows) != 6 {
		t.Errorf("%d predefined categories", len(rows))
	}
	if rows := c.want(200, "GET", "/zdx/v1/apps", "").list(); len(rows) != 0 {
		t.Errorf("apps: %v", rows)
	}
}

func TestConcurrentUse(t *testing.T) {
	c := start(t, zscalertest.Options{})
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			for n := range 5 {
				c.tenant.Fail(zscalertest.Fault{PathPrefix: "/zdx", Kind: zscalertest.RateLimited})
				resp, err := c.send("POST", "/zia/api/v1/ruleLabels", fmt.Sprintf(`{"name":"L %d %d"}`, worker, n))
				if err != nil {
					t.Error(err)
					return
				}
				resp.Body.Close()
				for _, path := range []string{"/zia/api/v1/ruleLabels", "/zdx/v1/apps", "/zpa/x"} {
					if resp, err := c.send("GET", path, ""); err == nil {
						resp.Body.Close()
					}
				}
				c.tenant.Requests()
			}
		})
	}
	wg.Wait()
	if rows := c.want(200, "GET", "/zia/api/v1/ruleLabels", "").list(); len(rows) != 48 {
		t.Errorf("%d labels, want 48", len(rows))
	}
}
