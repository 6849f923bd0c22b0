package zia_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

type args = map[string]any

// refused fails unless the call is refused with a text that holds part.
func refused(t *testing.T, w *paritytest.World, tool string, a args, part string) {
	t.Helper()
	if text, failed := w.Call(t, tool, a); !failed || !strings.Contains(text, part) {
		t.Errorf("%s %v: refused is %v, want it for %q: %s", tool, a, failed, part, text)
	}
}

// A location with its address and VPN credential, from the registration of both to their removal, which
// ZIA refuses as long as the location is there.
func TestLifeOfALocation(t *testing.T) {
	w := suite.Open(t, nil)
	ip := w.Member(t, "zia_create_static_ip", args{"ip_address": "203.0.113.77", "comment": "Madrid", "geo_override": true, "latitude": 40.4165, "longitude": -3.70256}, "id")
	if got := w.Member(t, "zia_get_static_ip", args{"static_ip_id": ip}, "longitude"); got != "-3.70256" {
		t.Errorf("longitude %s", got)
	}
	w.Must(t, "zia_update_static_ip", args{"static_ip_id": ip, "comment": "Madrid, fibre"})
	vpn := w.Member(t, "zia_create_vpn_credential", args{"credential_type": "UFQDN", "pre_shared_key": "not-a-real-key", "fqdn": "madrid@acme.example.com"}, "id")
	w.Must(t, "zia_update_vpn_credential", args{"credential_id": vpn, "comments": "Branch Madrid"})
	if text := w.Must(t, "zia_get_vpn_credential", args{"credential_id": vpn}); strings.Contains(text, "not-a-real-key") || !strings.Contains(text, "Branch Madrid") || !strings.Contains(text, "madrid@acme.example.com") {
		t.Errorf("the credential is %s", text)
	}
	id := w.Member(t, "zia_create_location", args{"name": "Branch Madrid", "country": "SPAIN", "tz": "SPAIN_EUROPE_MADRID", "ip_addresses": []string{"203.0.113.77"},
		"advanced": args{"vpn_credentials": []any{args{"id": atoi(t, vpn), "type": "UFQDN"}}, "surrogate_ip": true, "up_bandwidth": 10000}}, "id")
	if got := status(t, w); got != "PENDING" {
		t.Errorf("status after the changes is %s", got)
	}
	w.Must(t, "zia_update_location", args{"location_id": id, "description": "New", "advanced": args{"auth_required": true}})
	for expression, want := range map[string]string{
		"[].description": "New", "[].country": "SPAIN", "[].surrogateIP": "true", "[].authRequired": "true", "[].upBandwidth": "10000",
		"[].vpnCredentials[].fqdn": "madrid@acme.example.com", "[].ipAddresses[]": "203.0.113.77", "[].name": "Branch Madrid",
	} {
		if got := w.First(t, "zia_list_locations", args{"search": "madrid"}, expression); got != want {
			t.Errorf("%s is %s, want %s", expression, got, want)
		}
	}
	refused(t, w, "zia_delete_static_ip", args{"static_ip_id": ip}, "in use")
	refused(t, w, "zia_delete_vpn_credential", args{"credential_id": vpn}, "in use")
	w.Must(t, "zia_delete_location", args{"location_id": id})
	w.Forget()
	w.Must(t, "zia_delete_static_ip", args{"static_ip_id": ip})
	w.Must(t, "zia_delete_vpn_credential", args{"credential_id": vpn})
	want := []string{
		`Confirm this deletion: delete static ip "203.0.113.77" (static_ip_id ` + ip + ")",
		`Confirm this deletion: delete vpn credential "madrid@acme.example.com" (credential_id ` + vpn + ")",
	}
	if diff := cmp.Diff(want, w.Asked()); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	for tool, a := range map[string]args{
		"zia_get_location": {"location_id": id}, "zia_get_static_ip": {"static_ip_id": ip}, "zia_get_vpn_credential": {"credential_id": vpn},
	} {
		refused(t, w, tool, a, "status 404")
	}
}

// Records without lastModifiedBy and with members that nobody knows come through as they are.
func TestTrafficRecordsComeThrough(t *testing.T) {
	record := `{"id":7,"ipAddress":"203.0.113.1","sourceIp":"203.0.113.1","future":{"n":9007199254740993}}`
	w := suite.Open(t, paritytest.Paths(map[string]string{
		"GET /zia/api/v1/staticIP/7": record, "GET /zia/api/v1/greTunnels/7": record, "PUT /zia/api/v1/staticIP/7": record, "POST /zia/api/v1/staticIP": record,
		"GET /zia/api/v1/staticIP": "[" + record + "]", "GET /zia/api/v1/greTunnels": "[" + record + "]",
	}))
	for tool, a := range map[string]args{
		"zia_get_static_ip": {"static_ip_id": "7"}, "zia_get_gre_tunnel": {"tunnel_id": "7"}, "zia_list_static_ips": nil, "zia_list_gre_tunnels": nil,
		"zia_update_static_ip": {"static_ip_id": "7", "comment": "c"}, "zia_create_static_ip": {"ip_address": "203.0.113.1"},
	} {
		if text := w.Must(t, tool, a); !strings.Contains(text, `"future":{"n":9007199254740993}`) {
			t.Errorf("%s: %s", tool, text)
		}
	}
	want := paritytest.JSON(t, `{"id":7,"ipAddress":"203.0.113.1","sourceIp":"203.0.113.1","comment":"c","future":{"n":9007199254740993}}`)
	if diff := cmp.Diff(want, w.Last(t, "PUT").Body); diff != "" {
		t.Errorf("the update does not repeat the whole record (-want +got):\n%s", diff)
	}
}

// A location needs a way in, in either spelling of its VPN credentials.
func TestLocationNeedsAWayIn(t *testing.T) {
	credentials := []any{args{"id": 7, "type": "UFQDN"}}
	for name, test := range map[string]struct {
		args    args
		refused bool
	}{
		"nothing":          {args{"name": "n"}, true},
		"no addresses":     {args{"name": "n", "ip_addresses": []string{}}, true},
		"no credentials":   {args{"name": "n", "advanced": args{"vpn_credentials": []any{}}}, true},
		"other settings":   {args{"name": "n", "advanced": args{"auth_required": true}}, true},
		"addresses":        {args{"name": "n", "ip_addresses": []string{"203.0.113.1"}}, false},
		"snake_case":       {args{"name": "n", "advanced": args{"vpn_credentials": credentials}}, false},
		"camelCase":        {args{"name": "n", "advanced": args{"vpnCredentials": credentials}}, false},
		"advanced address": {args{"name": "n", "advanced": args{"ip_addresses": []string{"203.0.113.1"}}}, false},
	} {
		w := suite.Open(t, paritytest.Paths(map[string]string{"POST /zia/api/v1/locations": `{"id":1}`}))
		text, failed := w.Call(t, "zia_create_location", test.args)
		if failed != test.refused || failed && !strings.Contains(text, "way in") || failed != (w.Lines() == "") {
			t.Errorf("%s: refused is %v: %s\n%s", name, failed, text, w.Lines())
		}
	}
}

func TestUpdateLocationWithoutItsName(t *testing.T) {
	have := `{"id":9,"name":"Oslo","country":"NORWAY","ipAddresses":["203.0.113.1"],"vpnCredentials":[{"id":3,"type":"UFQDN","fqdn":"o@x.test"}],"surrogateIP":true}`
	w := suite.Open(t, paritytest.Paths(map[string]string{"GET /zia/api/v1/locations/9": have, "PUT /zia/api/v1/locations/9": have}))
	refused(t, w, "zia_update_location", args{"location_id": "9"}, "nothing to change")
	w.Must(t, "zia_update_location", args{"location_id": "9", "advanced": args{"surrogate_ip": false, "dn_bandwidth": 5}})
	want := strings.Replace(have, `"surrogateIP":true`, `"surrogateIP":false,"dnBandwidth":5`, 1)
	if diff := cmp.Diff(paritytest.JSON(t, want), w.Last(t).Body); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
}

// Each type of VPN credential needs the name that it goes by; the reference's tool never works.
func TestVPNCredentialNeedsItsName(t *testing.T) {
	for name, test := range map[string]struct {
		args    args
		refusal string
		body    string
	}{
		"IP":               {args{"credential_type": "IP", "ip_address": "203.0.113.1"}, "", `{"type":"IP","preSharedKey":"k","ipAddress":"203.0.113.1","fqdn":null,"comments":null}`},
		"UFQDN":            {args{"credential_type": "UFQDN", "fqdn": "a@x.test", "comments": "c"}, "", `{"type":"UFQDN","preSharedKey":"k","ipAddress":null,"fqdn":"a@x.test","comments":"c"}`},
		"IP by name":       {args{"credential_type": "IP", "fqdn": "a@x.test"}, "ip_address is needed", ""},
		"IP, empty":        {args{"credential_type": "IP", "ip_address": ""}, "ip_address is needed", ""},
		"UFQDN by address": {args{"credential_type": "UFQDN", "ip_address": "203.0.113.1"}, "fqdn is needed", ""},
		"other type":       {args{"credential_type": "CN", "fqdn": "a@x.test"}, "credential_type", ""},
	} {
		w := suite.Open(t, paritytest.Paths(map[string]string{"POST /zia/api/v1/vpnCredentials": `{"id":1}`}))
		test.args["pre_shared_key"] = "k"
		if test.refusal != "" {
			refused(t, w, "zia_create_vpn_credential", test.args, test.refusal)
			continue
		}
		w.Must(t, "zia_create_vpn_credential", test.args)
		if diff := cmp.Diff(paritytest.JSON(t, test.body), w.Last(t).Body); diff != "" {
			t.Errorf("%s: body (-want +got):\n%s", name, diff)
		}
	}
}

// An update sends the credential whole, and null for nothing.
func TestUpdateVPNCredential(t *testing.T) {
	have := `{"id":3,"type":"UFQDN","fqdn":"a@x.test","comments":"old","location":{"id":9,"name":"Oslo"},"future":1}`
	for change, want := range map[string]string{
		`"comments":"new"`:                        `"comments":"new"`,
		`"pre_shared_key":"k"`:                    `"comments":"old","preSharedKey":"k"`,
		`"pre_shared_key":"k","comments":null`:    `"comments":"old","preSharedKey":"k"`,
		`"pre_shared_key":null,"comments":"none"`: `"comments":"none"`,
	} {
		w := suite.Open(t, paritytest.Paths(map[string]string{"GET /zia/api/v1/vpnCredentials/3": have, "PUT /zia/api/v1/vpnCredentials/3": have}))
		refused(t, w, "zia_update_vpn_credential", args{"credential_id": "3"}, "nothing to change")
		w.Must(t, "zia_update_vpn_credential", paritytest.JSON(t, `{"credential_id":"3",`+change+`}`))
		whole := `{"id":3,"type":"UFQDN","fqdn":"a@x.test","location":{"id":9,"name":"Oslo"},"future":1,` + want + `}`
		if diff := cmp.Diff(paritytest.JSON(t, whole), w.Last(t, "PUT").Body); diff != "" {
			t.Errorf("%s (-want +got):\n%s", change, diff)
		}
	}
}

func TestLocationGroups(t *testing.T) {
	w := suite.Open(t, nil)
	id := w.First(t, "zia_list_location_groups", args{"name": "guest"}, "[].id")
	if got := w.Member(t, "zia_get_location_group", args{"group_id": id}, "groupType"); got != "DYNAMIC_GROUP" {
		t.Errorf("the group is %s", got)
	}
	refused(t, w, "zia_get_location_group", args{"group_id": "99999999"}, "status 404")
}

// The look-up that action names is the only one, with its own arguments.
func TestGeoSearch(t *testing.T) {
	w := suite.Open(t, nil)
	for _, test := range []struct {
		args    args
		want    string // city, or refusal
		request string
	}{
		{args{"action": "geo_by_coordinates", "latitude": 59, "longitude": 10.5, "prefix": "x"}, "Oslo", "GET /zia/api/v1/region/byGeoCoordinates?latitude=59&longitude=10.5"},
		{args{"action": "geo_by_coordinates", "latitude": 0, "longitude": 0}, "Turin", "GET /zia/api/v1/region/byGeoCoordinates?latitude=0&longitude=0"},
		{args{"action": "geo_by_ip", "ip": "203.0.113.9", "latitude": 1}, "Paris", "GET /zia/api/v1/region/byIPAddress/203.0.113.9"},
		{args{"action": "city_prefix_search", "prefix": "San", "latitude": 1, "longitude": 2}, "San Jose", "GET /zia/api/v1/region/search?prefix=San"},
		{args{"action": "geo_by_coordinates", "latitude": 59}, "needs latitude and longitude", ""},
		{args{"action": "geo_by_ip", "ip": ""}, "needs ip", ""},
		{args{"action": "geo_by_ip", "ip": "../search"}, "is not an id", ""},
		{args{"action": "geo_by_ip", "ip": "8.8.8.8"}, "status 404", "GET /zia/api/v1/region/byIPAddress/8.8.8.8"},
		{args{"action": "city_prefix_search"}, "needs prefix", ""},
		{args{"action": "by_postcode"}, "action", ""},
	} {
		w.Forget()
		text, failed := w.Call(t, "zia_geo_search", test.args)
		if !strings.Contains(text, test.want) || w.Lines() != test.request || failed == strings.Contains(text, "cityName") {
			t.Errorf("%v: %s after %q, want %s after %q", test.args, text, w.Lines(), test.want, test.request)
		}
	}
}
