package zscalertest

// A shared table is one that an administrator does not change by the API, and that every microtenant sees.
type shared struct{ rows *table }

func (s shared) list(c *call) (reply, error) { return zpaList(c, s.rows.list(nil)) }

func (s shared) get(c *call) (reply, error) {
	o, found := s.rows.get(c.PathValue("id"))
	if !found {
		return reply{}, zpaMissing(c.PathValue("id"))
	}
	return ok(o), nil
}

// referenceRoutes are what policies refer to, and log streaming.
func (z *zpa) referenceRoutes() []route {
	at := func(kind string) shared { return shared{z.directory[kind]} }
	lss := zpaV2 + "/lssConfig"
	return []route{
		{"GET " + zpaV2 + "/enrollmentCert", at("enrollmentCert").list},
		{"GET " + zpaV1 + "/enrollmentCert/{id}", at("enrollmentCert").get},
		{"GET " + zpaV1 + "/visible/versionProfiles", at("versionProfile").list},
		{"GET " + zpaV2 + "/idp", at("idp").list},
		{"GET " + zpaV2 + "/samlAttribute", at("samlAttribute").list},
		{"GET " + zpaV2 + "/samlAttribute/idp/{idp}", z.samlAttributes},
		{"GET " + zpaV1 + "/idp/{idp}/scimattribute", z.scimAttributes},
		{"GET " + zpaV1 + "/idp/{idp}/scimattribute/{id}", z.scimAttribute},
		{"GET " + zpaV2 + "/posture", at("posture").list},
		{"GET " + zpaV1 + "/posture/{id}", at("posture").get},
		{"GET " + zpaV2 + "/network", at("network").list},
		{"GET " + zpaV1 + "/network/{id}", at("network").get},
		{"GET " + zpaV1 + "/inspectionProfile", at("inspectionProfile").list},
		{"GET /zpa/cbiconfig/cbi/api/customers/{customer}/profiles", z.isolationProfiles},
		{"GET " + lss, z.lssConfigs},
		{"GET " + lss + "/{id}", at("lssConfig").get},
		{"GET " + lss + "/logType/formats", z.lssFormats},
		{"GET /zpa/mgmtconfig/v2/admin/lssConfig/customers/{customer}/clientTypes", z.lssClientTypes},
	}
}

// ofIDP returns the rows of an identity provider, which has to exist.
func (z *zpa) ofIDP(c *call, kind, search string) ([]object, error) {
	idp := c.PathValue("idp")
	if _, found := z.directory["idp"].get(idp); !found {
		return nil, zpaMissing(idp)
	}
	return z.directory[kind].list(func(o object) bool {
		return str(o["idpId"]) == idp && contains(str(o["name"]), search)
	}), nil
}

func (z *zpa) samlAttributes(c *call) (reply, error) {
	rows, err := z.ofIDP(c, "samlAttribute", "")
	if err != nil {
		return reply{}, err
	}
	return zpaList(c, rows)
}

// scimAttributes takes plain text as search, unlike other lists of mgmtconfig.
func (z *zpa) scimAttributes(c *call) (reply, error) {
	search := c.query.Get("search")
	rows, err := z.ofIDP(c, "scimAttribute", search)
	if err != nil {
		return reply{}, err
	}
	c.query.Del("search")
	return zpaList(c, rows)
}

func (z *zpa) scimAttribute(c *call) (reply, error) {
	o, found := z.directory["scimAttribute"].get(c.PathValue("id"))
	if !found || str(o["idpId"]) != c.PathValue("idp") {
		return reply{}, zpaMissing(c.PathValue("id"))
	}
	return ok(o), nil
}

// isolationProfiles answers a plain array and does not page.
func (z *zpa) isolationProfiles(*call) (reply, error) {
	return ok(z.directory["isolationProfile"].list(nil)), nil
}

// lssConfigs searches by the name, which stands inside of config.
func (z *zpa) lssConfigs(c *call) (reply, error) {
	var rows []object
	for _, o := range z.directory["lssConfig"].list(nil) {
		row := without(o)
		row["name"] = o["config"].(object)["name"]
		rows = append(rows, row)
	}
	answer, err := zpaList(c, rows)
	for _, row := range rows {
		delete(row, "name")
	}
	return answer, err
}

func (z *zpa) lssFormats(c *call) (reply, error) {
	format, found := z.directory["lssFormat"].get(c.query.Get("logType"))
	if !found {
		return reply{}, zpaInvalid("invalid.log.type", "The log type is unknown", c.query.Get("logType"))
	}
	return ok(pick(format, "csv", "json", "tsv")), nil
}

func (z *zpa) lssClientTypes(*call) (reply, error) {
	types := object{}
	for _, o := range z.directory["lssClientType"].list(nil) {
		types[str(o["id"])] = o["name"]
	}
	return ok(types), nil
}

// lssStatusCodes answers the codes by log type. They are the same for every customer.
func (z *zpa) lssStatusCodes(*call) (reply, error) {
	types := object{}
	for _, o := range z.directory["lssStatusCode"].list(nil) {
		kind := str(o["logType"])
		if types[kind] == nil {
			types[kind] = object{}
		}
		types[kind].(object)[str(o["code"])] = pick(o, "name", "status", "errorType", "adminAction")
	}
	return ok(types), nil
}
