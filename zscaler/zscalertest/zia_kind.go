package zscalertest

import (
	"encoding/json"
	"strconv"
)

// A ziaKind is a ZIA resource with integer ids, a unique name and the usual five operations.
type ziaKind struct {
	z        *zia
	rows     *table
	required []string
	owned    []string                       // fields that only the server writes, kept on PUT
	check    func(object) error             // judges and completes a body
	show     func(object) object            // what a reader sees; never the stored object itself
	arrange  func(changed object, from int) // after a write; from is the former order, 0 for none

	keep       func(*call, object) bool   // narrows a list besides search
	unsearched bool                       // the list does not know search
	unpaged    bool                       // the list does not know page and pageSize
	guard      func(string, object) error // may forbid a deletion
	label      func(object) string        // member that names an object and is unique; nil: name
}

func (k ziaKind) routes(path string) []route {
	return []route{
		{"GET " + path, k.list},
		{"POST " + path, k.create},
		{"GET " + path + "/{id}", k.get},
		{"PUT " + path + "/{id}", k.update},
		{"DELETE " + path + "/{id}", k.remove},
	}
}

func (k ziaKind) list(c *call) (reply, error) {
	search := c.query.Get("search")
	rows := k.rows.list(func(o object) bool {
		found := search == "" || k.unsearched || contains(str(o["name"]), search) || contains(str(o["description"]), search)
		return found && (k.keep == nil || k.keep(c, o))
	})
	if k.arrange != nil {
		sortByOrder(rows)
	}
	var err error
	if !k.unpaged {
		rows, err = ziaPage(c, rows)
	}
	for i, o := range rows {
		rows[i] = k.show(o)
	}
	return ok(rows), err
}

// find returns the object named in the path.
func (k ziaKind) find(c *call) (string, object, error) {
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

func (k ziaKind) get(c *call) (reply, error) {
	_, o, err := k.find(c)
	if err != nil {
		return reply{}, err
	}
	return ok(k.show(o)), nil
}

// body reads and judges what a client wants the object with this id to be; "" for a new one.
func (k ziaKind) body(c *call, id string) (object, error) {
	in, err := ziaObject(c, k.required...)
	if err != nil {
		return nil, err
	}
	label := "name"
	if k.label != nil {
		label = k.label(in)
	}
	name, isText := in[label].(string)
	if !isText || name == "" {
		return nil, ziaInvalid(label + " must be a string")
	}
	if k.rows.named(label, name, id) {
		return nil, ziaDuplicate(name)
	}
	o := without(in, append([]string{"id", "lastModifiedTime", "lastModifiedBy", "referencedRuleCount"}, k.owned...)...)
	if id != "" {
		o["id"] = json.Number(id)
	}
	if k.check != nil {
		return o, k.check(o)
	}
	return o, nil
}

func (k ziaKind) create(c *call) (reply, error) {
	o, err := k.body(c, "")
	if err != nil {
		return reply{}, err
	}
	id := ziaNumber(k.z.newID())
	o["id"] = id
	for _, field := range k.owned {
		o[field] = ownedDefaults[field]
	}
	return k.store(id.String(), o, 0), nil
}

// ownedDefaults are the server's own fields of a new object.
var ownedDefaults = object{
	"accessControl":  "READ_WRITE",
	"createdBy":      object{"id": 2400017, "name": "oneapi-client@acme.example.com"},
	"creatorContext": "ZIA",
	"type":           "CUSTOM",
}

// update replaces the object: what the body does not name is gone.
func (k ziaKind) update(c *call) (reply, error) {
	id, before, err := k.find(c)
	if err != nil {
		return reply{}, err
	}
	o, err := k.body(c, id)
	if err != nil {
		return reply{}, err
	}
	for field, v := range pick(before, append([]string{"id"}, k.owned...)...) {
		o[field] = v
	}
	from, _ := number(before["order"])
	return k.store(id, o, from), nil
}

func (k ziaKind) store(id string, o object, from int) reply {
	k.z.stamp(o)
	k.rows.put(id, o)
	if k.arrange != nil {
		k.arrange(o, from)
	}
	k.z.stage()
	return ok(k.show(o))
}

func (k ziaKind) remove(c *call) (reply, error) {
	id, o, err := k.find(c)
	if err != nil {
		return reply{}, err
	}
	if k.guard != nil {
		if err := k.guard(id, o); err != nil {
			return reply{}, err
		}
	}
	k.rows.remove(id)
	if from, ordered := number(o["order"]); ordered {
		shift(k.rows, nil, from+1, len(k.rows.order)+1, -1)
	}
	k.z.dropReferences("labels", id)
	k.z.stage()
	return noContent(), nil
}
