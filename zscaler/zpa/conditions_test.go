package zpa_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sentConditions creates a rule with the conditions and returns those that were sent.
func sentConditions(t *testing.T, kind, conditions string) (sent any, failure string) {
	t.Helper()
	d := canned(nil)
	args := `{"name":"r","action_type":"bypass"`
	if conditions != "" {
		args += `,"conditions":` + conditions
	}
	b := newBench(t, d)
	_, failure = b.call(t, "zpa_create_"+kind, args+"}")
	if failure != "" {
		for _, req := range b.Requests() {
			t.Errorf("refused, but sent %s %s before", req.Method, req.Path)
		}
		return nil, failure
	}
	return b.Last(t, "POST").Body.(map[string]any)["conditions"], ""
}

func quoted(t *testing.T, text string) string {
	t.Helper()
	data, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

const exporterOnly = `[{"operator":"OR","operands":[{"objectType":"CLIENT_TYPE","values":["zpn_client_type_exporter"]}]}]`

// TestConditionsAccepted is the forms of the conditions argument and what the v2 API is sent for them.
func TestConditionsAccepted(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"absent":        {``, `[]`},
		"null":          {`null`, `[]`},
		"empty list":    {`[]`, `[]`},
		"empty text":    {`""`, `[]`},
		"JSON null":     {`" null "`, `[]`},
		"operator kept": {`[{"operator":"and","operands":[{"objectType":"posture","entryValues":[{"lhs":"u1","rhs":"true"},{"lhs":"u2","rhs":"true"}]}]}]`, `[{"operator":"AND","operands":[{"objectType":"POSTURE","entryValues":[{"lhs":"u1","rhs":"true"},{"lhs":"u2","rhs":"true"}]}]}]`},
		"operator kept with values": {
			`[{"operator":"AND","operands":[{"objectType":"CLIENT_TYPE","values":["a","b"]}]}]`,
			`[{"operator":"AND","operands":[{"objectType":"CLIENT_TYPE","values":["a","b"]}]}]`},
		"operator kept with bare sides": {
			`[{"operator":"AND","operands":[{"objectType":"POSTURE","lhs":"u1","rhs":true},{"objectType":"POSTURE","lhs":"u2","rhs":"false"}]}]`,
			`[{"operator":"AND","operands":[{"objectType":"POSTURE","entryValues":[{"lhs":"u1","rhs":"true"},{"lhs":"u2","rhs":"false"}]}]}]`},
		"operator kept with platforms": {
			`[{"operator":"AND","operands":[{"objectType":"PLATFORM","entryValues":[{"lhs":"linux","rhs":"true"}]}]}]`,
			`[{"operator":"AND","operands":[{"objectType":"PLATFORM","entryValues":[{"lhs":"linux","rhs":"true"}]}]}]`},
		"negated kept": {
			`[{"operator":"OR","negated":true,"operands":[{"objectType":"COUNTRY_CODE","values":["DE"]}]}]`,
			`[{"operator":"OR","negated":true,"operands":[{"objectType":"COUNTRY_CODE","entryValues":[{"lhs":"DE","rhs":"true"}]}]}]`},
		"snake case and numbers": {
			`[{"operands":[{"object_type":"SCIM_GROUP","entry_values":[{"lhs":288341529047105537,"rhs":36}]}]}]`,
			`[{"operator":"OR","operands":[{"objectType":"SCIM_GROUP","entryValues":[{"lhs":"288341529047105537","rhs":"36"}]}]}]`},
		"v1 shape, as listed": {
			`[{"id":"1","operator":"OR","negated":false,"operands":[{"id":"2","name":"crm","objectType":"APP","lhs":"id","rhs":"288341529047105537","creationTime":"1"},{"objectType":"APP_GROUP","lhs":"id","rhs":"9"},{"objectType":"APP","lhs":"id","rhs":"8"}]}]`,
			`[{"operator":"OR","negated":false,"operands":[{"objectType":"APP","values":["288341529047105537","8"]},{"objectType":"APP_GROUP","values":["9"]}]}]`},
		"separate conditions stay separate": {
			`[{"operands":[{"objectType":"APP","values":["1"]}]},{"operands":[{"objectType":"APP_GROUP","values":["2"]}]}]`,
			`[{"operator":"OR","operands":[{"objectType":"APP","values":["1"]}]},{"operator":"OR","operands":[{"objectType":"APP_GROUP","values":["2"]}]}]`},
		"types that cannot share are ANDed": {
			`[{"operator":"AND","operands":[{"objectType":"APP","values":["1"]},{"objectType":"SCIM_GROUP","entryValues":[["i","g"]]},{"objectType":"APP_GROUP","values":"2"}]}]`,
			`[{"operator":"AND","operands":[{"objectType":"APP","values":["1"]},{"objectType":"APP_GROUP","values":["2"]}]},{"operator":"AND","operands":[{"objectType":"SCIM_GROUP","entryValues":[{"lhs":"i","rhs":"g"}]}]}]`},
		"companions share": {
			`[{"operator":"OR","operands":[{"objectType":"SCIM","entryValues":[["h","v"]]},{"objectType":"SCIM_GROUP","entryValues":[["i","g"]]}]}]`,
			`[{"operator":"OR","operands":[{"objectType":"SCIM","entryValues":[{"lhs":"h","rhs":"v"}]},{"objectType":"SCIM_GROUP","entryValues":[{"lhs":"i","rhs":"g"}]}]}]`},
		"unknown type as read": {
			`[{"operator":"OR","operands":[{"objectType":"NEW_KIND","lhs":"id","rhs":"7","id":"3"}]}]`,
			`[{"operator":"OR","operands":[{"objectType":"NEW_KIND","lhs":"id","rhs":"7"}]}]`},
		"pairs": {
			`[["saml",[["a","v"]]],["app_group",["2"]],["app",["1","1"]],["AND",["posture",[["u1",true],["u2",false]]]],["or",["client_type",["zapp"]]],["platform",["linux",["mac","true"]]]]`,
			`[{"operator":"OR","operands":[{"objectType":"APP_GROUP","values":["2"]},{"objectType":"APP","values":["1"]}]},
			  {"operator":"OR","operands":[{"objectType":"CLIENT_TYPE","values":["zapp"]}]},
			  {"operator":"OR","operands":[{"objectType":"SAML","entryValues":[{"lhs":"a","rhs":"v"}]}]},
			  {"operator":"AND","operands":[{"objectType":"POSTURE","entryValues":[{"lhs":"u1","rhs":"true"},{"lhs":"u2","rhs":"false"}]}]},
			  {"operator":"OR","operands":[{"objectType":"PLATFORM","entryValues":[{"lhs":"linux","rhs":"true"},{"lhs":"mac","rhs":"true"}]}]}]`},
		"pairs of one type and two operators": {
			`[["posture",[["u1",true]]],["AND",["posture",[["u2",true]]]],["POSTURE",[["u3",true]]]]`,
			`[{"operator":"OR","operands":[{"objectType":"POSTURE","entryValues":[{"lhs":"u1","rhs":"true"},{"lhs":"u3","rhs":"true"}]}]},
			  {"operator":"AND","operands":[{"objectType":"POSTURE","entryValues":[{"lhs":"u2","rhs":"true"}]}]}]`},
	} {
		t.Run(name, func(t *testing.T) {
			forms := map[string]string{"list": c.in}
			if strings.HasPrefix(c.in, "[") {
				forms["text"] = quoted(t, c.in)
			}
			for form, in := range forms {
				got, failure := sentConditions(t, "forwarding_policy_rule", in)
				if failure != "" {
					t.Fatalf("%s: %s", form, failure)
				}
				if diff := cmp.Diff(decode(t, c.want), got); diff != "" {
					t.Errorf("%s (-want +sent):\n%s", form, diff)
				}
			}
		})
	}
}

// TestConditionsRefused is mistakes: the error names the place and what is allowed there. The second
// member is the nearest input that is accepted.
func TestConditionsRefused(t *testing.T) {
	const app = `{"objectType":"APP","values":["1"]}`
	for name, c := range map[string]struct{ in, neighbour, place, says string }{
		"an object":         {`{"operands":[` + app + `]}`, `[{"operands":[` + app + `]}]`, "conditions: ", "must be a list"},
		"no JSON":           {`"[APP"`, `"[]"`, "conditions: ", "not JSON"},
		"text in text":      {quoted(t, quoted(t, `[]`)), quoted(t, `[]`), "conditions: ", "must be a list"},
		"a bare word":       {`["app"]`, `[["app","1"]]`, "conditions[0]: ", "operands"},
		"operator":          {`[{"operator":"XOR","operands":[` + app + `]}]`, `[{"operator":"or","operands":[` + app + `]}]`, "conditions[0].operator: ", "AND or OR"},
		"member":            {`[{"operatr":"AND","operands":[` + app + `]}]`, `[{"operands":[` + app + `]}]`, `conditions[0]: `, `"operatr"`},
		"negated":           {`[{"negated":"yes","operands":[` + app + `]}]`, `[{"negated":true,"operands":[` + app + `]}]`, "conditions[0].negated: ", "true or false"},
		"no operands":       {`[{"operator":"OR","operands":[]}]`, `[{"operator":"OR","operands":[` + app + `]}]`, "conditions[0].operands: ", "at least one"},
		"second operand":    {`[{"operands":[` + app + `]},{"operands":[` + app + `,{"objectType":"APPS","values":["1"]}]}]`, `[{"operands":[` + app + `,{"objectType":"APP_GROUP","values":["1"]}]}]`, "conditions[1].operands[1].objectType: ", "SCIM_GROUP"},
		"operand member":    {`[{"operands":[{"objectType":"APP","value":["1"]}]}]`, `[{"operands":[` + app + `]}]`, "conditions[0].operands[0]: ", "entryValues"},
		"no values":         {`[{"operands":[{"objectType":"APP"}]}]`, `[{"operands":[` + app + `]}]`, "conditions[0].operands[0]: ", "application segment id"},
		"empty value":       {`[{"operands":[{"objectType":"APP","values":[""]}]}]`, `[{"operands":[` + app + `]}]`, "conditions[0].operands[0].values[0]: ", "values: "},
		"null value":        {`[{"operands":[{"objectType":"APP","values":[null]}]}]`, `[{"operands":[{"objectType":"APP","values":[1]}]}]`, "conditions[0].operands[0].values[0]: ", ""},
		"pair for a value":  {`[{"operands":[{"objectType":"APP","entryValues":[{"lhs":"x","rhs":"1"}]}]}]`, `[{"operands":[{"objectType":"APP","entryValues":[{"lhs":"id","rhs":"1"}]}]}]`, "conditions[0].operands[0].entryValues[0]: ", "values: "},
		"value for a pair":  {`[{"operands":[{"objectType":"SCIM_GROUP","values":["1"]}]}]`, `[{"operands":[{"objectType":"SCIM_GROUP","values":[["1","2"]]}]}]`, "conditions[0].operands[0].values[0]: ", "IdP id"},
		"flat pair":         {`[["platform",["linux","true"]]]`, `[["platform",[["linux","true"]]]]`, "conditions[0][1][1]: ", "entryValues"},
		"lhs alone":         {`[{"operands":[{"objectType":"SAML","lhs":"1"}]}]`, `[{"operands":[{"objectType":"SAML","lhs":"1","rhs":"2"}]}]`, "conditions[0].operands[0].rhs: ", "attribute value"},
		"both spellings":    {`[{"operands":[{"objectType":"APP","object_type":"APP","values":["1"]}]}]`, `[{"operands":[{"object_type":"APP","values":["1"]}]}]`, "conditions[0].operands[0]: ", "object_type"},
		"OR of strangers":   {`[{"operator":"OR","operands":[` + app + `,{"objectType":"LOCATION","values":["1"]}]}]`, `[{"operator":"AND","operands":[` + app + `,{"objectType":"LOCATION","values":["1"]}]}]`, "conditions[0]: ", "condition of its own"},
		"negated strangers": {`[{"operator":"AND","negated":true,"operands":[` + app + `,{"objectType":"LOCATION","values":["1"]}]}]`, `[{"operator":"AND","negated":false,"operands":[` + app + `,{"objectType":"LOCATION","values":["1"]}]}]`, "conditions[0]: ", "negated AND"},
		"pair type":         {`[["apps",["1"]]]`, `[["App",["1"]]]`, "conditions[0][0]: ", "app_group"},
		"pair length":       {`[["app"]]`, `[["app","1"]]`, "conditions[0]: ", "[type, values]"},
		"pair values":       {`[["AND",["app",[]]]]`, `[["AND",["app",["1"]]]]`, "conditions[0][1][1]: ", "at least one"},
	} {
		t.Run(name, func(t *testing.T) {
			_, failure := sentConditions(t, "forwarding_policy_rule", c.in)
			if !strings.Contains(failure, c.place) || !strings.Contains(failure, c.says) {
				t.Errorf("refused with %q, want %q and %q", failure, c.place, c.says)
			}
			if _, failure := sentConditions(t, "forwarding_policy_rule", c.neighbour); failure != "" {
				t.Errorf("the neighbour is refused: %s", failure)
			}
		})
	}
}

// TestIsolationRulesAreLimitedToBrowsers: an isolation rule without a client type gets the exporter's.
func TestIsolationRulesAreLimitedToBrowsers(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"none":         {``, exporterOnly},
		"other types":  {`[["app",["1"]]]`, `[{"operator":"OR","operands":[{"objectType":"APP","values":["1"]}]},` + exporterOnly[1:]},
		"own type":     {`[["client_type",["zapp"]]]`, `[{"operator":"OR","operands":[{"objectType":"CLIENT_TYPE","values":["zapp"]}]}]`},
		"own exporter": {exporterOnly, exporterOnly},
	} {
		t.Run(name, func(t *testing.T) {
			got, failure := sentConditions(t, "isolation_policy_rule", c.in)
			if failure != "" {
				t.Fatal(failure)
			}
			if diff := cmp.Diff(decode(t, c.want), got); diff != "" {
				t.Errorf("(-want +sent):\n%s", diff)
			}
		})
	}
}
