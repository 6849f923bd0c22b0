package zscaler

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// A Page says what a list answer tells about the rows that are not in it.
type Page struct {
	// Total is the number of rows in the whole list, or -1 when the answer does not tell.
	Total int
	// HasMore is true when the answer alone shows that rows follow or precede. [Service.Next] also
	// takes the request into account and is exact.
	HasMore bool
	// Next holds the query parameters of the next page where the answer names them, else nil.
	Next map[string]string
}

// An envelope names the members of the object that a service wraps its rows in.
type envelope struct {
	rows        string // array of rows
	info        string // object beside the rows that holds the counters, "" when they stand beside
	total       string // number of rows in all
	pages       string // number of pages in all
	number      string // number of this page
	token       string // opaque position of the next page; null or "" at the end
	offset      string // position of the first row
	offsetParam string // query parameter that takes token or the next position
	link        string // non-empty when there is more; never followed
	mayLack     bool   // the rows are left out when there are none
}

// Rows takes the rows out of a list answer, each with the exact bytes that the service sent.
// key overrides the service's envelope with the dotted path of the array, such as "agents.nodes";
// "" means the service's own. A bare array is a list with every service; with ZCell, an object without
// the envelope is a list of one row, since its summaries are lists by name only. GraphQL answers may come
// with or without their outer "data". The API shapes are those of the services' public documentation
// and recorded traffic.
func Rows(service Service, body json.RawMessage, key string) ([]json.RawMessage, Page, error) {
	none := Page{Total: -1}
	body = bytes.TrimSpace(body)
	if len(body) == 0 || string(body) == "null" {
		return nil, none, nil
	}
	if key == "" && body[0] == '[' {
		rows, err := array(body)
		return rows, none, err
	}
	object, err := members(body)
	if err != nil {
		return nil, none, fmt.Errorf("zscaler: %s list answer: %w", service.name(), err)
	}
	if service.GraphQL() {
		object = graphQLRoot(object, key)
	}
	if key != "" {
		return rowsAt(service, object, key)
	}
	for _, e := range policyOf(service).envelopes {
		if _, ok := object[e.rows]; ok || e.mayLack && e.describes(object) {
			return e.open(object)
		}
	}
	if policyOf(service).lone {
		return []json.RawMessage{body}, none, nil
	}
	return nil, none, fmt.Errorf("zscaler: %s answered an object without rows: declare the member that holds them", service.name())
}

// describes reports whether object carries the counters of an envelope whose rows are left out.
func (e envelope) describes(object map[string]json.RawMessage) bool {
	_, total := object[e.total]
	_, pages := object[e.pages]
	return total || pages || len(object) == 0
}

// open returns the rows and counters of object.
func (e envelope) open(object map[string]json.RawMessage) ([]json.RawMessage, Page, error) {
	rows, err := array(object[e.rows])
	if err != nil {
		return nil, Page{Total: -1}, fmt.Errorf("zscaler: member %q: %w", e.rows, err)
	}
	return rows, e.page(object, len(rows)), nil
}

// page reads the counters. Counters of the wrong kind count as absent: the rows are worth more.
func (e envelope) page(object map[string]json.RawMessage, rows int) Page {
	if e.info != "" {
		object, _ = members(object[e.info])
	}
	p := Page{Total: count(object, e.total)}
	pages, number := count(object, e.pages), count(object, e.number)
	switch {
	case rows == 0:
	case number >= 0 && pages >= 0:
		p.HasMore = number < pages
	case e.token == "":
		p.HasMore = p.Total > rows || p.Total < 0 && pages > 1
	}
	if token := text(object[e.token]); e.token != "" && token != "" {
		p.HasMore, p.Next = true, map[string]string{e.offsetParam: token}
	}
	if from := count(object, e.offset); from >= 0 && rows > 0 && p.Total >= 0 {
		next := from + rows
		if p.HasMore = next < p.Total; p.HasMore {
			p.Next = map[string]string{e.offsetParam: strconv.Itoa(next)}
		}
	}
	if e.link != "" && rows > 0 {
		p.HasMore = p.HasMore || text(object[e.link]) != ""
	}
	return p
}

// rowsAt follows a dotted path of members to an array.
func rowsAt(service Service, object map[string]json.RawMessage, key string) ([]json.RawMessage, Page, error) {
	none := Page{Total: -1}
	steps := strings.Split(key, ".")
	for _, step := range steps[:len(steps)-1] {
		inner, ok := object[step]
		if !ok || string(inner) == "null" {
			return nil, none, nil
		}
		var err error
		if object, err = members(inner); err != nil {
			return nil, none, fmt.Errorf("zscaler: member %q of %q: %w", step, key, err)
		}
	}
	last := steps[len(steps)-1]
	return policyOf(service).envelopeFor(last).open(object)
}

// envelopeFor returns the service's envelope whose rows are at key, or one with the counters of
// its first.
func (p *policy) envelopeFor(key string) envelope {
	for _, e := range p.envelopes {
		if e.rows == key {
			return e
		}
	}
	var e envelope
	if len(p.envelopes) > 0 {
		e = p.envelopes[len(p.envelopes)-1]
	}
	e.rows = key
	return e
}

// graphQLRoot drops the outer "data" and, when no key tells the way, the objects with one member
// that wrap a report.
func graphQLRoot(object map[string]json.RawMessage, key string) map[string]json.RawMessage {
	if data, ok := object["data"]; ok && !strings.HasPrefix(key, "data.") {
		object, _ = members(data)
	}
	for key == "" && len(object) == 1 {
		for _, inner := range object {
			next, err := members(inner)
			if err != nil {
				return object
			}
			object = next
		}
	}
	return object
}

func members(body json.RawMessage) (map[string]json.RawMessage, error) {
	var m map[string]json.RawMessage
	if err := json.Unmarshal(body, &m); err != nil {
		return nil, fmt.Errorf("not an object: %w", err)
	}
	return m, nil
}

func array(body json.RawMessage) ([]json.RawMessage, error) {
	if len(body) == 0 {
		return nil, nil
	}
	var rows []json.RawMessage
	if err := json.Unmarshal(body, &rows); err != nil {
		return nil, fmt.Errorf("not an array: %w", err)
	}
	return rows, nil
}

// count reads a counter that is a number or, as in ZPA, a decimal string; -1 when it is neither.
func count(object map[string]json.RawMessage, name string) int {
	n, err := strconv.Atoi(text(object[name]))
	if err != nil || n < 0 || name == "" {
		return -1
	}
	return n
}

// text returns the value of a JSON string or number, and "" for everything else.
func text(raw json.RawMessage) string {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return ""
	}
	if c := raw[0]; c == '-' || c >= '0' && c <= '9' {
		return string(raw)
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}
