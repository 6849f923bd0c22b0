package zscalertest

// A zpaKind is a ZPA resource with a unique name in its microtenant and the usual five operations.
type zpaKind struct {
	z      *zpa
	rows   *table
	check  func(in, before object) error     // judges and completes a body; before is nil on create
	show   func(object) object               // what a reader sees; never the stored object itself
	remove func(o object, forced bool) error // whether the object may go, and what goes with it
}

func (k zpaKind) routes(path string) []route {
	return []route{
		{"GET " + path, k.list},
		{"POST " + path, k.create},
		{"GET " + path + "/{id}", k.get},
		{"PUT " + path + "/{id}", k.update},
		{"DELETE " + path + "/{id}", k.delete},
	}
}

func (k zpaKind) list(c *call) (reply, error) {
	tenant := microtenantOf(c, nil)
	rows := k.rows.list(func(o object) bool { return str(o["microtenantId"]) == tenant })
	for i, o := range rows {
		rows[i] = k.show(o)
	}
	return zpaList(c, rows)
}

// find returns the object named in the path, if it belongs to the microtenant of the call.
func (k zpaKind) find(c *call, body object) (string, object, error) {
	id := c.PathValue("id")
	o, found := k.rows.get(id)
	if !found || str(o["microtenantId"]) != microtenantOf(c, body) {
		return "", nil, zpaMissing(id)
	}
	return id, o, nil
}

func (k zpaKind) get(c *call) (reply, error) {
	_, o, err := k.find(c, nil)
	if err != nil {
		return reply{}, err
	}
	return ok(k.show(o)), nil
}

// body reads and judges a write.
func (k zpaKind) body(c *call) (object, error) {
	in, err := c.object()
	if err != nil {
		return nil, zpaInvalid("invalid.request", err.Error())
	}
	if name, isText := in["name"].(string); !isText || name == "" {
		return nil, zpaInvalid("missing.required.field", "A required field is missing or not a string", "name")
	}
	return in, k.z.checkMicrotenant(str(in["microtenantId"]))
}

func (k zpaKind) create(c *call) (reply, error) {
	in, err := k.body(c)
	if err != nil {
		return reply{}, err
	}
	in["id"] = k.z.newID()
	if err := k.store(in, nil, microtenantOf(c, in)); err != nil {
		return reply{}, err
	}
	return created(k.show(in)), nil
}

// update replaces the object and answers with an empty 204.
func (k zpaKind) update(c *call) (reply, error) {
	in, err := k.body(c)
	if err != nil {
		return reply{}, err
	}
	id, before, err := k.find(c, in)
	if err != nil {
		return reply{}, err
	}
	in["id"] = id
	if err := k.store(in, before, str(before["microtenantId"])); err != nil {
		return reply{}, err
	}
	return noContent(), nil
}

func (k zpaKind) store(in, before object, tenant string) error {
	delete(in, "microtenantId")
	delete(in, "microtenantName")
	if tenant != "" {
		in["microtenantId"] = tenant
		in["microtenantName"] = k.z.microtenantName(tenant)
	}
	id, name := str(in["id"]), str(in["name"])
	if k.taken(name, id, tenant) {
		return zpaInvalid("resource.already.exist", "An object with this name already exists", name)
	}
	if err := k.check(in, before); err != nil {
		return err
	}
	for field, v := range in {
		if v == nil {
			delete(in, field)
		}
	}
	k.z.stamp(in, before)
	k.rows.put(str(in["id"]), in) // which check may have chosen
	return nil
}

func (k zpaKind) taken(name, id, tenant string) bool {
	return len(k.rows.list(func(o object) bool {
		return str(o["name"]) == name && str(o["id"]) != id && str(o["microtenantId"]) == tenant
	})) > 0
}

func (k zpaKind) delete(c *call) (reply, error) {
	id, o, err := k.find(c, nil)
	if err != nil {
		return reply{}, err
	}
	if err := k.remove(o, c.query.Get("forceDelete") == "true"); err != nil {
		return reply{}, err
	}
	k.rows.remove(id)
	return noContent(), nil
}

func (z *zpa) microtenantName(id string) any {
	o, _ := z.directory["microtenants"].get(id)
	return o["name"]
}
