package zpa_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// samples are arguments, and what each is on the wire where that is not the argument itself.
var samples = map[string]struct{ arg, wire string }{
	"name":                      {`"A <b> & c"`, ""},
	"description":               {`"d"`, ""},
	"enabled":                   {`false`, ""},
	"microtenant_id":            {`"288341529047139712"`, ""},
	"search":                    {`" \"web app\" "`, `"name+EQ+web app"`},
	"page":                      {`3`, ""},
	"page_size":                 {`500`, ""},
	"group_id":                  {`"288341529047100001"`, ""},
	"segment_id":                {`"288341529047100002"`, ""},
	"rule_id":                   {`"288341529047100003"`, ""},
	"segment_group_id":          {`"288341529047100001"`, ""},
	"domain_names":              {`["a.example.com"]`, ""},
	"server_group_ids":          {`["288341529047100009"]`, `[{"id":"288341529047100009"}]`},
	"tcp_port_ranges":           {`["443","443"]`, ""},
	"udp_port_ranges":           {`["53","53"]`, ""},
	"advanced":                  {`{"bypass_type":"NEVER","is_incomplete_dr_config":true,"big":288341529047105537}`, `{"bypassType":"NEVER","isIncompleteDRConfig":true,"big":288341529047105537}`},
	"clientless_app_ids":        {`[{"domain":"a.example.com","application_port":"443"}]`, `[{"domain":"a.example.com","applicationPort":"443"}]`},
	"common_apps_dto":           {`{"apps_config":[]}`, `{"appsConfig":[]}`},
	"application_type":          {`"INSPECT"`, ""},
	"expand_all":                {`true`, ""},
	"action_type":               {`"allow"`, `"ALLOW"`},
	"app_connector_group_ids":   {`["1"]`, `[{"id":"1"}]`},
	"app_server_group_ids":      {`["2"]`, `[{"id":"2"}]`},
	"zpn_isolation_profile_id":  {`"3"`, ""},
	"zpn_inspection_profile_id": {`"4"`, ""},
	"custom_msg":                {`"again"`, ""},
	"reauth_timeout":            {`"-1"`, ""},
	"reauth_idle_timeout":       {`"900"`, ""},
	"conditions":                {`[{"operator":"AND","operands":[{"objectType":"CLIENT_TYPE","values":["zpn_client_type_zapp"]}]}]`, ""},
}

// differs are the places where a request differs from the reference on purpose. See docs/differences.md.
var differs = map[string]struct{ arg, place string }{
	// clientlessAppIds is no member of the API.
	"zpa_create_application_segment_ba": {"clientless_app_ids", "clientlessApps"},
	"zpa_update_application_segment_ba": {"clientless_app_ids", "clientlessApps"},
}

// TestParityRequests calls every tool with every argument and compares the request that does the work
// with the one that the reference's table gives.
func TestParityRequests(t *testing.T) {
	for _, ref := range parity(t) {
		t.Run(ref.Name, func(t *testing.T) {
			d := newTape(nil)
			b := newBench(t, d)
			args := map[string]json.RawMessage{}
			for _, p := range ref.Params {
				args[p.Name] = json.RawMessage(samples[p.Name].arg)
			}
			data, err := json.Marshal(args)
			if err != nil {
				t.Fatal(err)
			}
			b.must(ref.Name, string(data))
			call := ref.Calls[len(ref.Calls)-1]
			got := d.last(t, call.Method)
			path, query, body := expected(t, ref.Name, call, args)
			if diff := cmp.Diff(path, got.Path); diff != "" {
				t.Errorf("path (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(query, got.Query); diff != "" {
				t.Errorf("query (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(body, decode(t, string(got.Body))); diff != "" {
				t.Errorf("body (-want +got):\n%s", diff)
			}
		})
	}
}

// expected makes the request of a call from the reference's table.
func expected(t *testing.T, name string, call parityCall, args map[string]json.RawMessage) (path string, query url.Values, body any) {
	t.Helper()
	path = strings.ReplaceAll(call.Path, "{policy_set_id}", "288341529047105001")
	members := map[string]any{}
	for arg, place := range call.Args {
		wire := samples[arg].wire
		if wire == "" {
			wire = samples[arg].arg
		}
		if d := differs[name]; d.arg == arg {
			place.API = d.place
		}
		for _, p := range append([]parityArg{place}, place.Also...) {
			value := decode(t, wire)
			switch {
			case p.When != "":
			case p.In == "path":
				path = strings.ReplaceAll(path, "{"+p.API+"}", value.(string))
			case p.In == "query":
				if query == nil {
					query = url.Values{}
				}
				query.Set(p.API, plain(value))
			case p.API == "*":
				for key, member := range value.(map[string]any) {
					members[key] = member
				}
			default:
				member, _, _ := strings.Cut(p.API, "[]")
				members[member] = value
			}
		}
	}
	if call.Method == "GET" || call.Method == "DELETE" {
		return path, query, nil
	}
	if strings.Contains(name, "timeout_policy") {
		members["action"] = "RE_AUTH"
	}
	if strings.HasSuffix(name, "app_protection_rule") { // the reference ignores both
		query = url.Values{"microtenantId": {"288341529047139712"}}
		members["conditions"] = decode(t, samples["conditions"].arg)
	}
	return path, query, members
}

func plain(v any) string {
	switch v := v.(type) {
	case bool:
		if v {
			return "true"
		}
		return "false"
	case json.Number:
		return v.String()
	}
	return v.(string)
}
