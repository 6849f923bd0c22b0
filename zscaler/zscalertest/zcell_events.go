package zscalertest

import (
	"net/http"
	"strconv"
	"strings"
)

// violationsDuring returns the violations in the window of the request, of one policy unless that is "".
func (z *zcell) violationsDuring(c *call, policy string) ([]object, error) {
	start, end, err := z.period(c.query.Get("startDateTime"), c.query.Get("endDateTime"))
	if err != nil {
		return nil, err
	}
	return z.during(keep(z.rows["violations"], func(o object) bool { return policy == "" || str(o["policyId"]) == policy }), "timestamp", start, end), nil
}

func (z *zcell) listPolicies(c *call) (reply, error) {
	all, err := z.violationsDuring(c, "")
	if err != nil {
		return reply{}, err
	}
	kind := c.query.Get("policyType")
	rows := z.policies.list(func(o object) bool { return kind == "" || str(o["policyType"]) == kind })
	for i, o := range rows {
		rows[i] = without(o)
		rows[i]["violations"] = len(keep(all, func(v object) bool { return str(v["policyId"]) == str(o["id"]) }))
	}
	return z.paged(c, rows)
}

// policy returns the id in the path, of a policy that exists.
func (z *zcell) policy(c *call) (string, error) {
	id := c.PathValue("policy")
	if _, found := z.policies.get(id); !found {
		return "", z.missing("anomaly policy", id)
	}
	return id, nil
}

func (z *zcell) policyLogs(c *call) (reply, error) {
	id, err := z.policy(c)
	if err != nil {
		return reply{}, err
	}
	rows := keep(z.rows["logs"], func(o object) bool { return str(o["policyId"]) == id })
	return z.paged(c, z.during(rows, "recordedAt", z.now().AddDate(-1, 0, 0), z.now()))
}

// violations answers one row for each SIM.
func (z *zcell) violations(c *call) (reply, error) {
	id, err := z.policy(c)
	if err != nil {
		return reply{}, err
	}
	all, err := z.violationsDuring(c, id)
	if err != nil {
		return reply{}, err
	}
	rows := []object{}
	for _, group := range grouped(all, "iccid", "", false) {
		rows = append(rows, object{"policyId": id, "iccid": group["name"], "violations": group["total"]})
	}
	return z.paged(c, rows)
}

func (z *zcell) violationsOfSIM(c *call) (reply, error) {
	id, err := z.policy(c)
	if err != nil {
		return reply{}, err
	}
	if _, found := z.sims.get(c.PathValue("iccid")); !found {
		return reply{}, z.missing("SIM", c.PathValue("iccid"))
	}
	all, err := z.violationsDuring(c, id)
	return ok(keep(all, func(o object) bool { return str(o["iccid"]) == c.PathValue("iccid") })), err
}

func (z *zcell) listRegions(c *call) (reply, error) {
	skip := c.query.Get("skipSkuCheck")
	if skip != "" && skip != "true" && skip != "false" {
		return reply{}, z.refuse(http.StatusBadRequest, "invalid.parameter", "skipSkuCheck must be true or false")
	}
	rows := keep(z.rows["regions"], func(o object) bool { return skip == "true" || o["licensed"] == true })
	for i, o := range rows {
		rows[i] = pick(o, "region", "configured")
	}
	return ok(rows), nil
}

func (z *zcell) regionStatus(c *call) (reply, error) {
	size := c.query.Get("bcSize")
	rows := keep(z.rows["regions"], func(o object) bool { return o["configured"] == true && (size == "" || str(o["bcSize"]) == size) })
	for i, o := range rows {
		rows[i] = without(o, "configured", "licensed")
	}
	return ok(rows), nil
}

// auditFilters are the members of a search, with the fields of the rows.
var auditFilters = map[string]string{
	"operationType": "auditOperationType", "objectType": "objectType", "objectName": "objectName", "objectId": "objectId", "visibility": "visibility",
	"modifiedByUserId": "modifiedByUserId",
}

func (z *zcell) searchAudit(c *call) (reply, error) {
	in, err := c.object()
	if err != nil {
		return reply{}, z.refuse(http.StatusBadRequest, "invalid.body", err.Error())
	}
	start, end, err := z.period(str(in["startDate"]), str(in["endDate"]))
	if err != nil {
		return reply{}, err
	}
	for name := range in {
		if auditFilters[name] == "" && name != "startDate" && name != "endDate" {
			return reply{}, z.refuse(http.StatusBadRequest, "invalid.body", "Unrecognized field "+name)
		}
	}
	return z.paged(c, z.during(z.audits.list(func(o object) bool {
		for name, field := range auditFilters {
			if want := str(in[name]); want != "" && !strings.EqualFold(str(o[field]), want) {
				return false
			}
		}
		return true
	}), "creationTime", start, end))
}

func (z *zcell) searchEvents(c *call) (reply, error) {
	start, end, err := z.period(c.PathValue("start"), c.PathValue("end"))
	if err != nil {
		return reply{}, err
	}
	var in struct {
		FilterBy []struct {
			FilterName, Operator string
			Values               []string
		}
		SortBy           struct{ Name string }
		ExcludeApnConfig bool
		Page, Size       *int
	}
	if err := c.decode(&in); err != nil {
		return reply{}, z.refuse(http.StatusBadRequest, "invalid.body", err.Error())
	}
	rows := z.during(z.events.list(nil), "timestamp", start, end)
	for _, f := range in.FilterBy {
		if f.FilterName == "" || len(f.Values) == 0 {
			return reply{}, z.refuse(http.StatusBadRequest, "invalid.filter", "A filter needs filterName, operator and values")
		}
		values := make([]any, len(f.Values))
		for i, v := range f.Values {
			values[i] = v
		}
		rows = keep(rows, func(o object) bool { return meets(o[f.FilterName], values) })
	}
	if in.SortBy.Name != "" {
		sortRows(rows, in.SortBy.Name, "ASC")
	}
	for i, o := range rows {
		if in.ExcludeApnConfig {
			rows[i] = without(o, "apnConfig")
		}
	}
	body, err := z.page(rows, optional(in.Page), optional(in.Size))
	return ok(body), err
}

func optional(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}
