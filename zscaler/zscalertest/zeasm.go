package zscalertest

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

const (
	zeasmBase = "/easm/easm-ui/v1/organizations"
	zeasmPage = 100 // rows a page; no parameter changes it
)

// zeasm is the state of External Attack Surface Management: rows of organisations, which the API only reads.
type zeasm struct {
	organizations *table
	rows          map[string][]object // findings and lookalikes, each with its organization
}

func newZEASM(opts Options) *zeasm {
	data := seed("zeasm")
	z := &zeasm{organizations: tableOf(data["organizations"], "id", opts.Empty, nil), rows: data}
	if opts.Empty {
		z.rows = nil
	}
	return z
}

func (z *zeasm) routes() []route {
	org := "GET " + zeasmBase + "/{org}"
	return []route{
		{"GET " + zeasmBase, func(c *call) (reply, error) { return zeasmList(c, z.organizations.list(nil)) }},
		{org + "/findings", z.list("findings", "details", "evidence", "scan_output", "description", "cisa_likelihood", "epss_likelihood", "severity_score")},
		{org + "/findings/{id}/details", z.finding(func(f object) object { return without(f, "organization", "evidence", "scan_output") })},
		{org + "/findings/{id}/evidence", z.finding(func(f object) object { return content(f, "evidence") })},
		{org + "/findings/{id}/scan-output", z.finding(func(f object) object { return content(f, "scan_output") })},
		{org + "/lookalike-domains", z.list("lookalikes", "description", "remediation", "registrar", "registered_by", "created_date", "expiration_date", "updated_date")},
		{org + "/lookalike-domains/{id}/details", z.lookalike},
	}
}

// The error bodies of the service were never recorded; this form is an assumption.
func zeasmMissing(what, id string) error {
	return &refusal{reply{status: http.StatusNotFound, body: object{"code": "NOT_FOUND", "message": fmt.Sprintf("No %s with id %s", what, id)}}}
}

// of returns the rows of the organisation in the path.
func (z *zeasm) of(c *call, rows string) ([]object, error) {
	org := c.PathValue("org")
	if _, found := z.organizations.get(org); !found {
		return nil, zeasmMissing("organization", org)
	}
	return keep(z.rows[rows], func(o object) bool { return str(o["organization"]) == org }), nil
}

// list answers rows without the members that only the details have.
func (z *zeasm) list(rows string, details ...string) func(*call) (reply, error) {
	return func(c *call) (reply, error) {
		all, err := z.of(c, rows)
		if err != nil {
			return reply{}, err
		}
		for i, o := range all {
			all[i] = without(o, append(details, "organization")...)
		}
		return zeasmList(c, all)
	}
}

// finding answers a view of the finding in the path.
func (z *zeasm) finding(view func(object) object) func(*call) (reply, error) {
	return z.one("findings", "id", view)
}

func (z *zeasm) lookalike(c *call) (reply, error) {
	return z.one("lookalikes", "lookalike_raw", func(o object) object { return without(o, "organization") })(c)
}

func (z *zeasm) one(rows, key string, view func(object) object) func(*call) (reply, error) {
	return func(c *call) (reply, error) {
		all, err := z.of(c, rows)
		if err != nil {
			return reply{}, err
		}
		for _, o := range all {
			if str(o[key]) == c.PathValue("id") {
				return ok(view(o)), nil
			}
		}
		return reply{}, zeasmMissing(strings.TrimSuffix(rows, "s"), c.PathValue("id"))
	}
}

func content(finding object, member string) object {
	return object{"content": finding[member], "source_type": finding["scan_type"]}
}

// zeasmList cuts rows by offset and puts them into the envelope. As recorded, the link lacks the service's prefix.
func zeasmList(c *call, rows []object) (reply, error) {
	offset := 0
	if v := c.query.Get("offset"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 0 {
			return reply{}, &refusal{reply{status: http.StatusBadRequest, body: object{"code": "INVALID_PARAMETER", "message": "offset must not be negative"}}}
		}
		offset = min(n, len(rows))
	}
	body := object{"results": window(rows, offset, zeasmPage), "total_results": len(rows), "next_link": nil, "prev_link": nil}
	if next := offset + zeasmPage; next < len(rows) {
		body["next_link"] = fmt.Sprintf("%s?offset=%d", strings.TrimPrefix(c.URL.Path, "/easm"), next)
	}
	return ok(body), nil
}
