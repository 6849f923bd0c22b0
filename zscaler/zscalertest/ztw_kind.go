package zscalertest

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
)

// A ztwKind is a kind of address groups of Cloud and Branch Connector.
type ztwKind struct {
	z        *ztw
	rows     *table
	required []string
	check    func(object) error // judges a body; nil: nothing more to judge
	lite     []string           // fields of the short list
	usedAs   string             // field of traffic rules that refers to such groups
}

func (k ztwKind) routes(path string) []route {
	return []route{
		{"GET " + path, k.list(nil)},
		{"GET " + path + "/lite", k.list(k.lite)},
		{"POST " + path, k.create},
		{"GET " + path + "/{id}", k.get},
		{"PUT " + path + "/{id}", k.update},
		{"DELETE " + path + "/{id}", k.remove},
	}
}

// list does not page: the service answers all groups. The short list does not search either.
func (k ztwKind) list(fields []string) func(*call) (reply, error) {
	return func(c *call) (reply, error) {
		rows := k.rows.list(func(o object) bool {
			excluded := c.query.Get("excludeType")
			return (excluded == "" || excluded != o["type"]) && (fields != nil || contains(str(o["name"]), c.query.Get("search")))
		})
		for i, o := range rows {
			if fields != nil {
				rows[i] = pick(o, fields...)
			}
		}
		return ok(rows), nil
	}
}

func (k ztwKind) find(c *call) (string, object, error) {
	id := c.PathValue("id")
	if _, err := strconv.Atoi(id); err != nil {
		return "", nil, ziaInvalid("Invalid id: " + id)
	}
	o, found := k.rows.get(id)
	if !found {
		return "", nil, ziaMissing(id)
	}
	return id, o, nil
}

func (k ztwKind) get(c *call) (reply, error) {
	_, o, err := k.find(c)
	return ok(o), err
}

// body reads and judges what a client wants the group with this id to be.
func (k ztwKind) body(c *call, id string) (object, error) {
	in, err := ziaObject(c, k.required...)
	if err != nil {
		return nil, err
	}
	name, isText := in["name"].(string)
	if !isText {
		return nil, ziaInvalid("name must be a string")
	}
	for _, member := range []string{"ipAddresses", "addresses", "countries"} {
		if value := in[member]; value != nil && (list(value) == nil || slices.ContainsFunc(list(value), func(v any) bool { _, isText := v.(string); return !isText })) {
			return nil, ziaInvalid(member + " must be a list of strings")
		}
	}
	if slices.Contains(k.required, "ipAddresses") && len(list(in["ipAddresses"])) == 0 {
		return nil, ziaInvalid("ipAddresses must not be empty")
	}
	if k.rows.named("name", name, id) {
		return nil, ziaDuplicate(name)
	}
	o := without(in, "id", "creatorContext", "isNonEditable")
	if k.check != nil {
		return o, k.check(o)
	}
	return o, nil
}

func (k ztwKind) create(c *call) (reply, error) {
	o, err := k.body(c, "")
	if err != nil {
		return reply{}, err
	}
	k.z.lastID++
	return k.store(strconv.Itoa(k.z.lastID), o), nil
}

// update replaces the group: what the body does not name is gone.
func (k ztwKind) update(c *call) (reply, error) {
	id, _, err := k.find(c)
	if err != nil {
		return reply{}, err
	}
	o, err := k.body(c, id)
	if err != nil {
		return reply{}, err
	}
	return k.store(id, o), nil
}

func (k ztwKind) store(id string, o object) reply {
	o["id"], o["creatorContext"], o["isNonEditable"] = json.Number(id), "EC", false
	k.rows.put(id, o)
	k.z.status = "EDITS_PRESENT"
	return ok(o)
}

func (k ztwKind) remove(c *call) (reply, error) {
	id, _, err := k.find(c)
	if err != nil {
		return reply{}, err
	}
	for _, rule := range k.z.rows["trafficRules"].list(nil) {
		for _, reference := range list(rule[k.usedAs]) {
			if group, _ := reference.(object); str(group["id"]) == id {
				return reply{}, ziaRefusal(http.StatusConflict, "RESOURCE_IN_USE", "The group is used by rule "+str(rule["name"]))
			}
		}
	}
	k.rows.remove(id)
	k.z.status = "EDITS_PRESENT"
	return noContent(), nil
}

var (
	ztwCountry   = regexp.MustCompile(`^COUNTRY_[A-Z]{2}$`)
	destinations = []string{"DSTN_IP", "DSTN_FQDN", "DSTN_DOMAIN", "DSTN_OTHER"}
)

// checkDestinations judges a destination group: countries are for one type only.
func checkDestinations(o object) error {
	countries := list(o["countries"])
	switch {
	case !slices.Contains(destinations, str(o["type"])):
		return ziaInvalid("type must be DSTN_IP, DSTN_FQDN, DSTN_DOMAIN or DSTN_OTHER")
	case len(countries) > 0 && o["type"] != "DSTN_OTHER":
		return ziaInvalid("countries are for groups of type DSTN_OTHER")
	case slices.ContainsFunc(countries, func(v any) bool { return !ztwCountry.MatchString(str(v)) }):
		return ziaInvalid("countries must be of the form COUNTRY_XX")
	}
	return nil
}
