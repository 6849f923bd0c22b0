package zscalertest_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/zscaler/zscalertest"
)

const (
	labelsPath = "/zia/api/v1/ruleLabels"
	groupsPath = "/zpa/mgmtconfig/v1/admin/customers/288341529047105536/segmentGroup"
)

func TestRateLimitForms(t *testing.T) {
	c := start(t, zscalertest.Options{})
	fail := func(path string) answer {
		c.tenant.Fail(zscalertest.Fault{PathPrefix: path, Kind: zscalertest.RateLimited, RetryAfter: 4 * time.Second})
		return c.want(429, "GET", path, "")
	}
	zia := fail(labelsPath)
	if diff := cmp.Diff(object{"message": "Rate Limit (2/SECOND) exceeded", "Retry-After": "4 seconds"}, zia.object()); diff != "" || zia.header.Get("Retry-After") != "4" {
		t.Errorf("ZIA: %q %s", zia.header.Get("Retry-After"), diff)
	}
	zpa := fail(groupsPath)
	if zpa.header.Get("Retry-After") != "4s" || zpa.object()["id"] != "invalid.toomanyrequests" {
		t.Errorf("ZPA: %q %v", zpa.header.Get("Retry-After"), zpa.object())
	}
	// The gateway's own figures do not describe the limit that was hit.
	if zpa.header.Get("X-Ratelimit-Reset") != "37" {
		t.Errorf("ZPA reset: %q", zpa.header.Get("X-Ratelimit-Reset"))
	}
	if zdx := fail("/zdx/v1/apps"); zdx.header.Get("Retry-After")+zdx.header.Get("X-Ratelimit-Reset") != "" {
		t.Errorf("ZDX gives no time: %v", zdx.header)
	}
	if zid := fail("/ziam/admin/api/v1/users"); zid.header.Get("X-Ratelimit-Reset") != "4" {
		t.Errorf("ZIdentity: %v", zid.header)
	}
	if zcc := fail("/zcc/papi/public/v1/getDevices"); zcc.header.Get("X-Rate-Limit-Retry-After-Seconds") != "4" {
		t.Errorf("ZCC: %v", zcc.header)
	}
}

func TestFaultsAreCountedAndSelected(t *testing.T) {
	c := start(t, zscalertest.Options{})
	c.tenant.Fail(zscalertest.Fault{PathPrefix: labelsPath, Method: "POST", Kind: zscalertest.EditLock, Times: 2})
	c.want(200, "GET", labelsPath, "")
	c.want(200, "GET", "/zia/api/v1/status", "")
	for range 2 {
		if a := c.want(409, "POST", labelsPath, `{"name":"x"}`); !cmp.Equal(a.object(), object{"code": "EDIT_LOCK_NOT_AVAILABLE"}) {
			t.Errorf("edit lock: %v", a.object())
		}
	}
	c.want(200, "POST", labelsPath, `{"name":"x"}`)
	c.tenant.Fail(zscalertest.Fault{Kind: zscalertest.ServerError, Times: -1})
	for range 3 {
		c.want(503, "GET", labelsPath, "")
	}
	if a := c.login(form(c.tenant)); a.status != 200 {
		t.Errorf("a fault for the gateway met the token endpoint: %d", a.status)
	}
	c.tenant.ClearFaults()
	c.want(200, "GET", labelsPath, "")
	c.tenant.Fail(zscalertest.Fault{PathPrefix: "/oauth2", Kind: zscalertest.ServerError, Status: 500})
	if a := c.login(form(c.tenant)); a.status != 500 {
		t.Errorf("token endpoint: %d, want 500", a.status)
	}
}

func TestFaultAnswers(t *testing.T) {
	c := start(t, zscalertest.Options{})
	c.tenant.Fail(zscalertest.Fault{Kind: zscalertest.Unauthorized})
	c.want(401, "GET", labelsPath, "")
	c.tenant.Fail(zscalertest.Fault{Kind: zscalertest.EmptyError})
	if a := c.want(500, "GET", labelsPath, ""); a.text != "" {
		t.Errorf("empty error: %q", a.text)
	}
	c.tenant.Fail(zscalertest.Fault{Kind: zscalertest.HTML})
	if a := c.want(200, "GET", labelsPath, ""); !strings.Contains(a.text, "<html>") || !strings.HasPrefix(a.header.Get("Content-Type"), "application/json") {
		t.Errorf("HTML: %q", a.text)
	}
	c.tenant.Fail(zscalertest.Fault{Kind: zscalertest.ServerError, Status: 502})
	if a := c.want(502, "GET", groupsPath, ""); a.object()["id"] == nil {
		t.Errorf("ZPA error: %v", a.object())
	}
	c.tenant.Fail(zscalertest.Fault{Kind: zscalertest.GraphQLError})
	if a := c.want(200, "POST", "/zms/graphql", "{}"); a.object()["errors"] == nil || a.object()["data"] != nil {
		t.Errorf("GraphQL: %v", a.object())
	}
}

func TestBrokenConnections(t *testing.T) {
	c := start(t, zscalertest.Options{})
	c.tenant.Fail(zscalertest.Fault{Kind: zscalertest.Truncated})
	resp, err := c.send("GET", labelsPath, "")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	half, err := io.ReadAll(resp.Body)
	if !errors.Is(err, io.ErrUnexpectedEOF) || len(half) == 0 {
		t.Errorf("truncated: %d bytes, %v", len(half), err)
	}
	c.tenant.Fail(zscalertest.Fault{Method: "POST", Kind: zscalertest.DropConnection})
	if _, err := c.send("POST", labelsPath, `{"name":"dropped"}`); err == nil {
		t.Error("a dropped connection gave an answer")
	}
	if rows := c.want(200, "GET", labelsPath+"?search=dropped", "").list(); len(rows) != 0 {
		t.Error("the dropped request was carried out")
	}
}

func TestSlowAnswersEndWithTheTenant(t *testing.T) {
	tenant := zscalertest.NewTenant(zscalertest.Options{EditLockDelay: time.Hour})
	c := &client{t: t, tenant: tenant}
	c.token = text(c.login(form(tenant)).object()["access_token"])
	tenant.Fail(zscalertest.Fault{Kind: zscalertest.Slow, Delay: 20 * time.Millisecond})
	began := time.Now()
	c.want(200, "GET", labelsPath, "")
	if took := time.Since(began); took < 20*time.Millisecond {
		t.Errorf("slow answer after %v", took)
	}
	tenant.Fail(zscalertest.Fault{Kind: zscalertest.EditLock})
	done := make(chan struct{})
	go func() {
		defer close(done)
		if resp, err := c.send("GET", labelsPath, ""); err == nil {
			resp.Body.Close()
		}
	}()
	for len(tenant.Requests()) < 2 {
		time.Sleep(time.Millisecond)
	}
	tenant.Close()
	tenant.Close()
	<-done
}
