package zscalertest

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

const maxShadowITPage = 1000

// seedSettings fills in singletons, and the lists of people's devices and of cloud applications.
func (z *zia) seedSettings(opts Options) {
	people, data := seed("zia_people"), seed("zia_settings")
	z.tables["workloadGroups"] = tableOf(people["workloadGroups"], "id", opts.Empty, nil)
	z.tables["devices"] = tableOf(people["devices"], "id", opts.Empty, nil)
	z.tables["deviceGroups"] = tableOf(people["deviceGroups"], "id", opts.Empty, func(o object) bool { return o["predefined"] == true })
	z.tables["cloudApplications"] = tableOf(data["cloudApplications"], "id", opts.Empty, func(object) bool { return true })
	z.tables["customTags"] = tableOf(data["customTags"], "id", opts.Empty, nil)
	for _, name := range []string{"mobileAdvanceThreatSettings", "advancedSettings", "exemptedUrls"} {
		z.settings[name] = without(data[name][0])
	}
	if opts.Empty {
		z.settings["exemptedUrls"] = object{"urls": []any{}}
	}
}

func (z *zia) settingsRoutes() []route {
	var out []route
	for _, name := range []string{"mobileAdvanceThreatSettings", "advancedSettings"} {
		out = append(out,
			route{"GET " + ziaBase + "/" + name, func(*call) (reply, error) { return ok(z.settings[name]), nil }},
			route{"PUT " + ziaBase + "/" + name, func(c *call) (reply, error) { return z.putSettings(c, name) }})
	}
	exempted := ziaBase + "/authSettings/exemptedUrls"
	return append(out,
		route{"GET " + exempted, func(*call) (reply, error) { return ok(z.settings["exemptedUrls"]), nil }},
		route{"POST " + exempted, z.changeExempted},
		route{"GET " + ziaBase + "/cloudApplications/lite", z.listCloudApplications},
		route{"PUT " + ziaBase + "/cloudApplications/bulkUpdate", z.updateCloudApplications},
		route{"GET " + ziaBase + "/customTags", func(*call) (reply, error) { return ok(z.tables["customTags"].list(nil)), nil }},
	)
}

// putSettings replaces a singleton: what the body does not name is off, zero or empty then. Members that
// the service does not know are ignored.
func (z *zia) putSettings(c *call, name string) (reply, error) {
	in, err := ziaObject(c)
	if err != nil {
		return reply{}, err
	}
	next := object{}
	for member, before := range z.settings[name] {
		v := in[member]
		if v == nil {
			v = blank(before)
		}
		if reflect.TypeOf(v) != reflect.TypeOf(before) {
			return reply{}, ziaInvalid(member + " has a value of the wrong type")
		}
		next[member] = v
	}
	z.settings[name] = next
	z.stage()
	return ok(next), nil
}

// blank returns the value of v's type that stands for nothing.
func blank(v any) any {
	switch v.(type) {
	case bool:
		return false
	case []any:
		return []any{}
	}
	return ziaNumber(0)
}

func (z *zia) changeExempted(c *call) (reply, error) {
	in, err := ziaObject(c, "urls")
	if err != nil {
		return reply{}, err
	}
	action := c.query.Get("action")
	if action != "ADD_TO_LIST" && action != "REMOVE_FROM_LIST" {
		return reply{}, ziaInvalid("action must be ADD_TO_LIST or REMOVE_FROM_LIST")
	}
	if err := checkLists(in); err != nil {
		return reply{}, err
	}
	entries := slices.Clone(list(z.settings["exemptedUrls"]["urls"]))
	for _, entry := range list(in["urls"]) {
		entries = slices.DeleteFunc(entries, func(have any) bool { return strings.EqualFold(str(have), str(entry)) })
		if action == "ADD_TO_LIST" {
			entries = append(entries, entry)
		}
	}
	z.settings["exemptedUrls"] = object{"urls": entries}
	z.stage()
	return ok(z.settings["exemptedUrls"]), nil
}

// listCloudApplications pages by pageNumber (from 1) and limit, and shows ids and names only.
func (z *zia) listCloudApplications(c *call) (reply, error) {
	page, limit := 1, maxShadowITPage
	for name, value := range map[string]*int{"pageNumber": &page, "limit": &limit} {
		v := c.query.Get(name)
		if v == "" {
			continue
		}
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > maxShadowITPage {
			return reply{}, ziaInvalid(name + " must be between 1 and 1000")
		}
		*value = n
	}
	rows := window(z.tables["cloudApplications"].list(nil), (page-1)*limit, limit)
	for i, o := range rows {
		rows[i] = pick(o, "id", "name")
	}
	return ok(rows), nil
}

func (z *zia) updateCloudApplications(c *call) (reply, error) {
	in, err := ziaObject(c, "sanctionedState", "applicationIds")
	if err != nil {
		return reply{}, err
	}
	if !slices.Contains([]string{"SANCTIONED", "UN_SANCTIONED", "ANY"}, str(in["sanctionedState"])) {
		return reply{}, ziaInvalid("sanctionedState must be SANCTIONED, UN_SANCTIONED or ANY")
	}
	for _, tag := range list(in["customTags"]) {
		if _, found := z.tables["customTags"].get(refID(tag)); !found {
			return reply{}, ziaInvalid(fmt.Sprintf("Custom tag %s does not exist", refID(tag)))
		}
	}
	for _, id := range list(in["applicationIds"]) {
		_, isInt := number(id)
		if _, found := z.tables["cloudApplications"].get(str(id)); !found || !isInt {
			return reply{}, ziaInvalid(fmt.Sprintf("Cloud application %v does not exist", id))
		}
	}
	for _, id := range list(in["applicationIds"]) {
		o, _ := z.tables["cloudApplications"].get(str(id))
		o["sanctionedState"], o["customTags"] = in["sanctionedState"], in["customTags"]
	}
	z.stage()
	return noContent(), nil
}
