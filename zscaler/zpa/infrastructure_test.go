package zpa_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	connectorCert   = "6573" // ids of the simulated tenant
	connectorsParis = "288341529047100401"
	connectorsOslo  = "288341529047100402"
	branchServers   = "288341529047100303"
	parisOne        = "288341529047101201"
	wikiWeb         = "288341529047101104"
	edgesParis      = "288341529047101301"
	edgeOsloOne     = "288341529047101403"
	osloNetwork     = "288341529047101502"
)

// A life is what is done with an object of a kind: tools, arguments, and what an update changes.
type life struct {
	noun, id       string
	fixed          map[string]any // arguments of every tool
	create, update string
	created        map[string]string // members of the new object, in JSON
	want           []string
}

var lives = []life{
	{noun: "app_connector_group", id: "group_id",
		create:  `"name":"New","country_code":"de","connector_ids":["` + parisOne + `"],"server_group_ids":["` + branchServers + `"],"version_profile":"new release","override_version_profile":true,"lss_app_connector_group":false`,
		created: map[string]string{"countryCode": `"DE"`, "enrollmentCertId": `"` + connectorCert + `"`, "versionProfileId": `"2"`, "overrideVersionProfile": `true`},
		update:  `"connector_ids":[],"enabled":false,"version_profile":"1"`, want: []string{"enabled", "versionProfileId", "versionProfileName"}},
	{noun: "application_server", id: "server_id", create: `"name":"New","address":"10.0.0.1","app_server_group_ids":["` + branchServers + `"]`,
		created: map[string]string{"address": `"10.0.0.1"`, "enabled": `true`, "appServerGroupIds": `["` + branchServers + `"]`},
		update:  `"address":"new.example.com","app_server_group_ids":[]`, want: []string{"address", "appServerGroupIds"}},
	{noun: "server_group", id: "group_id", create: `"name":"New","app_connector_group_ids":["` + connectorsOslo + `"],"ip_anchored":true`,
		created: map[string]string{"dynamicDiscovery": `true`, "ipAnchored": `true`, "enabled": `true`},
		update:  `"dynamic_discovery":false,"server_ids":["` + wikiWeb + `"]`, want: []string{"dynamicDiscovery", "servers"}},
	{noun: "service_edge_group", id: "group_id",
		create: `"name":"New","latitude":"1","longitude":"2","location":"Here","is_public":true,"grace_distance_enabled":true,"grace_distance_value":7,"grace_distance_value_unit":"KMS",
			"trusted_network_ids":["` + osloNetwork + `"],"service_edge_ids":["` + edgeOsloOne + `"],"version_profile_name":"default - EL8"`,
		created: map[string]string{"isPublic": `"TRUE"`, "graceDistanceValue": `"7"`, "versionProfileId": `"3"`},
		update:  `"is_public":false,"trusted_network_ids":[]`, want: []string{"isPublic", "trustedNetworks"}},
	{noun: "provisioning_key", id: "key_id", fixed: map[string]any{"key_type": "service_edge"},
		create:  `"name":"New","max_usage":3,"component_id":"` + edgesParis + `","enrollment_cert_id":"6574"`,
		created: map[string]string{"maxUsage": `"3"`, "zcomponentName": `"Edges Paris"`, "usageCount": `"0"`},
		update:  `"component_id":"288341529047101302","max_usage":4`, want: []string{"maxUsage", "zcomponentId", "zcomponentName"}},
	{noun: "pra_portal", id: "portal_id", create: `"name":"PRA.acme.example.com","domain":"pra.acme.example.com","user_notification":"Hello"`,
		created: map[string]string{"certificateId": `"7502"`, "enabled": `true`, "userNotification": `"Hello"`},
		update:  `"certificate_id":"7503","user_notification_enabled":true`, want: []string{"certificateId", "certificateName", "userNotificationEnabled"}},
	{noun: "pra_credential", id: "credential_id", create: `"name":"New","credential_type":"USERNAME_PASSWORD","username":"u","password":"simulated","user_domain":"acme.example.com"`,
		created: map[string]string{"credentialType": `"USERNAME_PASSWORD"`, "userName": `"u"`},
		update:  `"credential_type":"USERNAME_PASSWORD","password":"simulated two","description":"rotated"`, want: []string{"description"}},
	{noun: "ba_certificate", id: "certificate_id", create: `"name":"new.example.com","cert_blob":"-----BEGIN CERTIFICATE-----"`, created: map[string]string{"cName": `"new.example.com"`}},
}

// given joins the arguments of every tool of the kind with others.
func (l life) given(t testing.TB, more string) string {
	t.Helper()
	all := map[string]any{}
	if err := json.Unmarshal([]byte("{"+more+"}"), &all); err != nil {
		t.Fatalf("%v in {%s}", err, more)
	}
	maps.Copy(all, l.fixed)
	return args(t, all)
}

// TestLives creates an object of each kind in a tenant or microtenant, reads, changes and deletes it. What is
// created has what the arguments say, and an update changes that alone.
func TestLives(t *testing.T) {
	for _, l := range lives {
		t.Run(l.noun, func(t *testing.T) {
			b := newBench(t, nil)
			created := b.must(t, "zpa_create_"+l.noun, l.given(t, l.create))
			for member, want := range l.created {
				if got := string(fields(t, created)[member]); got != want {
					t.Errorf("created with %s %s, want %s", member, got, want)
				}
			}
			me := fmt.Sprintf("%q:%q", l.id, text(fields(t, created)["id"]))
			changed(t, created, b.must(t, "zpa_get_"+l.noun, l.given(t, me)))
			if l.update != "" {
				updated := b.must(t, "zpa_update_"+l.noun, l.given(t, me+","+l.update))
				changed(t, created, updated, l.want...)
				if _, failure := b.call(t, "zpa_update_"+l.noun, l.given(t, me)); failure == "" {
					t.Error("an update without a change is done")
				}
			}
			if l.noun == "app_connector_group" { // it is in use: release what it has
				b.must(t, "zpa_update_app_connector_group", `{"group_id":"`+connectorsParis+`","connector_ids":["`+parisOne+`"]}`)
				b.must(t, "zpa_update_app_connector_group", l.given(t, me+`,"server_group_ids":[]`))
			}
			if l.noun == "service_edge_group" {
				b.must(t, "zpa_update_service_edge_group", `{"group_id":"`+edgesParis+`","service_edge_ids":["`+edgeOsloOne+`"]}`)
			}
			if deleted := b.must(t, "zpa_delete_"+l.noun, l.given(t, me)); !strings.Contains(deleted, `"success":true`) {
				t.Errorf("delete answered %s", deleted)
			}
			if asked := b.Asked(); len(asked) != 1 || !strings.Contains(strings.ToLower(asked[0]), `"new`) && !strings.Contains(asked[0], `"PRA`) {
				t.Errorf("asked %q, want the name", asked)
			}
			if _, failure := b.call(t, "zpa_get_"+l.noun, l.given(t, me)); !strings.Contains(failure, "resource.not.found") {
				t.Errorf("after the deletion: %q", failure)
			}
		})
	}
}

// updatable are the tools that list, read and change what is there, with a change that is allowed for each.
var updatable = map[string]struct {
	lister, id, more string
}{
	"app_connector_group": {lister: "zpa_list_app_connector_groups", id: "group_id"}, "application_server": {lister: "zpa_list_application_servers", id: "server_id"},
	"server_group": {lister: "zpa_list_server_groups", id: "group_id"}, "service_edge_group": {lister: "zpa_list_service_edge_groups", id: "group_id"},
	"app_connector": {lister: "zpa_list_app_connectors", id: "connector_id"}, "service_edge": {lister: "zpa_list_service_edges", id: "service_edge_id"},
	"pra_portal": {lister: "zpa_list_pra_portals", id: "portal_id"}, "segment_group": {lister: "zpa_list_segment_groups", id: "group_id"},
	"provisioning_key": {lister: "zpa_list_provisioning_keys", id: "key_id", more: `"key_type":"connector"`},
}

// TestUpdatesKeepTheRest changes the description of every object of the tenant and its microtenant: nothing
// else changes, references and what the tools do not know included. A microtenant reaches the reads too.
func TestUpdatesKeepTheRest(t *testing.T) {
	b := newBench(t, nil)
	done := 0
	for noun, kind := range updatable {
		for _, microtenant := range []string{"", b.Tenant.MicrotenantID} {
			l := life{fixed: map[string]any{"microtenant_id": microtenant}}
			for _, row := range rows(t, b.must(t, kind.lister, l.given(t, kind.more))) {
				me := fmt.Sprintf("%q:%q", kind.id, text(row["id"]))
				if kind.more != "" {
					me += "," + kind.more
				}
				before := b.must(t, "zpa_get_"+noun, l.given(t, me))
				written := b.must(t, "zpa_update_"+noun, l.given(t, me+`,"description":"changed"`))
				changed(t, before, written, "description")
				changed(t, written, b.must(t, "zpa_get_"+noun, l.given(t, me)))
				done++
			}
		}
	}
	if done < 55 {
		t.Errorf("%d objects, the tenant has more", done)
	}
}

// TestGroupMembersReachTheGroup: ids of servers and connectors and the version profile go to the members that
// the API has. Under the reference's names (serverGroupIds, connectorIds, versionProfile) they are lost.
func TestGroupMembersReachTheGroup(t *testing.T) {
	for _, c := range []struct{ name, args string }{
		{"zpa_create_app_connector_group", `{"name":"n","enrollment_cert_id":"9",`},
		{"zpa_update_app_connector_group", `{"group_id":"7",`},
	} {
		b := newBench(t, canned(map[string]string{"GET /7": `{"id":"7","name":"n","versionProfileName":"Old","versionProfileId":"0","connectors":[{"id":"1","name":"x"}]}`, "PUT ": ""}))
		b.must(t, c.name, c.args+`"server_group_ids":["288341529047100301"],"connector_ids":["3","4"],"version_profile":"2","country_code":"Us"}`)
		body := b.Last(t, "POST", "PUT").Body.(map[string]any)
		want := map[string]any{
			"serverGroups": decode(t, `[{"id":"288341529047100301"}]`), "connectors": decode(t, `[{"id":"3"},{"id":"4"}]`), "versionProfileId": "2", "countryCode": "US",
			"serverGroupIds": nil, "connectorIds": nil, "versionProfile": nil, "versionProfileName": nil,
		}
		for member, value := range want {
			if diff := cmp.Diff(value, body[member]); diff != "" {
				t.Errorf("%s: %s (-want +got):\n%s", c.name, member, diff)
			}
		}
	}
}

// TestRefusedBeforeTheRequest is what the tools refuse by themselves, and the nearest that they take.
func TestRefusedBeforeTheRequest(t *testing.T) {
	const key = `-----BEGIN %s PRIVATE KEY-----`
	group, edges := `{"name":"n","enrollment_cert_id":"9",`, `{"name":"n","latitude":"1","longitude":"2","location":"l",`
	for _, c := range []struct{ tool, args, refused string }{
		{"zpa_create_app_connector_group", group + `"country_code":"Germany"}`, "country_code"},
		{"zpa_create_app_connector_group", group + `"country_code":"de"}`, ""},
		{"zpa_create_app_connector_group", group + `"country_code":""}`, ""},
		{"zpa_update_app_connector_group", `{"group_id":"7","country_code":"D1"}`, "country_code"},
		{"zpa_create_service_edge_group", edges + `"country_code":"Norway"}`, "country_code"},
		{"zpa_create_service_edge_group", edges + `"country_code":"no"}`, ""},
		{"zpa_create_server_group", `{"name":"n","app_connector_group_ids":[]}`, "app_connector_group_ids"},
		{"zpa_create_server_group", `{"name":"n","app_connector_group_ids":["1"],"dynamic_discovery":false}`, "server_ids"},
		{"zpa_create_server_group", `{"name":"n","app_connector_group_ids":["1"],"dynamic_discovery":false,"server_ids":["2"]}`, ""},
		{"zpa_create_server_group", `{"name":"n","app_connector_group_ids":["1"]}`, ""},
		{"zpa_update_server_group", `{"group_id":"7","app_connector_group_ids":[]}`, "app_connector_group_ids"},
		{"zpa_create_provisioning_key", `{"name":"n","key_type":"connector","max_usage":1,"component_id":"2"}`, "enrollment_cert_id"},
		{"zpa_create_provisioning_key", `{"name":"n","key_type":"service_edge","max_usage":1,"component_id":"2"}`, ""},
		{"zpa_create_provisioning_key", `{"name":"n","key_type":"service_edge","max_usage":0,"component_id":"2"}`, "max_usage"},
		{"zpa_create_pra_credential", `{"name":"n","credential_type":"USERNAME_PASSWORD","password":"p"}`, `"username"`},
		{"zpa_create_pra_credential", `{"name":"n","credential_type":"USERNAME_PASSWORD","username":"u"}`, `"password"`},
		{"zpa_create_pra_credential", `{"name":"n","credential_type":"PASSWORD","password":"p"}`, ""},
		{"zpa_create_pra_credential", `{"name":"n","credential_type":"SSH_KEY","username":"u","private_key":"` + fmt.Sprintf(key, "DSA") + `"}`, `"private_key"`},
		{"zpa_create_pra_credential", `{"name":"n","credential_type":"SSH_KEY","private_key":"` + fmt.Sprintf(key, "EC") + `"}`, `"username"`},
		{"zpa_create_pra_credential", `{"name":"n","credential_type":"SSH_KEY","username":"u","private_key":"` + fmt.Sprintf(key, "EC") + `"}`, ""},
		{"zpa_create_pra_credential", `{"name":"n","credential_type":"SSH_KEY","username":"u","private_key":"` + fmt.Sprintf(key, "OPENSSH") + `"}`, ""},
		{"zpa_bulk_delete_app_connectors", `{"connector_ids":[]}`, "connector_ids"},
		{"zpa_bulk_delete_service_edges", `{"service_edge_ids":[]}`, "service_edge_ids"},
		{"get_zpa_scim_group", `{"search":"x"}`, `"idp_name"`},
		{"zpa_get_lss_log_format", `{"log_type":"user"}`, "log_type"},
		{"zpa_list_lss_status_codes", `{"log_type":"user"}`, "log_type"},
		{"get_zpa_posture_profile", `{"profile_id":"../network/1"}`, `"profile_id"`},
		{"get_zpa_scim_group", `{"scim_group_id":"1?x"}`, `"scim_group_id"`},
	} {
		b := newBench(t, canned(nil))
		_, failure := b.call(t, c.tool, c.args)
		if !strings.Contains(failure, c.refused) || (failure == "") != (c.refused == "") || c.refused != "" && len(b.Requests()) > 0 {
			t.Errorf("%s %s: %q, want %q; requests:\n%s", c.tool, c.args, failure, c.refused, b.Lines())
		}
		if strings.Contains(failure, "BEGIN") {
			t.Errorf("the error shows a secret: %s", failure)
		}
	}
}

// TestServerGroupKeepsServers: an update may leave a group without dynamic discovery only with servers, those that
// it has among them; and the look at it is in its microtenant.
func TestServerGroupKeepsServers(t *testing.T) {
	const discovers, static = `"dynamicDiscovery":true`, `"dynamicDiscovery":false`
	for args, c := range map[string]struct{ is, has, refused string }{
		`"dynamic_discovery":false`:                   {is: discovers, has: `[]`, refused: "server_ids"},
		`"dynamic_discovery":false,"server_ids":[]`:   {is: discovers, has: `[{"id":"2"}]`, refused: "server_ids"},
		`"server_ids":[]`:                             {is: static, has: `[{"id":"2"}]`, refused: "server_ids"},
		`"dynamic_discovery":false,"description":"d"`: {is: discovers, has: `[{"id":"2"}]`},
		`"server_ids":["3"],"dynamic_discovery":null`: {is: discovers, has: `[]`},
		`"description":"d"`:                           {is: static, has: `[]`}, // as the tenant has it
	} {
		b := newBench(t, canned(map[string]string{"GET /7": `{"id":"7","name":"n",` + c.is + `,"applications":[{"id":"5"}],"servers":` + c.has + `}`, "PUT ": ""}))
		_, failure := b.call(t, "zpa_update_server_group", `{"group_id":"7","microtenant_id":"5",`+args+`}`)
		if !strings.Contains(failure, c.refused) || (failure == "") != (c.refused == "") || strings.Contains(b.Lines(), "PUT") != (c.refused == "") {
			t.Errorf("%s: %q; requests:\n%s", args, failure, b.Lines())
		}
		for _, r := range b.Requests() {
			body, _ := r.Body.(map[string]any)
			if r.Query.Get("microtenantId") != "5" || body["applications"] != nil {
				t.Errorf("%s: %s %v", args, r, body)
			}
		}
	}
}

// TestCredentialParts: what the type does not have is not sent, the type stays, and an update keeps the user name.
func TestCredentialParts(t *testing.T) {
	b := newBench(t, canned(map[string]string{"GET /7": `{"id":"7","name":"n","credentialType":"SSH_KEY","userName":"root","userDomain":"d"}`, "PUT ": ""}))
	b.must(t, "zpa_create_pra_credential", `{"name":"n","credential_type":"PASSWORD","password":"p","username":"u","private_key":"k"}`)
	if diff := cmp.Diff(decode(t, `{"name":"n","credentialType":"PASSWORD","password":"p"}`), b.Last(t, "POST").Body); diff != "" {
		t.Errorf("created (-want +got):\n%s", diff)
	}
	const secret = `"private_key":"-----BEGIN RSA PRIVATE KEY-----","password":"p"`
	b.must(t, "zpa_update_pra_credential", `{"credential_id":"7","credential_type":"SSH_KEY","name":"m","microtenant_id":"5",`+secret+`}`)
	want := decode(t, `{"id":"7","name":"m","credentialType":"SSH_KEY","userName":"root","userDomain":"d","privateKey":"-----BEGIN RSA PRIVATE KEY-----","microtenantId":"5"}`)
	if diff := cmp.Diff(want, b.Last(t, "PUT").Body); diff != "" {
		t.Errorf("updated (-want +got):\n%s", diff)
	}
	b = newBench(t, canned(map[string]string{"GET /7": `{"id":"7","name":"n","credentialType":"SSH_KEY","userName":"root","privateKey":"*****"}`}))
	for args, refused := range map[string]string{
		`{"credential_id":"7","credential_type":"PASSWORD","password":"p"}`:        "cannot be changed",
		`{"credential_id":"7","credential_type":"SSH_KEY","name":"m"}`:             `"private_key" is needed`,
		`{"credential_id":"7","credential_type":"SSH_KEY","private_key":"public"}`: "PEM",
	} {
		if _, failure := b.call(t, "zpa_update_pra_credential", args); !strings.Contains(failure, refused) || strings.Contains(b.Lines(), "PUT") {
			t.Errorf("%s: %q; requests:\n%s", args, failure, b.Lines())
		}
	}
}

// TestProvisioningKeyUpdate: the microtenant goes into the query, and the group under the name that keys have.
func TestProvisioningKeyUpdate(t *testing.T) {
	b := newBench(t, canned(map[string]string{"GET /7": `{"id":"7","name":"n","zcomponentId":"1","zcomponentName":"old","provisioningKey":"k"}`, "PUT ": ""}))
	b.must(t, "zpa_update_provisioning_key", `{"key_id":"7","key_type":"connector","component_id":"2","microtenant_id":"5"}`)
	put := b.Last(t, "PUT")
	if !strings.HasSuffix(put.Path, "/associationType/CONNECTOR_GRP/provisioningKey/7") || put.Query.Get("microtenantId") != "5" {
		t.Errorf("wrote %s", put)
	}
	want := decode(t, `{"id":"7","name":"n","zcomponentId":"2","componentId":"2","provisioningKey":"k","microtenantId":"5"}`)
	if diff := cmp.Diff(want, put.Body); diff != "" {
		t.Errorf("wrote (-want +got):\n%s", diff)
	}
}
