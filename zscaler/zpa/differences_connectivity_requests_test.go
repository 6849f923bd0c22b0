package zpa_test

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

var connectivityHints = []paritytest.Hint{
	{
		Tools:  []string{"zpa_*_app_connector_group"},
		Values: map[string][]any{"version_profile": {"2", ""}},
		Answer: lookedUp,
	},
	{Tools: []string{"zpa_*_service_edge_group"}, Values: map[string][]any{"version_profile_name": {"Default", ""}}, Answer: lookedUp},
	{Tools: []string{"zpa_create_pra_portal", "get_zpa_*"}, Answer: lookedUp},
	{Tools: []string{"zpa_create_pra_credential", "zpa_update_pra_credential"}, Refuses: lacksCredential, Answer: sameCredential, Values: map[string][]any{
		"private_key": {"-----BEGIN RSA PRIVATE KEY-----", "-----BEGIN OPENSSH PRIVATE KEY-----"},
	}},
	{Tools: []string{"zpa_create_server_group"}, Refuses: func(args map[string]any) bool {
		servers, _ := args["server_ids"].([]any)
		return args["dynamic_discovery"] == false && len(servers) == 0
	}},
	{Tools: []string{"zpa_create_provisioning_key"}, Refuses: func(args map[string]any) bool {
		return args["key_type"] == "connector" && (args["enrollment_cert_id"] == nil || args["enrollment_cert_id"] == "")
	}},
}

// logKinds are the choices of log_type; where it may be absent, all is one of them.
func logKinds(required bool) []string {
	kinds := strings.Fields("app_connector_metrics app_connector_status audit_logs browser_access private_svc_edge_status user_activity user_status web_inspection")
	if !required {
		kinds = append([]string{"all"}, kinds...)
	}
	return kinds
}

// lookedUp answers look-ups by name with what they ask for.
func lookedUp(r paritytest.Request) (int, string) {
	name := strings.TrimPrefix(r.Query.Get("search"), "name+EQ+")
	last := r.Path[strings.LastIndex(r.Path, "/")+1:]
	if strings.Contains(r.Path, "/serviceEdgeGroup/") { // without the name beside versionProfileId, which is not sent back
		return http.StatusOK, fmt.Sprintf(`{"id":%q,"name":"object","location":"before","versionProfileId":"9","memberOfTheService":{"kept":9007199254740993}}`, last)
	}
	switch last {
	case "enrollmentCert", "issued", "idp":
		return http.StatusOK, fmt.Sprintf(`{"list":[{"id":"72057594037927944","name":%q}]}`, name)
	case "versionProfiles":
		return http.StatusOK, `{"list":[{"id":"72057594037927944","name":"Default"}]}`
	}
	return 0, ""
}

// sameCredential answers a credential of the type that the update names, which every generated call has.
func sameCredential(r paritytest.Request) (int, string) {
	if r.Method != http.MethodGet {
		return 0, ""
	}
	return http.StatusOK, fmt.Sprintf(`{"id":%q,"credentialType":"USERNAME_PASSWORD","userName":"before","userDomain":"before","name":"before"}`, r.Path[strings.LastIndex(r.Path, "/")+1:])
}

// lacksCredential tells what the type of a credential demands.
func lacksCredential(args map[string]any) bool {
	has := func(name string) bool { text, _ := args[name].(string); return text != "" }
	switch args["credential_type"] {
	case "USERNAME_PASSWORD":
		return !has("username") || !has("password")
	case "PASSWORD":
		return !has("password")
	case "SSH_KEY":
		return !has("username") || !has("private_key")
	}
	return true
}

// groupMembers puts servers, connectors and the version profile where the API has them.
func groupMembers(args map[string]any, requests []paritytest.Request) []paritytest.Request {
	body := bodyOf(requests)
	for argument, members := range map[string][2]string{"server_group_ids": {"serverGroupIds", "serverGroups"}, "connector_ids": {"connectorIds", "connectors"}} {
		delete(body, members[0])
		if ids, ok := args[argument].([]any); ok {
			body[members[1]] = refsTo(ids)
		}
	}
	if profile, ok := body["versionProfile"]; ok {
		delete(body, "versionProfile")
		if profile != "" {
			body["versionProfileId"] = profile
		}
	}
	return requests
}

func refsTo(ids []any) []any {
	refs := make([]any, len(ids))
	for i, id := range ids {
		refs[i] = map[string]any{"id": id}
	}
	return refs
}

// foundCertificate is what a look-up by name adds: its microtenant, and the id that was found.
func foundCertificate(member string) func(map[string]any, []paritytest.Request) []paritytest.Request {
	return func(args map[string]any, requests []paritytest.Request) []paritytest.Request {
		if requests[0].Method != http.MethodGet {
			return requests
		}
		if scope, _ := args["microtenant_id"].(string); scope != "" {
			requests[0].Query.Set("microtenantId", scope)
		}
		bodyOf(requests)[member] = "72057594037927944"
		return requests
	}
}

// edgeTexts writes the switch and the distance of a service edge group as text, and looks its version profile up.
func edgeTexts(args map[string]any, requests []paritytest.Request) []paritytest.Request {
	body := bodyOf(requests)
	if public, ok := body["isPublic"].(bool); ok {
		body["isPublic"] = strings.ToUpper(fmt.Sprint(public))
	}
	textOf("graceDistanceValue")(args, requests)
	for argument, member := range map[string]string{"service_edge_ids": "serviceEdges", "trusted_network_ids": "trustedNetworks"} {
		if ids, ok := args[argument].([]any); ok && len(ids) == 0 {
			body[member] = ids
		}
	}
	delete(body, "versionProfileName")
	if name, _ := args["version_profile_name"].(string); name == "" || args["version_profile_id"] != nil && args["version_profile_id"] != "" {
		return requests
	}
	body["versionProfileId"] = "72057594037927944"
	last := len(requests) - 1
	query := map[string][]string{"pagesize": {"500"}}
	if scope := requests[last].Query.Get("microtenantId"); scope != "" {
		query["microtenantId"] = []string{scope}
	}
	look := paritytest.Request{Method: http.MethodGet, Path: "/zpa/mgmtconfig/v1/admin/customers/{customer_id}/visible/versionProfiles", Query: query}
	return append(requests[:last:last], look, requests[last])
}

// textOf writes a number as text.
func textOf(member string) func(map[string]any, []paritytest.Request) []paritytest.Request {
	return func(_ map[string]any, requests []paritytest.Request) []paritytest.Request {
		if body := bodyOf(requests); body[member] != nil {
			body[member] = fmt.Sprint(body[member])
		}
		return requests
	}
}

// keyPlaces puts the microtenant of a provisioning key into the query, and its group under both names.
func keyPlaces(args map[string]any, requests []paritytest.Request) []paritytest.Request {
	last := &requests[len(requests)-1]
	if scope, _ := args["microtenant_id"].(string); scope != "" {
		last.Query = map[string][]string{"microtenantId": {scope}}
	}
	if body := bodyOf(requests); body["componentId"] != nil {
		body["zcomponentId"] = body["componentId"]
	}
	return requests
}

// oneLook leaves the look-ups of the vendor's tool out: ours are those of every update and deletion.
func oneLook(_ map[string]any, requests []paritytest.Request) []paritytest.Request {
	return requests[len(requests)-1:]
}

// keptServers is oneLook, and a group that finds no servers itself is not left without any.
func keptServers(args map[string]any, requests []paritytest.Request) []paritytest.Request {
	if servers, ok := args["server_ids"].([]any); ok && len(servers) == 0 && args["dynamic_discovery"] != true {
		return nil
	}
	return oneLook(args, requests)
}

// oneWithoutSearch leaves search and pages out of the read of one object.
func oneWithoutSearch(args map[string]any, requests []paritytest.Request) []paritytest.Request {
	if args["scim_group_id"] != nil && args["scim_group_id"] != "" {
		requests[0].Query = nil
	}
	return requests
}

func withoutEmptyPlaces(_ map[string]any, requests []paritytest.Request) []paritytest.Request {
	body := bodyOf(requests)
	for _, member := range []string{"name", "address", "domain", "componentId", "zcomponentId", "enrollmentCertId", "certificateId", "versionProfileId"} {
		if body[member] == "" {
			delete(body, member)
		}
	}
	return requests
}
