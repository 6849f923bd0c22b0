package zscalertest

import (
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
	"time"
)

const (
	ziaBase        = "/zia/api/v1"
	ziaPageSize    = 100
	ziaMaxPageSize = 1000
)

// zia is the state of Zscaler Internet Access. Writes are staged until they are activated.
type zia struct {
	now        func() time.Time
	labels     *table
	rules      *table
	categories *table
	directory  map[string]*table // what rules refer to, by field of the rule
	tables     map[string]*table // what has no behaviour of its own, by name of its seed
	settings   map[string]object // singletons
	lookups    []object          // classification of well-known hosts
	policies   []route           // of the rules besides URL filtering, threat protection and the sandbox
	labelled   []*table          // rules that carry labels
	firewall   *ziaFirewall
	status     string
	lastID     int
}

func newZIA(opts Options) *zia {
	data := seed("zia")
	maps.Copy(data, seed("zia_people"))
	maps.Copy(data, seed("zia_traffic"))
	z := &zia{now: opts.Clock, status: "ACTIVE", lastID: 2401500, lookups: data["lookups"], directory: map[string]*table{}, tables: map[string]*table{}, settings: map[string]object{}}
	z.labels = tableOf(data["ruleLabels"], "id", opts.Empty, nil)
	z.rules = tableOf(data["urlFilteringRules"], "id", opts.Empty, nil)
	z.categories = tableOf(data["urlCategories"], "id", opts.Empty, func(o object) bool { return o["customCategory"] != true })
	for _, field := range []string{"locations", "groups", "departments", "users", "timeWindows"} {
		z.directory[field] = tableOf(data[field], "id", opts.Empty, nil)
	}
	z.directory["labels"] = z.labels
	z.labelled = []*table{z.rules}
	z.policies = z.policyRoutes(seed("zia_policies"), opts.Empty)
	z.firewall = newZIAFirewall(z, opts.Empty)
	z.seedTraffic(opts)
	z.seedSettings(opts)
	return z
}

func (z *zia) routes() []route {
	labels := ziaKind{z: z, rows: z.labels, required: []string{"name"}, owned: []string{"createdBy"}, show: z.showLabel}
	rules := ziaKind{z: z, rows: z.rules, required: []string{"name", "order", "action"}, owned: []string{"accessControl"},
		check: z.checkRule, show: z.showRule, arrange: z.arrangeRules}
	var out []route
	out = append(out, labels.routes(ziaBase+"/ruleLabels")...)
	out = append(out, rules.routes(ziaBase+"/urlFilteringRules")...)
	out = append(out, z.categoryRoutes()...)
	out = append(out, z.policies...)
	out = append(out, z.firewall.routes()...)
	out = append(out, z.trafficRoutes()...)
	out = append(out, z.peopleRoutes()...)
	out = append(out, z.settingsRoutes()...)
	return append(out,
		route{"GET " + ziaBase + "/status", z.getStatus},
		route{"POST " + ziaBase + "/status/activate", z.activate},
	)
}

func (z *zia) getStatus(*call) (reply, error) { return ok(object{"status": z.status}), nil }

func (z *zia) activate(*call) (reply, error) {
	z.status = "ACTIVE"
	return ok(object{"status": z.status}), nil
}

// stage notes that there are changes to activate.
func (z *zia) stage() { z.status = "PENDING" }

func (z *zia) newID() int {
	z.lastID++
	return z.lastID
}

// stamp writes the fields that tell of the last change.
func (z *zia) stamp(o object) {
	o["lastModifiedTime"] = z.now().Unix()
	o["lastModifiedBy"] = object{"id": 2400017, "name": "oneapi-client@acme.example.com"}
}

func ziaRefusal(status int, code, message string) error {
	return &refusal{reply{status: status, body: object{"code": code, "message": message}}}
}

func ziaInvalid(message string) error {
	return ziaRefusal(http.StatusBadRequest, "INVALID_INPUT_ARGUMENT", message)
}

func ziaMissing(id string) error {
	return ziaRefusal(http.StatusNotFound, "RESOURCE_NOT_FOUND", "Resource with id "+id+" does not exist")
}

func ziaDuplicate(name string) error {
	return ziaRefusal(http.StatusConflict, "DUPLICATE_ITEM", "Name '"+name+"' is already in use")
}

func ziaObject(c *call, required ...string) (object, error) {
	o, err := c.object()
	if err != nil {
		return nil, ziaInvalid(err.Error())
	}
	for _, field := range required {
		if v := o[field]; v == nil || v == "" {
			return nil, ziaInvalid("Required field '" + field + "' is missing")
		}
	}
	return o, nil
}

// ziaPage cuts rows by page (from 1) and pageSize.
func ziaPage(c *call, rows []object) ([]object, error) {
	page, size := 1, ziaPageSize
	var err error
	if v := c.query.Get("page"); v != "" {
		if page, err = strconv.Atoi(v); err != nil || page < 1 {
			return nil, ziaInvalid("page must be a positive integer")
		}
	}
	if v := c.query.Get("pageSize"); v != "" {
		if size, err = strconv.Atoi(v); err != nil || size < 1 || size > ziaMaxPageSize {
			return nil, ziaInvalid("pageSize must be between 1 and 1000")
		}
	}
	return window(rows, (page-1)*size, size), nil
}

// number returns a JSON integer.
func number(v any) (int, bool) {
	n, isNumber := v.(json.Number)
	if !isNumber {
		return 0, false
	}
	i, err := strconv.Atoi(n.String())
	return i, err == nil
}

func ziaNumber(i int) json.Number { return json.Number(strconv.Itoa(i)) }
