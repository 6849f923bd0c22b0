package zscalertest

import (
	"fmt"
	"slices"
	"strings"
)

// categoryLists are the lists that a client may fill in a category.
var categoryLists = []string{
	"urls", "dbCategorizedUrls", "keywords", "keywordsRetainingParentCategory", "ipRanges", "ipRangesRetainingParentCategory",
}

func (z *zia) categoryRoutes() []route {
	path := ziaBase + "/urlCategories"
	return []route{
		{"GET " + path, z.listCategories},
		{"POST " + path, z.createCategory},
		{"GET " + path + "/{id}", z.getCategory},
		{"PUT " + path + "/{id}", z.updateCategory},
		{"DELETE " + path + "/{id}", z.deleteCategory},
		{"POST " + ziaBase + "/urlLookup", z.lookUp},
	}
}

// listCategories returns every category that matches: this endpoint ignores page and pageSize.
func (z *zia) listCategories(c *call) (reply, error) {
	kind := c.query.Get("type")
	if kind != "" && kind != "ALL" && kind != "URL_CATEGORY" && kind != "TLD_CATEGORY" {
		return reply{}, ziaInvalid("type must be URL_CATEGORY, TLD_CATEGORY or ALL")
	}
	onlyCustom := strings.EqualFold(c.query.Get("customOnly"), "true")
	rows := z.categories.list(func(o object) bool {
		return (!onlyCustom || o["customCategory"] == true) && (kind == "" || kind == "ALL" || o["type"] == kind)
	})
	for i, o := range rows {
		rows[i] = showCategory(o)
	}
	return ok(rows), nil
}

// showCategory adds the counters.
func showCategory(o object) object {
	out := without(o)
	out["customUrlsCount"] = len(list(o["urls"]))
	out["urlsRetainingParentCategoryCount"] = len(list(o["dbCategorizedUrls"]))
	out["customIpRangesCount"] = len(list(o["ipRanges"]))
	out["ipRangesRetainingParentCategoryCount"] = len(list(o["ipRangesRetainingParentCategory"]))
	return out
}

func (z *zia) findCategory(c *call) (string, object, error) {
	id := c.PathValue("id")
	o, found := z.categories.get(id)
	if !found {
		return "", nil, ziaMissing(id)
	}
	return id, o, nil
}

func (z *zia) getCategory(c *call) (reply, error) {
	_, o, err := z.findCategory(c)
	if err != nil {
		return reply{}, err
	}
	return ok(showCategory(o)), nil
}

func (z *zia) createCategory(c *call) (reply, error) {
	in, err := ziaObject(c, "configuredName", "superCategory")
	if err != nil {
		return reply{}, err
	}
	n := 1
	for z.categories.rows[fmt.Sprintf("CUSTOM_%02d", n)] != nil {
		n++
	}
	id := fmt.Sprintf("CUSTOM_%02d", n)
	o := object{"id": id, "val": ziaNumber(128 + n), "editable": true, "customCategory": true, "type": "URL_CATEGORY", "urlType": "EXACT", "categoryGroup": "USER_DEFINED"}
	return z.storeCategory(id, o, in)
}

// updateCategory replaces a category or, with action=ADD_TO_LIST or REMOVE_FROM_LIST, changes its
// lists. Of a predefined category only the lists and the description can be changed.
func (z *zia) updateCategory(c *call) (reply, error) {
	id, before, err := z.findCategory(c)
	if err != nil {
		return reply{}, err
	}
	custom := before["customCategory"] == true
	var required []string
	if custom {
		required = []string{"configuredName"}
	}
	in, err := ziaObject(c, required...)
	if err != nil {
		return reply{}, err
	}
	if action := c.query.Get("action"); action != "" {
		return z.changeLists(id, before, in, action)
	}
	o := pick(before, "id", "val", "editable", "customCategory", "type", "urlType", "categoryGroup")
	if !custom {
		in = pick(in, append([]string{"description"}, categoryLists...)...)
		o["superCategory"] = before["superCategory"]
	}
	return z.storeCategory(id, o, in)
}

func (z *zia) storeCategory(id string, o, in object) (reply, error) {
	name := str(in["configuredName"])
	if name != "" && z.categories.named("configuredName", name, id) {
		return reply{}, ziaDuplicate(name)
	}
	if err := checkLists(in); err != nil {
		return reply{}, err
	}
	fields := append([]string{"configuredName", "superCategory", "description", "scopes", "type", "urlType"}, categoryLists...)
	for field, v := range pick(in, fields...) {
		o[field] = v
	}
	z.categories.put(id, o)
	z.stage()
	return ok(showCategory(o)), nil
}

func checkLists(in object) error {
	for _, field := range categoryLists {
		entries, isList := in[field].([]any)
		if in[field] != nil && !isList {
			return ziaInvalid(field + " must be a list of strings")
		}
		for _, entry := range entries {
			if text, isText := entry.(string); !isText || text == "" || strings.Contains(text, "://") {
				return ziaInvalid(fmt.Sprintf("%s holds an invalid entry: %v", field, entry))
			}
		}
	}
	return nil
}

func (z *zia) changeLists(id string, before, in object, action string) (reply, error) {
	if action != "ADD_TO_LIST" && action != "REMOVE_FROM_LIST" {
		return reply{}, ziaInvalid("action must be ADD_TO_LIST or REMOVE_FROM_LIST")
	}
	if err := checkLists(in); err != nil {
		return reply{}, err
	}
	o := without(before)
	for _, field := range categoryLists {
		entries := slices.Clone(list(before[field]))
		for _, entry := range list(in[field]) {
			entries = slices.DeleteFunc(entries, func(have any) bool { return have == entry })
			if action == "ADD_TO_LIST" {
				entries = append(entries, entry)
			}
		}
		delete(o, field)
		if len(entries) > 0 {
			o[field] = entries
		}
	}
	z.categories.put(id, o)
	z.stage()
	return ok(showCategory(o)), nil
}

func (z *zia) deleteCategory(c *call) (reply, error) {
	id, o, err := z.findCategory(c)
	if err != nil {
		return reply{}, err
	}
	if o["customCategory"] != true {
		return reply{}, ziaInvalid("Predefined category " + id + " cannot be deleted")
	}
	z.categories.remove(id)
	z.dropReferences("urlCategories", id)
	z.stage()
	return noContent(), nil
}
