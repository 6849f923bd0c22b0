package zscalertest

// scimGroups lists the groups of an identity provider. Unlike mgmtconfig, userconfig has numbers as
// totals and ids, some above 2^53, and takes plain text as search.
func (z *zpa) scimGroups(c *call) (reply, error) {
	search := c.query.Get("search")
	rows := z.scim.list(func(o object) bool {
		return str(o["idpId"]) == c.PathValue("idp") && contains(str(o["name"]), search)
	})
	rows, pages, total, err := zpaPage(c, rows)
	return zpaEnvelope(rows, pages, total), err
}

func (z *zpa) scimGroup(c *call) (reply, error) {
	o, found := z.scim.get(c.PathValue("id"))
	if !found {
		return reply{}, zpaMissing(c.PathValue("id"))
	}
	return ok(o), nil
}
