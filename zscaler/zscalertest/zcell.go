package zscalertest

import (
	"net/http"
	"strconv"
	"time"
)

const (
	zcellBase    = "/zcell/config/api/v1"
	zcellSize    = 10
	zcellMaxSize = 100
)

// zcell is the state of Zscaler Cellular, which the API in these toolsets only reads. Times of events follow from the clock, so that there are always recent
// ones.
type zcell struct {
	now                                                    func() time.Time
	sims, policies, groups, tags, events, audits, customer *table
	rows                                                   map[string][]object
}

func newZCell(opts Options) *zcell {
	data := seed("zcell")
	load := func(name, key string) *table { return tableOf(data[name], key, opts.Empty, nil) }
	z := &zcell{
		now: opts.Clock, rows: data, sims: load("sims", "iccid"), policies: load("policies", "id"), groups: load("groups", "id"), tags: load("tags", "id"),
		events: load("events", "sessionId"), audits: load("audits", "id"), customer: tableOf(data["customers"], "id", false, nil),
	}
	if opts.Empty {
		z.rows = map[string][]object{"regions": data["regions"], "auditMetadata": data["auditMetadata"]}
	}
	return z
}

func (z *zcell) routes() []route {
	customer := zcellBase + "/customers/{customer}"
	policy, sim := "GET "+customer+"/anomaly-policy", customer+"/sim/analytics"
	table := []route{
		{"GET " + customer, z.getCustomer},
		{"GET " + customer + "/sims/details", z.getSIM},
		{"POST " + customer + "/sims/search", z.searchSIMs},
		{"GET " + customer + "/sim-location-groups", z.named(z.groups)},
		{"GET " + customer + "/sim-location-groups/{id}", z.getGroup},
		{"GET " + customer + "/tag", z.named(z.tags)},
		{policy, z.listPolicies},
		{policy + "/{policy}/logs", z.policyLogs},
		{policy + "/{policy}/violations", z.violations},
		{policy + "/{policy}/violations/{iccid}", z.violationsOfSIM},
		{"GET " + customer + "/regions", z.listRegions},
		{"GET " + customer + "/regions/operational-status", z.regionStatus},
		{"GET " + sim + "/summary", z.simSummary},
		{"POST " + sim + "/map", z.simMap},
		{"GET " + sim + "/usage/countries", z.usageOf("locationCountry", "country", 20)},
		{"GET " + sim + "/usage/sims", z.usageOf("iccid", "iccid", 100)},
		{"GET " + sim + "/usage/day", z.dailyUsage},
		{"POST " + zcellBase + "/audit/customers/{customer}/search", z.searchAudit},
		{"POST " + zcellBase + "/network-events/{customer}/search/startTime/{start}/endTime/{end}", z.searchEvents},
	}
	for i := range table {
		table[i].serve = ownCustomer(table[i].serve)
	}
	return append(table, route{"GET " + zcellBase + "/audit/metadata", func(*call) (reply, error) { return ok(z.rows["auditMetadata"][0]), nil }})
}

func (z *zcell) refuse(status int, id, detail string) error {
	return &refusal{reply{status: status, body: object{"msgId": id, "detail": detail, "timestamp": z.now().UTC().Format(time.RFC3339)}}}
}

func (z *zcell) missing(what, id string) error {
	return z.refuse(http.StatusNotFound, "resource.not.found", "No "+what+" with id "+id)
}

// ownCustomer lets only the tenant's own customer id through.
func ownCustomer(serve func(*call) (reply, error)) func(*call) (reply, error) {
	return func(c *call) (reply, error) {
		if c.PathValue("customer") != zcellCustomerID {
			return reply{}, &refusal{reply{status: http.StatusForbidden, body: object{"msgId": "access.denied", "detail": "The customer is not yours"}}}
		}
		return serve(c)
	}
}

// period reads a window in epoch seconds. Both ends are needed.
func (z *zcell) period(from, to string) (start, end time.Time, err error) {
	first, errFrom := strconv.ParseInt(from, 10, 64)
	last, errTo := strconv.ParseInt(to, 10, 64)
	if errFrom != nil || errTo != nil || first >= last || last > z.now().Add(time.Hour).Unix() {
		return start, end, z.refuse(http.StatusBadRequest, "invalid.time.range", "The start and end of the time range must be epoch seconds, in order and not in the future")
	}
	return time.Unix(first, 0), time.Unix(last, 0), nil
}

// during keeps the rows whose hoursAgo lies in the window, and gives them their time in epoch seconds under field.
func (z *zcell) during(rows []object, field string, start, end time.Time) []object {
	out := []object{}
	for _, row := range rows {
		hours, _ := number(row["hoursAgo"])
		at := z.now().Add(-time.Duration(hours) * time.Hour)
		if !at.Before(start) && !at.After(end) {
			row = without(row, "hoursAgo")
			row[field] = at.Unix()
			out = append(out, row)
		}
	}
	return out
}

// page cuts rows by the texts of page (from 0) and size.
func (z *zcell) page(rows []object, page, size string) (object, error) {
	at, many := 0, zcellSize
	var errPage, errSize error
	if page != "" {
		at, errPage = strconv.Atoi(page)
	}
	if size != "" {
		many, errSize = strconv.Atoi(size)
	}
	if errPage != nil || errSize != nil || at < 0 || many < 1 || many > zcellMaxSize {
		return nil, z.refuse(http.StatusBadRequest, "invalid.page", "page counts from 0, and size must be between 1 and 100")
	}
	at = min(at, len(rows))
	return object{"content": window(rows, at*many, many), "totalElements": len(rows), "totalPages": (len(rows) + many - 1) / many, "size": many}, nil
}

// paged answers a page by the query of the request.
func (z *zcell) paged(c *call, rows []object) (reply, error) {
	body, err := z.page(rows, c.query.Get("page"), c.query.Get("size"))
	return ok(body), err
}

// named answers a page of the rows whose name holds the text in the query.
func (z *zcell) named(rows *table) func(*call) (reply, error) {
	return func(c *call) (reply, error) {
		out := rows.list(func(o object) bool { return contains(str(o["name"]), c.query.Get("name")) })
		for i, o := range out {
			out[i] = without(o, "geoFenceData")
		}
		return z.paged(c, out)
	}
}
