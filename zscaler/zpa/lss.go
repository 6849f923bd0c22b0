package zpa

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const lssPath = customerV2 + "/lssConfig"

// logTypes are the kinds of log that can be streamed, and their names in the API. Never modified.
var logTypes = map[string]string{
	"app_connector_metrics": "zpn_ast_comprehensive_stats", "app_connector_status": "zpn_ast_auth_log",
	"audit_logs": "zpn_audit_log", "browser_access": "zpn_http_trans_log", "private_svc_edge_status": "zpn_sys_auth_log",
	"user_activity": "zpn_trans_log", "user_status": "zpn_auth_log", "web_inspection": "zpn_waf_http_exchanges_log",
}

type lssConfigID struct {
	LSSConfigID string `json:"lss_config_id" in:"path" nonempty:"true" jsonschema:"Log receiver id, from zpa_list_lss_configs."`
}

type lssSearch struct {
	filter
	page
}

type logTypeOfFormat struct {
	LogType string `json:"log_type" in:"-" nonempty:"true" enum:"app_connector_metrics,app_connector_status,audit_logs,browser_access,private_svc_edge_status,user_activity,user_status,web_inspection" jsonschema:"Kind of log."`
}

type logTypeOfCodes struct {
	LogType string `json:"log_type,omitempty" in:"-" enum:"all,app_connector_metrics,app_connector_status,audit_logs,browser_access,private_svc_edge_status,user_activity,user_status,web_inspection" jsonschema:"Kind of log whose codes are wanted; all when absent."`
}

type nothing struct{}

var lssTools = []tool.Tool{
	rest.Read[lssSearch]("zpa_list_lss_configs", "GET "+lssPath,
		"List the log receivers of the ZPA Log Streaming Service with their ids, addresses, kinds of log, filters and app connector groups; first page unless page or all is given.", rest.List),
	rest.Read[lssConfigID]("zpa_get_lss_config", "GET "+lssPath+"/{lss_config_id}",
		"Get one log receiver of the ZPA Log Streaming Service with its address, format, filter, app connector groups and policy rule."),
	tool.Func(tool.Read, "zpa_list_lss_log_types",
		"List the kinds of log that the ZPA Log Streaming Service can send. A fixed list, which asks the service nothing; the names go into zpa_get_lss_log_format and zpa_list_lss_status_codes.", listLogTypes),
	rest.Read[logTypeOfFormat]("zpa_get_lss_log_format", "GET "+lssPath+"/logType/formats",
		"Get the templates (CSV, JSON, TSV) of one kind of ZPA log, as a log receiver takes them for its format.",
		rest.Prepare(formatsOf), rest.Finish(catalogue("log_format"))),
	rest.Read[nothing]("zpa_list_lss_client_types", "GET /zpa/mgmtconfig/v2/admin/lssConfig/customers/{customer_id}/clientTypes",
		"List the kinds of client that a ZPA log receiver can be limited to, as a map from name to the id that its policy conditions take.",
		rest.Finish(invert), rest.Finish(catalogue("client_types"))),
	rest.Read[logTypeOfCodes]("zpa_list_lss_status_codes", "GET /zpa/mgmtconfig/v2/admin/lssConfig/statusCodes",
		"List the session status codes by which a ZPA log receiver can filter, with their meaning; of all kinds of log or of one.",
		rest.Finish(codesOf), rest.Finish(catalogue("status_codes"))),
}

// catalogue wraps the answer as {kind, items}.
func catalogue(kind string) func(context.Context, *rest.Plan, *rest.Answer) error {
	return func(_ context.Context, _ *rest.Plan, a *rest.Answer) error {
		if !isNull(a.Record) {
			a.Record = encode(object{"kind": encode(kind), "items": a.Record})
		}
		return nil
	}
}

func listLogTypes(context.Context, nothing) (any, error) {
	return encode(object{"kind": encode("log_types"), "items": encode(slices.Sorted(maps.Keys(logTypes)))}), nil
}

func formatsOf(_ context.Context, p *rest.Plan) error {
	p.Query = map[string][]string{"logType": {logTypes[p.Args.Text("log_type")]}}
	return nil
}

// invert turns the map of ids to names into one of names, in snake case, to ids. Names that several ids
// have are told apart by the id, so that none is lost.
func invert(_ context.Context, _ *rest.Plan, a *rest.Answer) error {
	if isNull(a.Record) {
		return nil
	}
	var names map[string]string
	if err := json.Unmarshal(a.Record, &names); err != nil {
		return errors.New("the tenant's answer is not a map of client types to names")
	}
	ids := map[string]string{}
	for _, id := range slices.Sorted(maps.Keys(names)) {
		name := strings.ToLower(strings.ReplaceAll(names[id], " ", "_"))
		if _, taken := ids[name]; taken {
			name += "_" + id
		}
		ids[name] = id
	}
	a.Record = encode(ids)
	return nil
}

// codesOf keeps the codes of one kind of log. The service is known to answer an object with a member for
// each kind; codes that name their kinds themselves are understood as well.
func codesOf(_ context.Context, p *rest.Plan, a *rest.Answer) error {
	kind := p.Args.Text("log_type")
	if kind == "" || kind == "all" || isNull(a.Record) {
		return nil
	}
	var byName object
	var codes []json.RawMessage
	switch {
	case json.Unmarshal(a.Record, &byName) == nil && len(kindsIn(byName)) > 0:
		raw, ok := byName[logTypes[kind]]
		if !ok {
			return fmt.Errorf("the service has no status codes for %s, but for %s", kind, strings.Join(kindsIn(byName), ", "))
		}
		a.Record = raw
	case byName != nil:
		maps.DeleteFunc(byName, func(_ string, code json.RawMessage) bool { return !appliesTo(code, logTypes[kind]) })
		a.Record = encode(byName)
	case json.Unmarshal(a.Record, &codes) == nil:
		codes = slices.DeleteFunc(codes, func(code json.RawMessage) bool { return !appliesTo(code, logTypes[kind]) })
		a.Record = encode(codes)
	}
	if len(byName)+len(codes) == 0 {
		return fmt.Errorf("no status code in the tenant's answer names %s: leave out log_type to see them all", kind)
	}
	return nil
}

// appliesTo reports whether the code names the kind of log.
func appliesTo(raw json.RawMessage, kind string) bool {
	var code object
	if json.Unmarshal(raw, &code) != nil {
		return false
	}
	kinds := slices.Concat(list(code["log_types"]), list(code["logTypes"]))
	return slices.ContainsFunc(kinds, func(raw json.RawMessage) bool { return text(raw) == kind })
}

// kindsIn returns the kinds of log that codes are there for, in the tools' words.
func kindsIn(byKind object) []string {
	var kinds []string
	for _, kind := range slices.Sorted(maps.Keys(logTypes)) {
		if _, ok := byKind[logTypes[kind]]; ok {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}
