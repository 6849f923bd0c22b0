package auth_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/org/zscalermcp/auth"
)

func newPolicy(t testing.TB, cfg auth.ScopePolicyConfig) *auth.ScopePolicy {
	t.Helper()
	s, err := auth.NewScopePolicy(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// who is a caller with scopes.
func who(scopes ...string) *auth.Principal {
	return &auth.Principal{Issuer: idpURL, Subject: "alice", Method: "jwt", Scopes: scopes}
}

// claiming is a caller with claims, given as JSON.
func claiming(t testing.TB, claims string) *auth.Principal {
	t.Helper()
	var members map[string]json.RawMessage
	if err := json.Unmarshal([]byte(claims), &members); err != nil {
		t.Fatal(err)
	}
	return who().WithClaims(members)
}

var (
	readLabels   = auth.Operation{Tool: "zia_list_rule_labels", Toolset: "zia_rule_labels", Service: "zia", Effect: "read"}
	createLabel  = auth.Operation{Tool: "zia_create_rule_label", Toolset: "zia_rule_labels", Service: "zia", Effect: "create"}
	deleteLabel  = auth.Operation{Tool: "zia_delete_rule_label", Toolset: "zia_rule_labels", Service: "zia", Effect: "delete"}
	readSegments = auth.Operation{Tool: "zpa_list_segments", Toolset: "zpa_segments", Service: "zpa", Effect: "read"}
)

// expectDecision checks a decision: whether it allows, and the scopes that it asks for.
func expectDecision(t *testing.T, what string, got auth.Decision, allowed bool, scopes ...string) {
	t.Helper()
	if diff := cmp.Diff(auth.Decision{Allowed: allowed, Scopes: scopes}, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// R140: every mistake at once, by its place.
func TestNewScopePolicyNamesEveryMistake(t *testing.T) {
	if _, err := auth.NewScopePolicy(auth.ScopePolicyConfig{}); err == nil {
		t.Error("no rule was taken")
	}
	_, err := auth.NewScopePolicy(auth.ScopePolicyConfig{
		Rules: []auth.ScopeRule{
			{},
			{Scope: "a", Methods: []string{"jwt"}},
			{Scope: "a", Claim: "roles", Values: []string{"x"}},
			{Scope: "two words"},
			{Scope: "ünïcode"},
			{Claim: "roles"},
			{Scope: "a", Values: []string{"x"}},
			{Scope: "a", Effects: []string{"read", "write", "Read"}},
			{Scope: "a", Toolsets: []string{"zia_[", "zia_*"}},
			{Scope: "a", Tools: []string{"*", "x*[a-", `\`}},
			{Scope: "fine", Effects: []string{"read", "create", "update", "delete"}, Services: []string{"zia"}, Tools: []string{"zia_[a-z]*"}},
		},
		Implies: map[string][]string{"self": {"self"}, "one": {"two"}, "two": {"three"}, "three": {"one"}, "fine": {"a", "b"}, "a": {"b"}},
	})
	if err == nil {
		t.Fatal("accepted")
	}
	saysAll(t, "the error", err.Error(),
		"Rules[0]: give exactly one of", "Rules[1]: give exactly one of", "Rules[2]: give exactly one of", `Rules[3]: the Scope "two words" is no`, `Rules[4]: the Scope "ünïcode" is no`,
		"Rules[5]: the Claim and its Values go together", "Rules[6]: the Claim and its Values go together", `Rules[7]: the effect "write" is not known: use read, create, update, delete`,
		`Rules[7]: the effect "Read"`, `Rules[8]: the pattern "zia_["`, `Rules[9]: the pattern "x*[a-"`, `Rules[9]: the pattern "\\"`,
		`Implies: "self" leads back to itself`, `"one" leads back to itself`, `"two" leads back to itself`, `"three" leads back to itself`)
	holdsNone(t, "the error", err.Error(), "Rules[10]", `"fine"`, `"zia_*"`)
}

// R140: what narrows a rule: all that it names, and each as the operator wrote it.
func TestScopeRuleNarrows(t *testing.T) {
	all := []auth.Operation{readLabels, createLabel, deleteLabel, readSegments}
	for name, test := range map[string]struct {
		rule auth.ScopeRule
		want []auth.Operation
	}{
		"nothing":            {auth.ScopeRule{}, all},
		"effect":             {auth.ScopeRule{Effects: []string{"read"}}, []auth.Operation{readLabels, readSegments}},
		"effects":            {auth.ScopeRule{Effects: []string{"create", "delete"}}, []auth.Operation{createLabel, deleteLabel}},
		"service":            {auth.ScopeRule{Services: []string{"zpa"}}, []auth.Operation{readSegments}},
		"service, no prefix": {auth.ScopeRule{Services: []string{"z", "zi", "ZIA", "zia*"}}, nil},
		"toolset":            {auth.ScopeRule{Toolsets: []string{"zia_rule_labels"}}, []auth.Operation{readLabels, createLabel, deleteLabel}},
		"toolsets":           {auth.ScopeRule{Toolsets: []string{"zpa_*", "zia_ru?e_labels"}}, all},
		"tool":               {auth.ScopeRule{Tools: []string{"zia_delete_rule_label"}}, []auth.Operation{deleteLabel}},
		"tools":              {auth.ScopeRule{Tools: []string{"*_list_*", "zia_[cx]*"}}, []auth.Operation{readLabels, createLabel, readSegments}},
		"part of a tool":     {auth.ScopeRule{Tools: []string{"zia_", "list", "ZIA_*"}}, nil},
		"several":            {auth.ScopeRule{Effects: []string{"read"}, Services: []string{"zia"}, Toolsets: []string{"zia_*"}, Tools: []string{"*_list_*"}}, []auth.Operation{readLabels}},
		"that exclude":       {auth.ScopeRule{Effects: []string{"read"}, Tools: []string{"*_delete_*"}}, nil},
	} {
		test.rule.Scope = "s"
		policy := newPolicy(t, auth.ScopePolicyConfig{Rules: []auth.ScopeRule{test.rule}})
		for _, op := range all {
			granted := slices.Contains(test.want, op)
			expectDecision(t, name+", "+op.Tool, policy.Permit(who("s"), op), granted)
			if granted {
				expectDecision(t, name+" without the scope, "+op.Tool, policy.Permit(who("t"), op), false, "s")
			} else {
				expectDecision(t, name+" without the scope, "+op.Tool, policy.Permit(who("t"), op), false)
			}
		}
	}
}

// D93: a scope is its exact text.
func TestScopesAreExact(t *testing.T) {
	policy := newPolicy(t, auth.ScopePolicyConfig{Rules: []auth.ScopeRule{{Scope: "zia:write"}}, Implies: map[string][]string{"admin": {"zia:write"}}})
	for _, good := range []string{"zia:write", "admin"} {
		expectDecision(t, good, policy.Permit(who("x", good), createLabel), true)
	}
	for _, scope := range []string{
		"", "ZIA:WRITE", "Zia:write", "zia:writ", "zia:write ", " zia:write", "zia:write\x00", "zia:wrıte", "zia:wrіte", "ｚｉａ:write", "zia:write\u200b", "zia:*", "*", "zia",
		"zia:write zia:read", "Admin", "ADMIN", "admin ", "àdmin",
	} {
		expectDecision(t, fmt.Sprintf("%q", scope), policy.Permit(who(scope), createLabel), false, "zia:write")
	}
	expectDecision(t, "none", policy.Permit(who(), createLabel), false, "zia:write")
}

// R140: who has the upper scope has what it implies, and what that implies; never the other way.
func TestScopeHierarchy(t *testing.T) {
	policy := newPolicy(t, auth.ScopePolicyConfig{
		Rules: []auth.ScopeRule{
			{Scope: "read", Effects: []string{"read"}},
			{Scope: "write", Effects: []string{"create"}},
			{Scope: "delete", Effects: []string{"delete"}},
		},
		Implies: map[string][]string{"root": {"admin"}, "admin": {"write", "delete"}, "write": {"read"}, "delete": {"read"}},
	})
	for scope, want := range map[string][3]bool{"root": {true, true, true}, "admin": {true, true, true}, "write": {true, true, false}, "delete": {true, false, true}, "read": {true, false, false}} {
		for i, op := range []auth.Operation{readLabels, createLabel, deleteLabel} {
			if got := policy.Permit(who("other", scope), op).Allowed; got != want[i] {
				t.Errorf("%s, %s: %v", scope, op.Tool, got)
			}
		}
	}
	expectDecision(t, "the narrowest scope is asked for", policy.Permit(who(), deleteLabel), false, "delete")
}

// R121, R142: the scope of the first rule that would help, with those that the caller has on demand.
func TestDecisionNamesTheFirstScope(t *testing.T) {
	rules := []auth.ScopeRule{
		{Claim: "roles", Values: []string{"admin"}},
		{Scope: "labels", Toolsets: []string{"zia_rule_labels"}, Effects: []string{"create"}},
		{Scope: "zia", Services: []string{"zia"}},
		{Scope: "all"},
		{Methods: []string{"stdio"}},
	}
	for granted, want := range map[bool][]string{false: {"labels"}, true: {"read", "x", "labels"}} {
		policy := newPolicy(t, auth.ScopePolicyConfig{Rules: rules, IncludeGranted: granted})
		p := who("read", "x")
		expectDecision(t, "create", policy.Permit(p, createLabel), false, want...)
		if diff := cmp.Diff([]string{"read", "x"}, p.Scopes); diff != "" {
			t.Errorf("the principal has changed: %s", diff)
		}
		expectDecision(t, "a later rule", policy.Permit(who("all"), createLabel), true)
	}
	policy := newPolicy(t, auth.ScopePolicyConfig{Rules: rules})
	expectDecision(t, "delete", policy.Permit(who(), deleteLabel), false, "zia")
	expectDecision(t, "another service", policy.Permit(who(), readSegments), false, "all")
}

// Where no scope would help, the tool is hidden: no challenge that no user could answer.
func TestRulesWithoutScopeHide(t *testing.T) {
	policy := newPolicy(t, auth.ScopePolicyConfig{IncludeGranted: true, Rules: []auth.ScopeRule{
		{Claim: "roles", Values: []string{"admin"}},
		{Methods: []string{"zscaler", "stdio"}},
		{Scope: "zpa", Services: []string{"zpa"}},
	}})
	expectDecision(t, "nothing fits", policy.Permit(who("zpa", "admin"), createLabel), false)
	expectDecision(t, "claim", policy.Permit(claiming(t, `{"roles":["admin"]}`), createLabel), true)
	for method, allowed := range map[string]bool{"zscaler": true, "stdio": true, "jwt": false, "": false, "Zscaler": false} {
		p := who()
		p.Method = method
		expectDecision(t, "method "+method, policy.Permit(p, createLabel), allowed)
	}
}

// R140, D93: a claim is one value or a list of them, at the top or below, and each is compared whole; objects grant nothing.
func TestScopeRuleClaims(t *testing.T) {
	for claim, claims := range map[string]map[string]bool{
		"groups": {
			`{"groups":["x","netops"]}`: true, `{"groups":"x netops"}`: false, `{"groups":"netops x"}`: false, `{"groups":"netops"}`: true, `{"groups":["second"]}`: true,
			`{}`: false, `{"groups":[]}`: false, `{"groups":""}`: false, `{"groups":null}`: false, `{"groups":false}`: false, `{"groups":7}`: false, `{"groups":["x netops"]}`: false,
			`{"groups":["NETOPS"]}`: false, `{"groups":["netops",7]}`: true, `{"groups":[null,7,false]}`: false, `{"groups":" netops"}`: false, `{"groups":"netops\u00a0"}`: false, `{"groups":{"netops":true}}`: false, `{"groups":[["netops"]]}`: false, `{"Groups":["netops"]}`: false,
			`{"groups":"x,netops"}`: false, `{"groups":"netops2"}`: false, `{"groups":"net\u006fps"}`: true,
		},
		"realm_access.roles": {
			`{"realm_access":{"roles":["netops"]}}`: true, `{"realm_access":{"roles":"a netops"}}`: false, `{"realm_access":{"roles":"netops"}}`: true, `{"realm_access.roles":["netops"]}`: true,
			`{"realm_access":["netops"]}`: false, `{"realm_access":{"roles":{"netops":1}}}`: false, `{"roles":["netops"]}`: false, `{"realm_access":{"Roles":["netops"]}}`: false,
			`{"realm_access":"netops"}`: false, `{"realm_access":null}`: false, `{"realm_access":{"roles":["x"],"roles":["netops"]}}`: false,
		},
		"https://acme.example/roles": {`{"https://acme.example/roles":["netops"]}`: true, `{"https://acme":{"example/roles":["netops"]}}`: true, `{"https://acme":["netops"]}`: false},
		"a.b.c":                      {`{"a":{"b":{"c":"netops"}}}`: true, `{"a":{"b.c":"netops"}}`: true, `{"a":{"b":"netops"}}`: false},
		"department":                 {`{"department":"Physical Security"}`: true, `{"department":["Physical Security"]}`: true, `{"department":"Security"}`: false, `{"department":["Physical","Security"]}`: false},
		"email_verified":             {`{"email_verified":true}`: true, `{"email_verified":"true"}`: true, `{"email_verified":false}`: false, `{"email_verified":1}`: false, `{"email_verified":{"true":true}}`: false},
		"level":                      {`{"level":3}`: true, `{"level":30}`: false, `{"level":3.5}`: false, `{"level":[2,3]}`: true},
	} {
		policy := newPolicy(t, auth.ScopePolicyConfig{Rules: []auth.ScopeRule{{Claim: claim, Values: []string{"netops", "second", "Physical Security", "true", "3"}}}})
		for text, allowed := range claims {
			expectDecision(t, claim+" in "+text, policy.Permit(claiming(t, text), createLabel), allowed)
		}
		expectDecision(t, claim+" without claims", policy.Permit(who("netops"), createLabel), false)
	}
}

// What the operator's program does with its lists later changes nothing.
func TestScopePolicyKeepsItsRules(t *testing.T) {
	list := func(words ...string) []string { return words }
	cfg := auth.ScopePolicyConfig{
		Rules: []auth.ScopeRule{
			{Scope: "labels", Effects: list("read"), Services: list("zia"), Toolsets: list("zia_*"), Tools: list("zia_list_*")},
			{Claim: "roles", Values: list("admin"), Effects: list("create")},
			{Methods: list("stdio"), Effects: list("delete")},
		},
		Implies: map[string][]string{"top": {"labels"}, "over": {"top"}},
	}
	policy := newPolicy(t, cfg)
	for i := range cfg.Rules {
		for _, words := range [][]string{cfg.Rules[i].Effects, cfg.Rules[i].Services, cfg.Rules[i].Toolsets, cfg.Rules[i].Tools, cfg.Rules[i].Values, cfg.Rules[i].Methods} {
			for j := range words {
				words[j] = "jwt"
			}
		}
		cfg.Rules[i].Scope, cfg.Rules[i].Claim = "jwt", ""
	}
	cfg.Implies["top"][0], cfg.Implies["stranger"] = "nothing", []string{"labels"}
	expectDecision(t, "rule", policy.Permit(who("labels"), readLabels), true)
	expectDecision(t, "implied", policy.Permit(who("over"), readLabels), true)
	expectDecision(t, "not implied before", policy.Permit(who("stranger", "jwt"), readLabels), false, "labels")
	expectDecision(t, "claim", policy.Permit(claiming(t, `{"roles":"admin"}`), createLabel), true)
	expectDecision(t, "method", policy.Permit(who(), deleteLabel), false)
}

// A policy is asked by all requests at once, and its answers are the asker's own.
func TestScopePolicyConcurrently(t *testing.T) {
	policy := newPolicy(t, auth.ScopePolicyConfig{
		Rules:          []auth.ScopeRule{{Scope: "read", Effects: []string{"read"}}, {Claim: "realm_access.roles", Values: []string{"netops"}}, {Scope: "write"}},
		Implies:        map[string][]string{"write": {"read"}},
		IncludeGranted: true,
	})
	shared, admin := who(append(make([]string, 0, 8), "read")...), claiming(t, `{"realm_access":{"roles":["netops"]}}`)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 200 {
				expectDecision(t, "read", policy.Permit(shared, readLabels), true)
				expectDecision(t, "claim", policy.Permit(admin, createLabel), true)
				got := policy.Permit(shared, createLabel)
				expectDecision(t, "write", got, false, "read", "write")
				got.Scopes[0] = "mine"
			}
		})
	}
	all.Wait()
}

// A function is a policy too.
func TestPolicyFunc(t *testing.T) {
	var policy auth.Policy = auth.PolicyFunc(func(p *auth.Principal, op auth.Operation) auth.Decision {
		return auth.Decision{Allowed: p.Subject == "alice" && op.Effect == "read"}
	})
	expectDecision(t, "read", policy.Permit(who(), readLabels), true)
	expectDecision(t, "create", policy.Permit(who(), createLabel), false)
}

// R140: a hierarchy of scopes is worked out in time, however many ways lead to one scope; a policy with mistakes is none.
func TestScopeHierarchyIsBounded(t *testing.T) {
	implies := map[string][]string{}
	name := func(level int, side string) string { return strings.Repeat("x", level+1) + side }
	for level := range 24 {
		for _, side := range []string{"a", "b"} {
			implies[name(level, side)] = []string{name(level+1, "a"), name(level+1, "b")}
		}
	}
	done := make(chan bool, 1)
	go func() {
		s, err := auth.NewScopePolicy(auth.ScopePolicyConfig{Rules: []auth.ScopeRule{{Scope: name(24, "b")}}, Implies: implies})
		done <- err == nil && s.Permit(who(name(0, "a")), readLabels).Allowed
	}()
	select {
	case ok := <-done:
		if !ok {
			t.Error("the lowest scope is not implied")
		}
	case <-time.After(10 * time.Second):
		t.Error("48 scopes take longer than 10 s")
	}
	if s, err := auth.NewScopePolicy(auth.ScopePolicyConfig{}); err != nil && s != nil {
		t.Error("a policy with mistakes is returned")
	}
}
