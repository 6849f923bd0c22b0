package zscaler_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/zscaler"
)

func TestHostsOfClouds(t *testing.T) {
	for cloud, want := range map[string][2]string{
		"":           {"acme.zslogin.net", "api.zsapi.net"},
		"Production": {"acme.zslogin.net", "api.zsapi.net"},
		"beta":       {"acme.zsloginbeta.net", "api.beta.zsapi.net"},
		"ALPHA":      {"acme.zsloginalpha.net", "api.alpha.zsapi.net"},
		"gov":        {"acme.zidentitygov.net", "api.zscalergov.net"},
		"GovUS":      {"acme.zidentitygov.us", "api.zscalergov.us"},
	} {
		f := &fake{answer: replies(is(200, "[]"))}
		c := newClient(t, f, func(cfg *zscaler.Config) { cfg.Credentials.Cloud = cloud })
		if _, err := do(t, c, get("/zia/api/v1/ruleLabels")); err != nil {
			t.Fatal(err)
		}
		got := [2]string{
			strings.TrimSuffix(strings.TrimPrefix(f.tokenRequests()[0].url, "https://"), "/oauth2/v1/token"),
			strings.TrimSuffix(strings.TrimPrefix(f.sent()[0].url, "https://"), "/zia/api/v1/ruleLabels"),
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("cloud %q: %s", cloud, diff)
		}
	}
}

// TestConfigMistakes changes one member of a good configuration at a time; the message must name the
// field and its variable.
func TestConfigMistakes(t *testing.T) {
	type config = zscaler.Config
	for name, test := range map[string]struct {
		change func(*config)
		want   []string // nil: accepted
	}{
		"good":                 {func(*config) {}, nil},
		"no vanity domain":     {func(c *config) { c.Credentials.VanityDomain = "" }, []string{"VanityDomain", "ZSCALER_VANITY_DOMAIN"}},
		"vanity domain a host": {func(c *config) { c.Credentials.VanityDomain = "acme.zslogin.net" }, []string{"one DNS label"}},
		"vanity domain escape": {func(c *config) { c.Credentials.VanityDomain = "evil.example/x?" }, []string{"one DNS label"}},
		"vanity hyphen ends":   {func(c *config) { c.Credentials.VanityDomain = "acme-" }, []string{"one DNS label"}},
		"vanity hyphen inside": {func(c *config) { c.Credentials.VanityDomain = "a-1" }, nil},
		"no client id":         {func(c *config) { c.Credentials.ClientID = "" }, []string{"ClientID", "ZSCALER_CLIENT_ID"}},
		"no secret, no key":    {func(c *config) { c.Credentials.ClientSecret = "" }, []string{"ZSCALER_CLIENT_SECRET", "ZSCALER_PRIVATE_KEY"}},
		"ZIA cloud":            {func(c *config) { c.Credentials.Cloud = "zscalertwo" }, []string{"ZSCALER_CLOUD", "ZIA cloud", "production"}},
		"ZIA cloud zscloud":    {func(c *config) { c.Credentials.Cloud = "ZSCloud" }, []string{"ZIA cloud"}},
		"cloud escape":         {func(c *config) { c.Credentials.Cloud = "x.example" }, []string{"one word"}},
		"customer id a name":   {func(c *config) { c.Credentials.CustomerID = "../acme" }, []string{"ZSCALER_CUSTOMER_ID", "numeric"}},
		"no customer id":       {func(c *config) { c.Credentials.CustomerID = "" }, nil},
		"zcell customer":       {func(c *config) { c.Credentials.ZCellCustomerID = "a/b" }, []string{"ZCELL_CUSTOMER_ID"}},
		"microtenant":          {func(c *config) { c.Credentials.MicrotenantID = "all" }, []string{"ZPA_MICROTENANT_ID"}},
		"partner id":           {func(c *config) { c.Credentials.PartnerID = "a\r\nb" }, []string{"ZSCALER_PARTNER_ID"}},
		"user agent":           {func(c *config) { c.UserAgent = "a\nb" }, []string{"UserAgent"}},
		"negative timeout":     {func(c *config) { c.Timeout = -time.Second }, []string{"Timeout"}},
		"negative attempts":    {func(c *config) { c.MaxAttempts = -1 }, []string{"MaxAttempts"}},
		"http token":           {func(c *config) { c.Endpoints.TokenURL = "http://10.0.0.1/token" }, []string{"ZSCALER_ONEAPI_TOKEN_URL", "https"}},
		"http gateway":         {func(c *config) { c.Endpoints.GatewayURL = "http://127.0.0.1.example.com" }, []string{"ZSCALER_ONEAPI_GATEWAY_URL", "https"}},
		"http loopback":        {func(c *config) { c.Endpoints.GatewayURL = "http://127.8.0.1:8080" }, nil},
		"http loopback 6":      {func(c *config) { c.Endpoints.GatewayURL = "http://[::1]:8080" }, nil},
		"http mapped loopback": {func(c *config) { c.Endpoints.GatewayURL = "http://[::ffff:127.0.0.1]" }, nil},
		"http localhost":       {func(c *config) { c.Endpoints.GatewayURL = "http://LocalHost:1" }, nil},
		"https elsewhere":      {func(c *config) { c.Endpoints.GatewayURL = "https://proxy.example/oneapi/" }, nil},
		"gateway with user":    {func(c *config) { c.Endpoints.GatewayURL = "https://u:p@proxy.example" }, []string{"must not have a user"}},
		"gateway with query":   {func(c *config) { c.Endpoints.GatewayURL = "https://proxy.example?x=1" }, []string{"query"}},
		"gateway relative":     {func(c *config) { c.Endpoints.GatewayURL = "proxy.example" }, []string{"absolute URL"}},
		"gateway ftp":          {func(c *config) { c.Endpoints.GatewayURL = "ftp://localhost" }, []string{"https"}},
	} {
		cfg := testConfig(&fake{})
		test.change(&cfg)
		_, err := zscaler.New(cfg)
		if (err != nil) != (test.want != nil) {
			t.Errorf("%s: error %v", name, err)
			continue
		}
		for _, part := range test.want {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %q does not say %q", name, err, part)
			}
		}
	}
}

func TestConfigMistakesComeTogether(t *testing.T) {
	_, err := zscaler.New(zscaler.Config{Credentials: zscaler.Credentials{Cloud: "zscloud", PrivateKey: "/no/such/key"}, MaxWait: -1})
	if err == nil {
		t.Fatal("an empty configuration is accepted")
	}
	for _, part := range []string{"ZSCALER_CLOUD", "ZSCALER_VANITY_DOMAIN", "ZSCALER_CLIENT_ID", "ZSCALER_PRIVATE_KEY", "MaxWait"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q does not name %s", err, part)
		}
	}
}

func TestReplacedEndpoints(t *testing.T) {
	f := &fake{answer: replies(is(200, "[]"))}
	c := newClient(t, f, func(cfg *zscaler.Config) {
		cfg.Credentials.VanityDomain = "" // not needed when both hosts are replaced
		cfg.Endpoints = zscaler.Endpoints{
			TokenURL: "http://127.0.0.1:1/x/oauth2/v1/token", GatewayURL: "https://proxy.example/oneapi/",
		}
	})
	if _, err := do(t, c, get("/zia/api/v1/ruleLabels")); err != nil {
		t.Fatal(err)
	}
	if got := f.tokenRequests()[0].url; got != "http://127.0.0.1:1/x/oauth2/v1/token" {
		t.Error(got)
	}
	if got := f.sent()[0].url; got != "https://proxy.example/oneapi/zia/api/v1/ruleLabels" {
		t.Error(got)
	}
}

func TestSetting(t *testing.T) {
	c := newClient(t, &fake{})
	if v, err := c.Setting(zscaler.CustomerID); err != nil || v != "216196257331281920" {
		t.Error(v, err)
	}
	if v, err := c.Setting(zscaler.MicrotenantID); err != nil || v != "" {
		t.Error(v, err)
	}
	_, err := c.Setting(zscaler.ZCellCustomerID)
	if err == nil || !strings.Contains(err.Error(), "ZCELL_CUSTOMER_ID") {
		t.Error(err)
	}
	if _, err := c.Setting("other"); err == nil {
		t.Error("an unknown setting is answered")
	}
}

// TestInjectedClientIsNotChanged: the redirect policy is set on a copy.
func TestInjectedClientIsNotChanged(t *testing.T) {
	hc := &http.Client{Transport: &fake{}}
	cfg := testConfig(nil)
	cfg.HTTPClient = hc
	if _, err := zscaler.New(cfg); err != nil {
		t.Fatal(err)
	}
	if hc.CheckRedirect != nil {
		t.Error("the caller's client has been changed")
	}
}
