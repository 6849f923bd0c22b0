package zscalertest_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/zscaler/zscalertest"
)

const (
	connectorGroups = zpaV1 + "/appConnectorGroup"
	paris           = "288341529047100401"
	edgeGroups      = zpaV1 + "/serviceEdgeGroup"
	keys            = zpaV1 + "/associationType/CONNECTOR_GRP/provisioningKey"
)

// TestGroupsRefuseAndForget is what groups judge: references, use, texts, and members that the API does not have.
func TestGroupsRefuseAndForget(t *testing.T) {
	c := start(t, zscalertest.Options{})
	c.wantCode(400, "missing.required.field", "POST", connectorGroups, `{"description":"d"}`)
	c.wantCode(400, "resource.already.exist", "POST", connectorGroups, `{"name":"Connectors Oslo"}`)
	c.wantCode(400, "invalid.country.code", "POST", connectorGroups, `{"name":"N","countryCode":"Norway"}`)
	c.wantCode(400, "resource.not.found", "POST", connectorGroups, `{"name":"N","connectors":[{"id":"1"}]}`)
	c.wantCode(400, "resource.in.use", "DELETE", connectorGroups+"/"+paris, "")
	made := c.want(201, "POST", connectorGroups, `{"name":"N","serverGroupIds":["288341529047100301"],"connectorIds":["288341529047101201"],"versionProfile":"2"}`).object()
	if made["serverGroups"] != nil || made["connectors"] != nil || made["versionProfileId"] != "0" || made["versionProfile"] != nil {
		t.Errorf("names that the API does not have did something: %v", made)
	}
	path := connectorGroups + "/" + text(made["id"])
	c.want(204, "PUT", path, `{"name":"N","serverGroups":[{"id":"288341529047100301"}],"connectors":[{"id":"288341529047101201"}],"versionProfileId":"2"}`)
	got := c.want(200, "GET", path, "").object()
	if got["versionProfileName"] != "New Release" || names(got["connectors"].([]any), "name")[0] != "paris-1" || names(got["serverGroups"].([]any), "name")[0] != "Headquarters servers" {
		t.Errorf("replaced %v", got)
	}
	c.want(204, "PUT", path, `{"name":"N"}`)
	if got = c.want(200, "GET", path, "").object(); got["serverGroups"] != nil || got["connectors"] == nil {
		t.Errorf("a PUT without lists empties that of the server groups, and connectors stay somewhere: %v", got)
	}
	const place = `{"name":"E","latitude":"1","longitude":"2","location":"l"`
	for _, bad := range []string{`{"name":"E","latitude":"1"}`, place + `,"isPublic":true}`, place + `,"graceDistanceValue":5}`, place + `,"trustedNetworks":[{"id":"1"}]}`} {
		c.want(400, "POST", edgeGroups, bad)
	}
	c.want(201, "POST", edgeGroups, place+`,"isPublic":"TRUE","graceDistanceValue":"5"}`)
}

func TestServerGroupsRefuse(t *testing.T) {
	c := start(t, zscalertest.Options{})
	path := zpaV1 + "/serverGroup"
	for _, bad := range []string{
		`{"name":"N","dynamicDiscovery":true}`, `{"name":"N","appConnectorGroups":[{"id":"1"}]}`, `{"name":"N","appConnectorGroups":[{"id":"` + paris + `"}]}`,
		`{"name":"N","appConnectorGroups":[{"id":"` + paris + `"}],"dynamicDiscovery":true,"applications":[{"id":"1"}]}`,
	} {
		c.want(400, "POST", path, bad)
	}
	c.want(201, "POST", path, `{"name":"N","appConnectorGroups":[{"id":"`+paris+`"}],"dynamicDiscovery":true}`)
	c.wantCode(400, "resource.in.use", "DELETE", path+"/288341529047100301", "")
	c.wantCode(400, "resource.in.use", "DELETE", zpaV1+"/server/288341529047101101", "")
	if apps := c.want(200, "GET", path+"/288341529047100301", "").object()["applications"].([]any); len(apps) == 0 {
		t.Error("a server group shows the segments that use it")
	}
}

// TestDevices: connectors cannot be created, keep what they tell of themselves, and are deleted all or none.
func TestDevices(t *testing.T) {
	c := start(t, zscalertest.Options{})
	path := zpaV1 + "/connector"
	c.want(404, "POST", path, `{"name":"N"}`)
	one := path + "/288341529047101201"
	c.want(204, "PUT", one, `{"name":"renamed","enabled":true,"publicIp":"1.2.3.4"}`)
	if got := c.want(200, "GET", one, "").object(); got["name"] != "renamed" || got["publicIp"] != "192.0.2.11" || got["description"] != nil {
		t.Errorf("changed %v", got)
	}
	c.want(404, "POST", path+"/bulkDelete", `{"ids":["288341529047101201","1"]}`)
	c.want(400, "POST", path+"/bulkDelete", `{"ids":[]}`)
	c.want(200, "GET", one, "")
	c.want(204, "POST", path+"/bulkDelete", `{"ids":["288341529047101201"]}`)
	c.want(404, "GET", one, "")
}

// TestSecretsAreTaken: keys answer 200 and show themselves; passwords and private keys never come back.
func TestSecretsAreTaken(t *testing.T) {
	c := start(t, zscalertest.Options{})
	for _, bad := range []string{`{"name":"K","maxUsage":"1","enrollmentCertId":"6573"}`, `{"name":"K","maxUsage":"1","zcomponentId":"` + paris + `"}`, `{"name":"K","maxUsage":"1","componentId":"` + paris + `","enrollmentCertId":"6573"}`} {
		c.wantCode(400, "missing.required.field", "POST", keys, bad)
	}
	made := c.want(200, "POST", keys, `{"name":"K","maxUsage":"1","zcomponentId":"`+paris+`","enrollmentCertId":"6573"}`).object()
	if made["provisioningKey"] == nil || made["zcomponentName"] != "Connectors Paris" {
		t.Errorf("created %v", made)
	}
	c.want(404, "GET", strings.Replace(keys, "CONNECTOR_GRP", "SERVICE_EDGE_GRP", 1)+"/"+text(made["id"]), "")
	credentials := zpaV1 + "/credential"
	for _, bad := range []string{`{"name":"C","credentialType":"OTHER"}`, `{"name":"C","credentialType":"PASSWORD"}`, `{"name":"C","credentialType":"PASSWORD","password":"p","userName":"u"}`} {
		c.want(400, "POST", credentials, bad)
	}
	a := c.want(201, "POST", credentials, `{"name":"C","credentialType":"PASSWORD","password":"simulated"}`)
	if strings.Contains(a.text, "simulated") {
		t.Errorf("the answer shows the password: %s", a.text)
	}
	c.wantCode(400, "invalid.credential.type", "PUT", credentials+"/"+text(a.object()["id"]), `{"name":"C","credentialType":"SSH_KEY","userName":"u","privateKey":"k"}`)
	c.wantCode(400, "invalid.certificate", "POST", zpaV1+"/certificate", `{"name":"N","certBlob":"x"}`)
	c.wantCode(400, "resource.in.use", "DELETE", zpaV1+"/certificate/7502", "")
}

// TestReferences: SCIM attributes take plain text, profiles of isolation are an array, and log formats know their kinds.
func TestReferences(t *testing.T) {
	c := start(t, zscalertest.Options{})
	scim := zpaV1 + "/idp/288341529047100501/scimattribute"
	if got := names(rows(c.want(200, "GET", scim+"?search=DEPART", "")), "name"); !cmp.Equal(got, []string{"department"}) {
		t.Errorf("found %v", got)
	}
	if got := rows(c.want(200, "GET", scim+"?search="+url.QueryEscape("name+EQ+department"), "")); len(got) != 0 {
		t.Errorf("an expression found %v", got)
	}
	c.want(404, "GET", zpaV1+"/idp/1/scimattribute", "")
	c.want(404, "GET", zpaV1+"/idp/288341529047100503/scimattribute/288341529047101803", "")
	if got := c.want(200, "GET", "/zpa/cbiconfig/cbi/api/customers/"+c.tenant.CustomerID+"/profiles", "").list(); len(got) != 3 {
		t.Errorf("isolation profiles: %v", got)
	}
	c.want(200, "GET", zpaV2+"/lssConfig/logType/formats?logType=zpn_trans_log", "")
	c.wantCode(400, "invalid.log.type", "GET", zpaV2+"/lssConfig/logType/formats?logType=user_activity", "")
	c.want(200, "GET", "/zpa/mgmtconfig/v2/admin/lssConfig/statusCodes", "")
	c.want(403, "GET", "/zpa/mgmtconfig/v2/admin/lssConfig/customers/1/clientTypes", "")
	// What every tenant has from the start is there in an empty one, too.
	empty := start(t, zscalertest.Options{Empty: true})
	if got := rows(empty.want(200, "GET", zpaV2+"/enrollmentCert", "")); len(got) != 5 {
		t.Errorf("enrollment certificates of an empty tenant: %v", got)
	}
	if got := rows(empty.want(200, "GET", connectorGroups, "")); len(got) != 0 {
		t.Errorf("groups of an empty tenant: %v", got)
	}
}
