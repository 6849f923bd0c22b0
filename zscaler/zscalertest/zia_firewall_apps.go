package zscalertest

// appRoutes serve the network applications, which only Zscaler adds.
func (f *ziaFirewall) appRoutes() []route {
	path := ziaBase + "/networkApplications"
	return []route{{"GET " + path, f.listApps}, {"GET " + path + "/{id}", f.getApp}}
}

func (f *ziaFirewall) listApps(c *call) (reply, error) {
	search := c.query.Get("search")
	rows, err := ziaPage(c, f.apps.list(func(o object) bool {
		return search == "" || contains(str(o["id"]), search) || contains(str(o["description"]), search)
	}))
	return ok(rows), err
}

func (f *ziaFirewall) getApp(c *call) (reply, error) {
	o, found := f.apps.get(c.PathValue("id"))
	if !found {
		return reply{}, ziaMissing(c.PathValue("id"))
	}
	return ok(o), nil
}
