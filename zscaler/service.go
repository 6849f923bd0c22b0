package zscaler

import (
	"net/http"
	"strings"
	"time"
)

// A Service is one of the products behind the OneAPI gateway. The empty Service stands for a path
// whose product this package has no rules for; its calls follow the cautious defaults.
type Service string

// The services of the gateway that this package has rules for.
const (
	ZIA   Service = "zia"   // Internet Access
	ZPA   Service = "zpa"   // Private Access
	ZDX   Service = "zdx"   // Digital Experience
	ZCC   Service = "zcc"   // Client Connector
	ZTW   Service = "ztw"   // Cloud and Branch Connector
	ZID   Service = "zid"   // ZIdentity
	ZINS  Service = "zins"  // Z-Insights (GraphQL)
	ZMS   Service = "zms"   // Microsegmentation (GraphQL)
	ZCell Service = "zcell" // Cellular
	ZEASM Service = "zeasm" // External Attack Surface Management
)

// TokenService names the token endpoint in errors. It has no path under the gateway.
const TokenService Service = "token"

// A policy is all that differs between services: where they live, how they page, wrap rows, report
// failure, limit callers and lock.
type policy struct {
	service   Service
	prefix    string
	envelopes []envelope                  // tried in order on an object; an array needs none
	pagers    []pager                     // the first is the default
	limit     Limit                       // published request rates; zero is none
	wait429   time.Duration               // shortest wait after a 429 that names none
	busy      func(e *APIError) bool      // refused, nothing done: repeat any method
	failure   func(body []byte) *APIError // failure reported in a 2xx body
	lone      bool                        // a list answer may be one row, without array and envelope
	lock      func(path string) string    // name of the lock that a write takes, "" for none
	sessions  bool                        // answers 401 SESSION_NOT_VALID now and then
}

// policies is the one table of the services' differences (never modified).
var policies = []policy{
	{
		service: ZIA, prefix: "/zia/",
		pagers: []pager{
			{page: "page", size: "pageSize", first: 1, defaultSize: 100, maxSize: 1000},
			{page: "pageNumber", size: "limit", first: 1, defaultSize: 1000, maxSize: 1000},
		},
		limit: Limit{Read: Rate{PerSecond: 2, Burst: 2}, Write: Rate{PerSecond: 1, Burst: 1}, PerEndpoint: true},
		busy:  ziaBusy, lock: lockAll("zia"), sessions: true,
	},
	{
		service: ZPA, prefix: "/zpa/",
		envelopes: []envelope{{rows: "list", total: "totalCount", pages: "totalPages", mayLack: true}},
		pagers:    []pager{{page: "page", size: "pagesize", first: 1, defaultSize: 20, maxSize: 500}},
		limit:     Limit{Read: Rate{PerSecond: 2, Burst: 20}, Write: Rate{PerSecond: 1, Burst: 10}},
		busy:      zpaBusy, lock: lockPolicySets,
	},
	{
		service: ZDX, prefix: "/zdx/",
		envelopes: []envelope{
			{rows: "devices", token: "next_offset", offsetParam: "offset"},
			{rows: "users", token: "next_offset", offsetParam: "offset"},
			{rows: "alerts", token: "next_offset", offsetParam: "offset"},
			{rows: "software", token: "next_offset", offsetParam: "offset"},
			{rows: "items", token: "next_offset", offsetParam: "offset"},
		},
		pagers:  []pager{{page: "offset", size: "limit", opaque: true}},
		wait429: 2 * time.Second,
	},
	{
		service: ZCC, prefix: "/zcc/",
		envelopes: []envelope{
			{rows: "items", total: "total", offset: "offset", offsetParam: "skip"},
			{rows: "trustedNetworkContracts", total: "totalCount"}, {rows: "policies", total: "totalCount"},
			{rows: "customAppContracts", total: "totalCount"}, {rows: "appServiceContracts", total: "totalCount"},
			{rows: "appIdentities", total: "totalCount"},
		},
		pagers: []pager{
			{page: "page", size: "pageSize", first: 1, defaultSize: 50, maxSize: 5000},
			{page: "skip", size: "perPage", byRows: true},
		},
		limit:   Limit{Read: Rate{PerSecond: 100.0 / 3600, Burst: 100}, Write: Rate{PerSecond: 100.0 / 3600, Burst: 100}},
		failure: zccFailure,
	},
	{
		service: ZTW, prefix: "/ztw/",
		pagers: []pager{{page: "page", size: "pageSize", first: 1, defaultSize: 100, maxSize: 1000}},
		busy:   ziaBusy, lock: lockAll("ztw"), sessions: true,
	},
	{
		service: ZID, prefix: "/ziam/",
		envelopes: []envelope{{rows: "records", total: "results_total", offset: "pageOffset", offsetParam: "offset"}},
		pagers:    []pager{{page: "offset", size: "limit", byRows: true, defaultSize: 100, maxSize: 1000}},
	},
	{
		service: ZINS, prefix: "/zins/",
		envelopes: []envelope{{rows: "entries"}},
		failure:   graphQLFailure,
	},
	{
		service: ZMS, prefix: "/zms/",
		envelopes: []envelope{{rows: "nodes", info: "pageInfo", total: "totalCount", pages: "totalPages", number: "pageNumber"}},
		failure:   graphQLFailure,
	},
	{
		service: ZCell, prefix: "/zcell/",
		envelopes: []envelope{{rows: "content", total: "totalElements", pages: "totalPages"}},
		pagers:    []pager{{page: "page", size: "size", first: 0, defaultSize: 10, maxSize: 100}},
		lone:      true,
	},
	{
		service: ZEASM, prefix: "/easm/",
		envelopes: []envelope{{rows: "results", total: "total_results", link: "next_link"}},
		pagers:    []pager{{page: "offset", byRows: true}},
	},
}

// ServiceOf returns the service that owns an absolute path under the gateway, or "" when this
// package has no rules for it.
func ServiceOf(path string) Service {
	for i := range policies {
		if strings.HasPrefix(path, policies[i].prefix) {
			return policies[i].service
		}
	}
	return ""
}

// Services returns the services that this package has rules for, in a stable order.
func Services() []Service {
	all := make([]Service, len(policies))
	for i := range policies {
		all[i] = policies[i].service
	}
	return all
}

// policyOf returns the row of the table, or the cautious default.
func policyOf(s Service) *policy {
	for i := range policies {
		if policies[i].service == s {
			return &policies[i]
		}
	}
	return &policy{}
}

// GraphQL reports whether the service answers GraphQL: failures arrive with status 200.
func (s Service) GraphQL() bool { return s == ZINS || s == ZMS }

// isWrite reports whether req may change the tenant.
func isWrite(req *Request) bool {
	return req.Method != http.MethodGet && req.Method != http.MethodHead && !req.Safe
}

// lockAll serialises every write of a service that has one edit lock per organisation.
func lockAll(name string) func(string) string {
	return func(string) string { return name }
}

// lockPolicySets serialises changes of ZPA policy rules, which fail when they overlap.
func lockPolicySets(path string) string {
	if strings.Contains(path, "/policySet") {
		return "zpa-policy"
	}
	return ""
}
