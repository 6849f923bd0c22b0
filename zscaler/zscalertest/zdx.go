package zscalertest

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	zdxBase  = "/zdx/v1"
	zdxLimit = 10
	zdxMax   = 500
)

// zdx is the state of Zscaler Digital Experience. Scores and metrics follow from the ids and the
// time, so that the same question gets the same answer.
type zdx struct {
	now                                          func() time.Time
	apps, users, devices, departments, locations *table
	alerts, software, traces, analyses           *table
	lastTrace, lastAnalysis                      int
}

func newZDX(opts Options) *zdx {
	data := seed("zdx")
	load := func(name string) *table { return tableOf(data[name], "id", opts.Empty, nil) }
	more, now := seed("zdx_troubleshooting"), opts.Clock()
	return &zdx{now: opts.Clock, apps: load("apps"), users: load("users"), devices: load("devices"),
		departments: load("departments"), locations: load("locations"),
		alerts:   tableOf(timed(more["alerts"], now), "id", opts.Empty, nil),
		software: tableOf(more["software"], "software_key", opts.Empty, nil),
		traces:   tableOf(timed(more["traces"], now), "trace_id", opts.Empty, nil),
		analyses: newTable()}
}

func (z *zdx) routes() []route {
	app := "GET " + zdxBase + "/apps/{app}"
	table := []route{
		{"GET " + zdxBase + "/apps", z.listApps},
		{app, z.getApp},
		{app + "/score", z.appScore},
		{app + "/metrics", z.appMetrics},
		{app + "/users", z.appUsers},
		{app + "/users/{user}", z.appUser},
		{"GET " + zdxBase + "/devices", z.listDevices},
		{"GET " + zdxBase + "/devices/{device}", z.getDevice},
		{"GET " + zdxBase + "/administration/departments", z.directory(z.departments)},
		{"GET " + zdxBase + "/administration/locations", z.directory(z.locations)},
	}
	table = slices.Concat(table, z.alertRoutes(), z.softwareRoutes(), z.probeRoutes(), z.traceRoutes(), z.analysisRoutes())
	for i := range table {
		table[i].serve = z.inTime(table[i].serve)
	}
	return table
}

func zdxRefusal(status int, code, message string) error {
	return &refusal{reply{status: status, body: object{"code": code, "message": message}}}
}

func zdxInvalid(message string) error {
	return zdxRefusal(http.StatusBadRequest, "INVALID_ARGUMENT", message)
}

func zdxFind(rows *table, id string) (object, error) {
	if o, found := rows.get(id); found {
		return o, nil
	}
	return nil, zdxRefusal(http.StatusNotFound, "NOT_FOUND", "No object with id "+id)
}

// inTime checks from and to before any other work.
func (z *zdx) inTime(serve func(*call) (reply, error)) func(*call) (reply, error) {
	return func(c *call) (reply, error) {
		if _, _, err := z.period(c); err != nil {
			return reply{}, err
		}
		return serve(c)
	}
}

// period returns the range of a request in epoch seconds: the last two hours unless it says otherwise.
func (z *zdx) period(c *call) (from, to int64, err error) {
	to = z.now().Unix()
	if v := c.query.Get("to"); v != "" {
		if to, err = strconv.ParseInt(v, 10, 64); err != nil {
			return 0, 0, zdxInvalid("to must be epoch seconds")
		}
	}
	from = to - 7200
	if v := c.query.Get("from"); v != "" {
		if from, err = strconv.ParseInt(v, 10, 64); err != nil {
			return 0, 0, zdxInvalid("from must be epoch seconds")
		}
	}
	if to <= from || from < 0 || to > z.now().Add(time.Hour).Unix() {
		return 0, 0, zdxInvalid("to must be later than from, and not in the future")
	}
	return from, to, nil
}

// within reports whether a user or device is in the places and departments that the query asks for.
func within(c *call, o object) bool {
	for key, field := range map[string]string{"loc": "location", "dept": "department", "geo": "geo"} {
		if wanted := values(c, key); len(wanted) > 0 && !slices.Contains(wanted, str(o[field])) {
			return false
		}
	}
	return true
}

// values returns a parameter given by repeated keys or separated by commas.
func values(c *call, key string) []string {
	var out []string
	for _, v := range c.query[key] {
		out = append(out, strings.Split(v, ",")...)
	}
	return out
}

// zdxPage puts the rows of one page under key. The offset is opaque to the client.
func zdxPage(c *call, key string, rows []object) (reply, error) {
	from, limit := 0, zdxLimit
	if v := c.query.Get("limit"); v != "" {
		var err error
		if limit, err = strconv.Atoi(v); err != nil || limit < 1 || limit > zdxMax {
			return reply{}, zdxInvalid("limit must be between 1 and 500")
		}
	}
	if v := c.query.Get("offset"); v != "" {
		raw, errText := base64.RawURLEncoding.DecodeString(v)
		n, errNumber := strconv.Atoi(strings.TrimPrefix(string(raw), "row:"))
		if errText != nil || errNumber != nil || n < 0 {
			return reply{}, zdxInvalid("offset is not a next_offset of an earlier answer")
		}
		from = n
	}
	body := object{key: window(rows, from, limit), "next_offset": ""}
	if from+limit < len(rows) {
		body["next_offset"] = base64.RawURLEncoding.EncodeToString([]byte("row:" + strconv.Itoa(from+limit)))
	}
	return ok(body), nil
}
