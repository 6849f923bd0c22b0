package zscalertest

import (
	"maps"
	"net/http"
	"slices"
	"time"
)

const (
	zpaV1         = "/zpa/mgmtconfig/v1/admin/customers/{customer}"
	zpaV2         = "/zpa/mgmtconfig/v2/admin/customers/{customer}"
	zpaUserConfig = "/zpa/userconfig/v1/customers/{customer}"
	zpaAdminID    = "288341529047105601"
)

// zpa is the state of Zscaler Private Access. Every object belongs to the default tenant or to one microtenant.
type zpa struct {
	now       func() time.Time
	segments  *table // application segments
	groups    *table // segment groups
	sets      *table // policy sets
	rules     *table
	scim      *table
	directory map[string]*table // what else segments and rules refer to
	names     map[string]string // operand names, by object type and value
	lastID    int64
	lastShort int
}

func newZPA(opts Options) *zpa {
	data := seed("zpa")
	for _, more := range []string{"zpa_connectivity", "zpa_privileged", "zpa_references"} {
		maps.Copy(data, seed(more))
	}
	z := &zpa{now: opts.Clock, lastID: 288341529047190000, lastShort: 8100, directory: map[string]*table{}, names: map[string]string{}}
	z.segments = tableOf(data["application"], "id", opts.Empty, nil)
	z.groups = tableOf(data["segmentGroup"], "id", opts.Empty, nil)
	z.sets = tableOf(data["policySet"], "id", false, nil)
	z.rules = tableOf(data["rule"], "id", opts.Empty, isDefaultRule)
	z.scim = tableOf(data["scimgroup"], "id", opts.Empty, nil)
	for kind, rows := range data {
		z.directory[kind] = tableOf(rows, keyOf(kind), opts.Empty && !slices.Contains(builtIn, kind), nil)
	}
	for _, o := range data["operandNames"] {
		z.names[str(o["objectType"])+"/"+str(o["value"])] = str(o["name"])
	}
	return z
}

// builtIn are the kinds of object that every tenant has from the start.
var builtIn = []string{"enrollmentCert", "versionProfile", "lssFormat", "lssClientType", "lssStatusCode"}

// keyOf returns the member that tells the rows of a seeded kind apart.
func keyOf(kind string) string {
	switch kind {
	case "lssFormat":
		return "logType"
	case "operandNames":
		return "value"
	case "lssStatusCode":
		return "key"
	}
	return "id"
}

func isDefaultRule(o object) bool { return o["defaultRule"] == true }

func (z *zpa) routes() []route {
	groups := zpaKind{z: z, rows: z.groups, check: z.checkGroup, show: z.showGroup, remove: z.checkGroupUnused}
	segments := zpaKind{z: z, rows: z.segments, check: z.checkSegment, show: z.showSegment, remove: z.releaseSegment}
	var table []route
	table = append(table, groups.routes(zpaV1+"/segmentGroup")...)
	table = append(table, segments.routes(zpaV1+"/application")...)
	table = append(table,
		route{"PUT " + zpaV2 + "/segmentGroup/{id}", groups.update},
		route{"GET " + zpaV1 + "/application/getAppsByType", z.appsByType},
		route{"GET " + zpaUserConfig + "/scimgroup/idpId/{idp}", z.scimGroups},
		route{"GET " + zpaUserConfig + "/scimgroup/{id}", z.scimGroup},
	)
	table = append(table, z.policyRoutes()...)
	table = append(table, z.connectivityRoutes()...)
	table = append(table, z.privilegedRoutes()...)
	table = append(table, z.referenceRoutes()...)
	for i := range table {
		table[i].serve = z.ofCustomer(table[i].serve)
	}
	return append(table, route{"GET /zpa/mgmtconfig/v2/admin/lssConfig/statusCodes", z.lssStatusCodes})
}

// ofCustomer refuses the path of another customer and unknown microtenants.
func (z *zpa) ofCustomer(serve func(*call) (reply, error)) func(*call) (reply, error) {
	return func(c *call) (reply, error) {
		if c.PathValue("customer") != customerID {
			return reply{}, zpaRefusal(http.StatusForbidden, "authorization.failed", "The API client has no access to this customer", c.PathValue("customer"))
		}
		if err := z.checkMicrotenant(c.query.Get("microtenantId")); err != nil {
			return reply{}, err
		}
		return serve(c)
	}
}

func (z *zpa) checkMicrotenant(id string) error {
	if _, found := z.directory["microtenants"].get(id); id != "" && id != "0" && id != microtenantID && !found {
		return zpaRefusal(http.StatusBadRequest, "invalid.microtenant", "The microtenant does not exist", id)
	}
	return nil
}

// microtenantOf returns the microtenant that a call acts in: the query goes before the body. It is
// "" for the default tenant.
func microtenantOf(c *call, body object) string {
	id := c.query.Get("microtenantId")
	if id == "" {
		id = str(body["microtenantId"])
	}
	if id == "0" {
		return ""
	}
	return id
}
