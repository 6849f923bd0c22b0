package zpa_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestUpdateKeepsTheSegment renames every application segment with each of the update tools: ports,
// applications, server groups and all else stay.
func TestUpdateKeepsTheSegment(t *testing.T) {
	b := newBench(t, nil)
	seen := 0
	for _, microtenant := range []string{"", b.Tenant.MicrotenantID} {
		for _, kind := range []string{"", "_ba", "_pra"} {
			for _, segment := range rows(t, b.must(t, "zpa_list_application_segments"+kind, args(t, map[string]any{"microtenant_id": microtenant}))) {
				in := map[string]any{"segment_id": text(segment["id"]), "microtenant_id": microtenant}
				before := b.must(t, "zpa_get_application_segment"+kind, args(t, in))
				in["name"] = text(segment["name"]) + "!"
				written := b.must(t, "zpa_update_application_segment"+kind, args(t, in))
				want := []string{"name"}
				if fields(t, before)["udpPortRanges"] != nil && fields(t, before)["udpPortRange"] == nil {
					want = append(want, "udpPortRange") // the tenant answers both styles from then on
				}
				changed(t, before, written, want...)
				seen++
			}
		}
	}
	if seen != 39 {
		t.Errorf("%d updates, want three of each of the 13 seeded segments", seen)
	}
}

// TestUpdateKeepsTheGroup changes one member of a segment group after the other.
func TestUpdateKeepsTheGroup(t *testing.T) {
	b := newBench(t, nil)
	const id = `"group_id":"288341529047100101"`
	before := b.must(t, "zpa_get_segment_group", `{`+id+`}`)
	for member, change := range map[string]string{"name": `"name":"n"`, "description": `"description":""`, "enabled": `"enabled":false`} {
		after := b.must(t, "zpa_update_segment_group", `{`+id+`,`+change+`}`)
		changed(t, before, after, member)
		before = after
	}
	if applications := rowsOf(t, fields(t, before)["applications"]); len(applications) == 0 {
		t.Error("the group has lost its applications")
	}
}

// TestSegmentGroupLife creates a group and deletes it; one that is in use is not deleted.
func TestSegmentGroupLife(t *testing.T) {
	b := newBench(t, nil)
	created := fields(t, b.must(t, "zpa_create_segment_group", `{"name":"new","microtenant_id":"`+b.Tenant.MicrotenantID+`"}`))
	if string(created["enabled"]) != "true" || text(created["microtenantId"]) != b.Tenant.MicrotenantID {
		t.Errorf("created %v", created)
	}
	if _, failure := b.call(t, "zpa_delete_segment_group", `{"group_id":"288341529047100101"}`); !strings.Contains(failure, "resource.in.use") {
		t.Errorf("deleting a group in use: %q", failure)
	}
	b.must(t, "zpa_delete_segment_group", args(t, map[string]any{"group_id": text(created["id"]), "microtenant_id": b.Tenant.MicrotenantID}))
}

const bothStyles = `{"id":"288341529047100002","name":"n","tcpPortRanges":["443","443"],"tcpPortRange":[{"from":"443","to":"443"}],
	"udpPortRanges":["53","53"],"udpPortRange":[{"from":"53","to":"53"}]}`

// TestPortsInOneStyle: an update sends one style of ports, the caller's, and keeps those that it omits.
func TestPortsInOneStyle(t *testing.T) {
	for name, c := range map[string]struct{ current, in, want string }{
		"omitted":           {bothStyles, `"name":"m"`, `{"tcpPortRanges":["443","443"],"udpPortRanges":["53","53"]}`},
		"tcp only":          {bothStyles, `"tcp_port_ranges":["80","81"]`, `{"tcpPortRanges":["80","81"],"udpPortRanges":["53","53"]}`},
		"cleared":           {bothStyles, `"tcp_port_ranges":[]`, `{"tcpPortRanges":[],"udpPortRanges":["53","53"]}`},
		"objects":           {bothStyles, `"advanced":{"tcp_port_range":[{"from":"80","to":"81"}]}`, `{"tcpPortRange":[{"from":"80","to":"81"}],"udpPortRange":[{"from":"53","to":"53"}]}`},
		"flat by advanced":  {bothStyles, `"advanced":{"tcpPortRanges":["80","81"]}`, `{"tcpPortRanges":["80","81"],"udpPortRanges":["53","53"]}`},
		"read as objects":   {`{"id":"1","udpPortRange":[{"from":"1","to":"2"},{"from":"3","to":"4"}]}`, `"tcp_port_ranges":["80","81"]`, `{"tcpPortRanges":["80","81"],"udpPortRanges":["1","2","3","4"]}`},
		"read as flat list": {`{"id":"1","udpPortRanges":["1","2","3","4"]}`, `"advanced":{"tcp_port_range":[]}`, `{"tcpPortRange":[],"udpPortRange":[{"from":"1","to":"2"},{"from":"3","to":"4"}]}`},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, canned(map[string]string{"GET /application/288341529047100002": c.current, "PUT ": ""}))
			b.must(t, "zpa_update_application_segment", `{"segment_id":"288341529047100002",`+c.in+`}`)
			got := map[string]any{}
			for member, value := range b.Last(t, "PUT").Body.(map[string]any) {
				if strings.Contains(member, "PortRange") {
					got[member] = value
				}
			}
			if diff := cmp.Diff(decode(t, c.want), any(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestSegmentsRefused is calls that are refused before a write, each with its lawful neighbour.
func TestSegmentsRefused(t *testing.T) {
	const create = `{"name":"a","segment_group_id":"1"`
	for name, c := range map[string]struct{ tool, args, neighbour, says string }{
		"no ports":       {"zpa_create_application_segment", create + `}`, create + `,"udp_port_ranges":["1","2"]}`, "needs ports"},
		"empty ports":    {"zpa_create_application_segment", create + `,"tcp_port_ranges":[]}`, create + `,"advanced":{"tcp_port_range":[{"from":"1","to":"2"}]}}`, "needs ports"},
		"half a pair":    {"zpa_create_application_segment", create + `,"tcp_port_ranges":["443"]}`, create + `,"tcp_port_ranges":["443","443"]}`, "pairs"},
		"two styles":     {"zpa_create_application_segment_ba", create + `,"tcp_port_ranges":["1","2"],"advanced":{"udp_port_range":[{"from":"1","to":"2"}]}}`, create + `,"tcp_port_ranges":["1","2"],"udp_port_ranges":["1","2"]}`, "one style"},
		"apps a list":    {"zpa_create_application_segment_ba", create + `,"advanced":{"common_apps_dto":[]}}`, create + `,"advanced":{"common_apps_dto":{}}}`, "apps_config"},
		"app no object":  {"zpa_create_application_segment_pra", create + `,"common_apps_dto":{"apps_config":["x"]}}`, create + `,"common_apps_dto":{"apps_config":[{}]}}`, "list of objects"},
		"app null":       {"zpa_create_application_segment_pra", create + `,"common_apps_dto":{"apps_config":[null]}}`, create + `,"common_apps_dto":{"apps_config":null}}`, "list of objects"},
		"clientless":     {"zpa_create_application_segment_ba", create + `,"advanced":{"clientless_app_ids":["7"]}}`, create + `,"advanced":{"clientless_app_ids":[{"domain":"a"}]}}`, "list of objects"},
		"another object": {"zpa_delete_application_segment", `{"segment_id":"1/../2"}`, `{"segment_id":"1"}`, "segment_id"},
		"kind of app":    {"get_zpa_app_segments_by_type", `{"application_type":"inspect"}`, `{"application_type":"INSPECT"}`, "application_type"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, canned(nil))
			if _, failure := b.call(t, c.tool, c.args); !strings.Contains(failure, c.says) {
				t.Errorf("refused with %q, want %q", failure, c.says)
			}
			if len(b.Requests()) > 0 {
				t.Errorf("sent %s %s", b.Requests()[0].Method, b.Requests()[0].Path)
			}
			b.must(t, c.tool, c.neighbour)
		})
	}
}

// TestExpandAllIsLowerCase, its default included.
func TestExpandAllIsLowerCase(t *testing.T) {
	b := newBench(t, canned(nil))
	b.must(t, "get_zpa_app_segments_by_type", `{"application_type":"INSPECT"}`)
	if got := b.Last(t, "GET").Query.Encode(); got != "applicationType=INSPECT&expandAll=false" {
		t.Errorf("query %s", got)
	}
}
