package rest_test

import (
	"strings"
	"testing"

	"github.com/org/zscalermcp/internal/bubble"
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type converted struct {
	Upper  any `json:"upper,omitempty" in:"body=v|upper"`
	Text   any `json:"string,omitempty" in:"body=v|string"`
	Int    any `json:"int,omitempty" in:"body=v|int"`
	State  any `json:"state,omitempty" in:"body=v|state"`
	Filter any `json:"zpa_filter,omitempty" in:"body=v|zpa_filter"`
	List   any `json:"list,omitempty" in:"body=v|list"`
	Camel  any `json:"camel,omitempty" in:"body=v|camel"`
	Hours  any `json:"hours_ago,omitempty" in:"body=v|hours_ago;body=to|now"`
	Days   any `json:"days_ago,omitempty" in:"body=v|days_ago"`
}

// TestConversions: the value on the wire, or the refusal, that each word behind the bar gives.
func TestConversions(t *testing.T) {
	tl := rest.Create[converted]("x", "POST /a", "d")
	for _, tc := range []struct{ conversion, value, want string }{
		{"upper", `"block"`, `"BLOCK"`}, {"upper", `["ch","us"]`, `["CH","US"]`}, {"upper", `1`, "must be a string or a list of strings"}, {"upper", `["a",1]`, "must be a string or a list of strings"},
		{"string", `443`, `"443"`}, {"string", `9007199254740993`, `"9007199254740993"`}, {"string", `"x"`, `"x"`},
		{"string", `true`, `"true"`}, {"string", `[1]`, "must be a string, number or boolean"},
		{"int", `"12"`, `12`}, {"int", `12`, `12`}, {"int", `["9007199254740993",7]`, `[9007199254740993,7]`}, {"int", `["x"]`, "must be a list of whole numbers"}, {"int", `[["1"]]`, "must be a list of whole numbers"}, {"int", `"0x1"`, "must be a whole number"}, {"int", `"007"`, "must be a whole number"},
		{"state", `true`, `"ENABLED"`}, {"state", `false`, `"DISABLED"`}, {"state", `1`, "must be true or false"},
		{"zpa_filter", `" web "`, `"name+EQ+web"`}, {"zpa_filter", `"\"web one\""`, `"name+EQ+web one"`},
		{"zpa_filter", `"name+contains+web"`, `"name+contains+web"`}, {"zpa_filter", `"a+b"`, `"name+EQ+a+b"`},
		{"zpa_filter", `"+EQ"`, `"name+EQ++EQ"`}, {"zpa_filter", `"\""`, `"name+EQ+\""`}, {"zpa_filter", `"  "`, "nothing"},
		{"zpa_filter", `5`, "must be a string"},
		{"list", `"A"`, `["A"]`}, {"list", `"[\"A\", \"B\"]"`, `["A", "B"]`}, {"list", `"[A"`, `["[A"]`}, {"list", `""`, `[""]`},
		{"list", `["A"]`, "must be a string"}, {"list", `1`, "must be a string"},
		{"camel", `{"sort_by":{"field_name":1.0}}`, `{"sortBy":{"fieldName":1.0}}`}, {"camel", `[{"mcc":1}]`, `[{"MCC":1}]`},
		{"camel", `"a_b"`, `"a_b"`}, {"camel", `{"a":[{"b_c":1,"bC":2}]}`, `member "bC" is given twice`}, {"camel", `{"a":[{"b_c":1,"bC":1}]}`, `{"a":[{"bC":1}]}`},
		{"hours_ago", `2`, "946677600"}, {"hours_ago", `"2"`, "946677600"}, {"hours_ago", `-1`, "must be a whole number from 0 on"},
		{"hours_ago", `1.5`, "must be a whole number"}, {"hours_ago", `99999999999999999999`, "must be a whole number"},
		{"days_ago", `1`, "946598400"},
	} {
		bubble.Test(t, func(t *testing.T) { // the clock stands at 2000-01-01
			var f tenant
			_, err := f.call(t, tl, `{"`+tc.conversion+`":`+tc.value+`}`)
			var got string
			switch {
			case err != nil:
				got = err.Error()
				if !strings.Contains(got, `argument "`+tc.conversion+`": `+tc.want) {
					t.Errorf("%s of %s: error %s, want %s", tc.conversion, tc.value, got, tc.want)
				}
				return
			case tc.want == "nothing":
				got, tc.want = f.requests[0], "POST /a {}"
			case tc.conversion == "hours_ago":
				got, tc.want = f.requests[0], `POST /a {"to":946684800,"v":`+tc.want+`}`
			default:
				got, tc.want = f.requests[0], `POST /a {"v":`+tc.want+`}`
			}
			if got != tc.want {
				t.Errorf("%s of %s: %s, want %s", tc.conversion, tc.value, got, tc.want)
			}
		})
	}
}

// TestConversionPlaces: in a query the epoch seconds are digits, and paths take conversions too.
func TestConversionPlaces(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		tl := rest.Read[struct {
			Since int `json:"since" in:"query=from|hours_ago;path=to|now"`
		}]("x", "GET /a/{to}", "d")
		var f tenant
		if _, err := f.call(t, tl, `{"since":1}`); err != nil {
			t.Fatal(err)
		}
		if want := "GET /a/946684800?from=946681200"; f.requests[0] != want {
			t.Errorf("request %s, want %s", f.requests[0], want)
		}
	})
}

// TestUnsetIsSentAsItIs: the conversion is for what the caller sends.
func TestUnsetIsSentAsItIs(t *testing.T) {
	tl := rest.Read[struct {
		Dir string `json:"dir,omitempty" in:"query=dir|upper" unset:"\"none\""`
	}]("x", "GET /a", "d")
	for arguments, want := range map[string]string{`{}`: "GET /a?dir=none", `{"dir":"asc"}`: "GET /a?dir=ASC"} {
		var f tenant
		if _, err := f.call(t, tl, arguments); err != nil {
			t.Fatal(err)
		}
		if f.requests[0] != want {
			t.Errorf("%s: request %s, want %s", arguments, f.requests[0], want)
		}
	}
}

func advanced(rules string) tool.Tool {
	return rest.Create[struct {
		Advanced map[string]any `json:"advanced" in:"body=*|zia_advanced"`
	}]("x", "POST /zia/api/v1/"+rules, "d")
}

// TestZIAAdvanced: JSON texts are decoded, ids become references, nulls go, the rest is renamed.
func TestZIAAdvanced(t *testing.T) {
	for _, tc := range []struct{ rules, value, want string }{
		{"webDlpRules", `{"locations":["1",2,{"id":3,"name":"x"}],"service_ids":[4],"auditor":5,"file_types":"[\"PDF\"]","min_size":null}`,
			`{"auditor":{"id":5},"fileTypes":["PDF"],"locations":[{"id":1},{"id":2},{"id":3,"name":"x"}],"services":[{"id":4}]}`},
		{"webDlpRules", `{"url_categories":["1"],"dlp_engines":"[\"7\"]"}`, `{"dlpEngines":[{"id":7}],"urlCategories":[{"id":1}]}`},
		{"urlFilteringRules", `{"url_categories":"[\"CUSTOM_01\"]"}`, `{"urlCategories":["CUSTOM_01"]}`},
		{"sslInspectionRules", `{"url_categories":["X"]}`, `{"urlCategories":["X"]}`},
		{"fileTypeRules", `{"url_categories":["X"]}`, `{"urlCategories":["X"]}`},
		{"sandboxRules", `{"url_categories":["X"]}`, `{"urlCategories":["X"]}`},
		{"webDlpRules", `{"protocols":"not a list","cbi_profile":{"profile_seq":1},"users":[]}`, `{"cbiProfile":{"profileSeq":1},"protocols":"not a list","users":[]}`},
	} {
		var f tenant
		if _, err := f.call(t, advanced(tc.rules), `{"advanced":`+tc.value+`}`); err != nil {
			t.Fatal(err)
		}
		if want := "POST /zia/api/v1/" + tc.rules + " " + tc.want; f.requests[0] != want {
			t.Errorf("advanced %s:\n got %s\nwant %s", tc.value, f.requests[0], want)
		}
	}
	var f tenant
	if _, err := f.call(t, advanced("webDlpRules"), `{"advanced":"x"}`); err == nil || !strings.Contains(err.Error(), `argument "advanced": must be an object`) {
		t.Errorf("advanced as text: %v", err)
	}
}

func TestCamel(t *testing.T) {
	for name, want := range map[string]string{
		"page_size": "pageSize", "name": "name", "alreadyCamel": "alreadyCamel", "Upper": "Upper", "DEST_ip": "destIp",
		"surrogate_ip": "surrogateIP", "ipv6_enabled": "ipV6Enabled", "show_eunatp": "showEUNATP", "mod_uid": "modUId",
		"re_auth_timeout": "reauthTimeout", "eci": "ECI", "dns_resolution_on_transparent_proxy_ipv6_apps": "dnsResolutionOnTransparentProxyIPv6Apps",
		"_id": "Id", "a__b": "aB", "a_": "a", "": "", "ß_é": "ßÉ",
	} {
		if got := rest.Camel(name); got != want {
			t.Errorf("Camel(%q) = %q, want %q", name, got, want)
		}
	}
}

// FuzzCamel: a wire name has no underscore, and is its own wire name.
func FuzzCamel(f *testing.F) {
	for _, seed := range []string{"page_size", "surrogate_ip", "_", "a__b", "eci", "É_é", "\xff_\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		wire := rest.Camel(name)
		if strings.Contains(wire, "_") {
			t.Fatalf("Camel(%q) = %q", name, wire)
		}
		if name != strings.ToLower(name) && !strings.Contains(name, "_") && wire != name {
			t.Fatalf("the wire name %q became %q", name, wire)
		}
	})
}

// TestSnakeServices: ZDX names are snake_case on the wire and stay.
func TestSnakeServices(t *testing.T) {
	tl := rest.Create[struct {
		Probe map[string]any `json:"probe" in:"body=*"`
	}]("x", "POST /zdx/v1/devices", "d")
	var f tenant
	if _, err := f.call(t, tl, `{"probe":{"session_name":"x"}}`); err != nil {
		t.Fatal(err)
	}
	if want := `POST /zdx/v1/devices {"session_name":"x"}`; f.requests[0] != want {
		t.Errorf("request %s, want %s", f.requests[0], want)
	}
}
