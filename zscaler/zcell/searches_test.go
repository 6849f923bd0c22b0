package zcell_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/internal/bubble"
	"github.com/org/zscalermcp/zscaler"
	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

// A recorder answers every request with an empty list, without a network, so that time can be simulated.
type recorder struct{ request string }

func (*recorder) Setting(string) (string, error) { return "", nil }

func (r *recorder) Do(_ context.Context, req *zscaler.Request) (*zscaler.Response, error) {
	r.request = strings.TrimSpace(req.Method + " " + strings.Replace(req.Path, "/zcell/config/api/v1", "", 1) + "?" + req.Query.Encode() + " " + string(req.Body))
	return &zscaler.Response{Status: 200, Body: json.RawMessage(`[]`)}, nil
}

// Windows are epoch seconds, from so many days before the call to the call: in the query, in the body or in the path.
func TestWindows(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 987654321, time.UTC)
	start, end := fmt.Sprint(now.Unix()-14*86400), fmt.Sprint(now.Unix())
	const customer = "/customers/{zcell_customer_id}"
	for tool, want := range map[string]string{
		"zcell_list_anomaly_policies":          "GET " + customer + "/anomaly-policy?endDateTime=END&startDateTime=START",
		"zcell_list_anomaly_policy_violations": "GET " + customer + "/anomaly-policy/p%201/violations?endDateTime=END&startDateTime=START",
		"zcell_list_iccid_violations":          "GET " + customer + "/anomaly-policy/p%201/violations/89?endDateTime=END&startDateTime=START",
		"zcell_list_sim_usage_by_country":      "GET " + customer + "/sim/analytics/usage/countries?endDate=END&startDate=START",
		"zcell_list_sim_usage_by_day":          "GET " + customer + "/sim/analytics/usage/day?endDate=END&startDate=START",
		"zcell_list_sim_usage_by_sim":          "GET " + customer + "/sim/analytics/usage/sims?endDate=END&startDate=START",
		"zcell_list_audit_customers_search":    `POST /audit` + customer + `/search? {"endDate":END,"startDate":START}`,
		"zcell_list_network_events":            `POST /network-events/{zcell_customer_id}/search/startTime/START/endTime/END? {}`,
	} {
		bubble.Test(t, func(t *testing.T) {
			time.Sleep(time.Until(now))
			args := map[string]any{"days": 14}
			if strings.Contains(tool, "violations") {
				args["policy_id"] = "p 1"
			}
			if strings.Contains(tool, "iccid") {
				args["iccid"] = "89"
			}
			r := &recorder{}
			if _, err := suite.Handle(zscaler.ContextWithDoer(t.Context(), r), t, tool, args); err != nil {
				t.Error(err)
			}
			if want := strings.NewReplacer("START", start, "END", end).Replace(want); r.request != want {
				t.Errorf("%s:\ngot  %s\nwant %s", tool, r.request, want)
			}
		})
	}
}

// What goes beside the window, with the first page as page 0.
func TestRequests(t *testing.T) {
	const base = "POST /zcell/config/api/v1"
	w := suite.Open(t, func(paritytest.Request) (int, string) { return http.StatusOK, `[]` })
	for _, test := range []struct {
		tool string
		args map[string]any
		want string // of the body; "" for none
	}{
		{"zcell_list_sims", nil, `{}`},
		{"zcell_list_sims", map[string]any{"iccid": []string{"89"}, "ip_address": []string{"100.64.7.1"}, "location_country": "France", "imei_status": "LOCKED", "page": 0, "size": 100},
			`{"iccid":["89"],"ipAddress":["100.64.7.1"],"locationCountry":"France","imeiStatus":"LOCKED","page":0,"size":100}`},
		{"zcell_list_sim_analytics_map", nil, `{}`},
		{"zcell_list_sim_analytics_map", map[string]any{"icc_ids": []string{}}, `{}`},
		{"zcell_list_sim_analytics_map", map[string]any{"icc_ids": []string{"89"}}, `{"iccIds":["89"]}`},
		{"zcell_list_network_events", map[string]any{
			"filter_by": []any{map[string]any{"filter_name": "outcome", "operator": "IN", "values": []any{"a_b"}}}, "sort_by": map[string]any{"sort_dir": "x_y"},
			"exclude_apn_config": false, "page": 0, "size": 5,
		}, `{"filterBy":[{"filterName":"outcome","operator":"IN","values":["a_b"]}],"sortBy":{"sortDir":"x_y"},"excludeApnConfig":false,"page":0,"size":5}`},
	} {
		w.Must(t, test.tool, test.args)
		if got := w.Last(t); !strings.HasPrefix(got.Method+" "+got.Path, base) || got.Query != nil || fmt.Sprint(got.Body) != fmt.Sprint(paritytest.JSON(t, test.want)) {
			t.Errorf("%s %v: %v %v", test.tool, test.args, got, got.Body)
		}
	}
	w.Must(t, "zcell_list_audit_customers_search", map[string]any{"operation_type": "UPDATE", "page": 0, "size": 3})
	if got := w.Last(t); got.Query.Encode() != "page=0&size=3" || got.Body.(map[string]any)["operationType"] != "UPDATE" {
		t.Errorf("%v %v", got, got.Body)
	}
	w.Must(t, "zcell_list_regions", map[string]any{"skip_sku_check": false})
	if got := w.Last(t); got.Query.Encode() != "skipSkuCheck=false" {
		t.Errorf("%v", got)
	}
}

// The inventory comes as one object, of which query takes rows.
func TestSIMsAreOneObject(t *testing.T) {
	const record = `{"pageDetails":{"content":[{"iccid":"89","usageVal":9007199254740993}],"totalElements":1}, "totalUsage":9007199254740993}`
	w := suite.Open(t, func(paritytest.Request) (int, string) { return http.StatusOK, record })
	for query, want := range map[string]string{"": record, "pageDetails.content": `[{"iccid":"89","usageVal":9007199254740993}]`, "totalUsage": "[9007199254740993]"} {
		if text := w.Must(t, "zcell_list_sims", map[string]any{"query": query}); text != want {
			t.Errorf("%q: %s", query, text)
		}
	}
}

// Lists come out of content, as an array, or, where the service sums up, as one row.
func TestRowsOfEveryShape(t *testing.T) {
	for body, want := range map[string]string{
		`{"content":[{"total":1}],"totalElements":1,"totalPages":1,"size":10}`: "total\n1\n",
		`[{"total":1},{"total":2}]`:                                 "total\n1\n2\n",
		`{"total":14,"used":12}`:                                    "total,used\n14,12\n",
		`{"content":[],"totalElements":0,"totalPages":0,"size":10}`: "[]",
	} {
		w := suite.Open(t, func(paritytest.Request) (int, string) { return http.StatusOK, body })
		if text := w.Must(t, "zcell_list_sim_analytics_summary", nil); text != want {
			t.Errorf("%s: %q", body, text)
		}
	}
}

// Pages follow each other to the end, by the query and by the body, and the last one says nothing of more.
func TestPages(t *testing.T) {
	w := suite.Open(t, nil)
	policy := w.First(t, "zcell_list_anomaly_policies", nil, "[0].id")
	for tool, args := range map[string]map[string]any{
		"zcell_list_anomaly_policies":       {},
		"zcell_list_anomaly_policy_logs":    {"policy_id": policy},
		"zcell_list_audit_customers_search": {"days": 30},
		"zcell_list_network_events":         {"days": 30},
		"zcell_list_sim_location_groups":    {},
		"zcell_list_tags":                   {},
	} {
		all := len(strings.Split(strings.Trim(w.Must(t, tool, with(args, "size", 100, "query", "[].to_string(@)")), "[]"), `","`))
		seen, page := 0, 0
		for more := true; more && page < 50; page++ {
			text := w.Must(t, tool, with(args, "size", 2, "page", page, "query", "[].{a: `1`}"))
			seen += strings.Count(text, "\n1")
			more = strings.Contains(text, fmt.Sprintf("page=%d", page+1))
		}
		if seen != all || all < 3 {
			t.Errorf("%s: %d rows on %d pages, want %d", tool, seen, page, all)
		}
	}
}

// with returns args with more.
func with(args map[string]any, more ...any) map[string]any {
	out := map[string]any{}
	for name, value := range args {
		out[name] = value
	}
	for i := 0; i < len(more); i += 2 {
		out[more[i].(string)] = more[i+1]
	}
	return out
}

func TestRefusedArguments(t *testing.T) {
	w := suite.Open(t, nil)
	for _, test := range []struct {
		tool, argument    string
		refused, accepted any
	}{
		{"zcell_list_tags", "page", -1, 0},
		{"zcell_list_tags", "size", 0, 1},
		{"zcell_list_tags", "size", 101, 100},
		{"zcell_list_sims", "page", -1, 0},
		{"zcell_list_sims", "size", 101, 100},
		{"zcell_list_network_events", "days", 0, 1},
		{"zcell_list_network_events", "days", 366, 365},
		{"zcell_list_network_events", "filter_by", []any{"outcome"}, []any{}},
		{"zcell_list_sim_usage_by_country", "limit", 21, 20},
		{"zcell_list_sim_usage_by_sim", "limit", 101, 100},
		{"zcell_get_sim_details", "icc_id", "", "8933000900100200300"},
		{"zcell_get_sim_location_group", "group_id", "..", "51"},
	} {
		w.Forget()
		if text, failed := w.Call(t, test.tool, map[string]any{test.argument: test.refused}); !failed || w.Lines() != "" {
			t.Errorf("%s %s=%v: error %v: %s", test.tool, test.argument, test.refused, failed, text)
		}
		if text, failed := w.Call(t, test.tool, map[string]any{test.argument: test.accepted}); failed {
			t.Errorf("%s %s=%v: %s", test.tool, test.argument, test.accepted, text)
		}
	}
}

func TestWhatIsNotThere(t *testing.T) {
	w := suite.Open(t, nil)
	for tool, args := range map[string]map[string]any{
		"zcell_get_sim_details": {"icc_id": "1"}, "zcell_get_sim_location_group": {"group_id": "1"}, "zcell_list_anomaly_policy_logs": {"policy_id": "1"},
		"zcell_list_anomaly_policy_violations": {"policy_id": "1"}, "zcell_list_iccid_violations": {"policy_id": "41", "iccid": "1"},
	} {
		if text, failed := w.Call(t, tool, args); !failed || !strings.Contains(text, "Nothing has this id") {
			t.Errorf("%s: error %v: %s", tool, failed, text)
		}
	}
}

// nowhere is a tenant whose configuration lacks the customer id.
type nowhere struct{ zscaler.Doer }

func (nowhere) Setting(name string) (string, error) {
	return "", &zscaler.ConfigError{Field: name, Env: "ZCELL_CUSTOMER_ID", Problem: "is not set"}
}

func (n nowhere) Do(context.Context, *zscaler.Request) (*zscaler.Response, error) {
	_, err := n.Setting(zscaler.ZCellCustomerID)
	return nil, err
}

// A call without the customer id, which comes from the configuration, says what to configure.
func TestCustomerIDIsNeeded(t *testing.T) {
	w := suite.Connect(t, nowhere{})
	if text, failed := w.Call(t, "zcell_list_tags", nil); !failed || !strings.Contains(text, "ZCELL_CUSTOMER_ID") {
		t.Errorf("error %v: %s", failed, text)
	}
}

// Entries of the audit log come whole, with the object before and after the change.
func TestAuditHasWhatChanged(t *testing.T) {
	w := suite.Open(t, nil)
	text := w.Must(t, "zcell_list_audit_customers_search", map[string]any{"operation_type": "UPDATE", "object_type": "SIM", "query": "[].[oldData.status, newData.status]"})
	if text != `[["ACTIVE","INACTIVE"]]` {
		t.Errorf("before and after: %s", text)
	}
}
