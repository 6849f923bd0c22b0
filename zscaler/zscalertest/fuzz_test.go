package zscalertest

import (
	"net/http/httptest"
	"strings"
	"testing"
)

// FuzzParseQuery: no document makes the parser panic, and what it accepts has a field.
func FuzzParseQuery(f *testing.F) {
	for _, seed := range []string{
		`query Q($a: ID!) { agents(customerId: $a, search: "x\"y", page: -1) { ... on T { n: name } } }`, `{ a }`, `query`, `query ($a: [ID!]!) { a }`, `{ a(b: [1]) }`, `{ a # c`, strings.Repeat("{a", 40),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		op, err := parseQuery(text)
		if err == nil && len(op.fields) == 0 {
			t.Errorf("%q was accepted without a field", text)
		}
	})
}

// FuzzGateway: no path and body make the gateway panic.
func FuzzGateway(f *testing.F) {
	tenant := NewTenant(Options{BaseURL: "http://tenant.example.com"})
	f.Cleanup(tenant.Close)
	token, err := tenant.tokens.issue(tenant.ClientID)
	if err != nil {
		f.Fatal(err)
	}
	zpa := strings.Replace(zpaV2, "{customer}", customerID, 1)
	f.Add("POST", "zms/graphql", `{"query":"{agents{nodes{name}}}","variables":{"a":[]}}`)
	f.Add("POST", "zia/api/v1/urlFilteringRules", `{"name":"x","order":1,"action":"BLOCK","labels":[1,null,{"id":{}}]}`)
	f.Add("PUT", "zia/api/v1/urlCategories/CUSTOM_01?action=ADD_TO_LIST", `{"configuredName":"x","urls":[null]}`)
	f.Add("POST", zpa[1:]+"/policySet/288341529047100651/rule", `{"name":"x","action":"ALLOW","conditions":[{"operands":[{"objectType":"APP","values":[1]}]}]}`)
	f.Add("POST", strings.Replace(zpa[1:], "v2", "v1", 1)+"/application", `{"name":"x","segmentGroupId":"288341529047100101","domainNames":[1],"tcpPortRange":[[]],"commonAppsDto":{"appsConfig":[1]}}`)
	f.Add("GET", "zdx/v1/apps/1/score?from=0&to=1", "")
	f.Add("POST", "zdx/v1/devices/40000003/deeptraces", `{"session_name":"S","app_id":1,"web_probe_id":[],"session_length_minutes":9}`)
	f.Add("POST", "zdx/v1/analysis", `{"device_id":{},"app_id":1,"t0":1e9}`)
	f.Add("POST", "ztw/api/v1/ipDestinationGroups", `{"name":"x","type":"DSTN_OTHER","countries":[null]}`)
	f.Add("GET", "zcc/papi/public/v1/getDevices?page=9223372036854775807&pageSize=5000", "")
	f.Add("POST", "zins/graphql", `{"query":"query($a:[Int!]!){IOT{device_stats{entries(limit:-1){total}}}}","variables":{"a":[{}]}}`)
	f.Add("POST", "zcell/config/api/v1/customers/"+zcellCustomerID+"/sims/search", `{"tag":[{}],"status":["x"],"page":1e9,"size":1}`)
	f.Add("POST", "zcell/config/api/v1/network-events/"+zcellCustomerID+"/search/startTime/1/endTime/2", `{"filterBy":[{"filterName":"tags","values":["x"]}],"sortBy":{"name":"tags"}}`)
	f.Add("GET", "easm/easm-ui/v1/organizations?offset=9223372036854775807", "")
	f.Fuzz(func(t *testing.T, method, path, body string) {
		if strings.ContainsAny(method+path, " \r\n\x00") || method == "" || method == "CONNECT" {
			return
		}
		req := httptest.NewRequest("GET", "/", strings.NewReader(body))
		target, err := req.URL.Parse("/" + path)
		if err != nil {
			return
		}
		req.Method, req.URL = method, target
		req.Header.Set("Authorization", "Bearer "+token)
		req.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		tenant.Handler().ServeHTTP(w, req)
		if w.Code == 0 || w.Code == 500 {
			t.Errorf("%s %s %s: status %d %s", method, path, body, w.Code, w.Body)
		}
	})
}
