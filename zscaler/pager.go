package zscaler

import (
	"maps"
	"net/url"
	"strconv"
)

// A pager names the query parameters that walk a list.
type pager struct {
	page        string // page number or position
	size        string // rows a page
	first       int    // number of the first page
	defaultSize int    // rows a page when the request names none; 0 unknown
	maxSize     int    // most rows a page
	byRows      bool   // page is a position counted in rows
	opaque      bool   // page is a value that only the service can make
}

// A Pager describes how a service pages, for tools that advertise it.
type Pager struct {
	Page        string // query parameter with the page number, position or opaque offset
	Size        string // query parameter with the rows a page, "" when there is none
	First       int    // first page number or position
	DefaultSize int    // rows a page when the request names none, 0 when not documented
	MaxSize     int    // most rows a page, 0 when not documented
}

// Pager returns how the service's lists page; ok is false where they do not by query parameters.
// Single endpoints differ from it; their declarations say so.
func (s Service) Pager() (pg Pager, ok bool) {
	pagers := policyOf(s).pagers
	if len(pagers) == 0 {
		return Pager{}, false
	}
	p := pagers[0]
	return Pager{Page: p.page, Size: p.size, First: p.first, DefaultSize: p.defaultSize, MaxSize: p.maxSize}, true
}

// Next returns the query of the page after the one that query asked for and that brought rows rows
// and page. more is false at the end of the list. Links in answers are never followed: ZIdentity's
// name another host and EASM's lack a prefix. Endpoints exist that ignore paging and always send
// everything, so a walker must also stop when a page repeats the first row.
func (s Service) Next(query url.Values, rows int, page Page) (next url.Values, more bool) {
	pagers := policyOf(s).pagers
	if rows == 0 || len(pagers) == 0 {
		return nil, false
	}
	next = maps.Clone(query)
	if next == nil {
		next = url.Values{}
	}
	if page.Next != nil {
		for name, value := range page.Next {
			next.Set(name, value)
		}
		return next, true
	}
	p := pagerFor(pagers, query)
	if p.opaque || !p.more(query, rows, page) {
		return nil, false
	}
	step := 1
	if p.byRows {
		step = rows
	}
	next.Set(p.page, strconv.Itoa(p.current(query)+step))
	return next, true
}

// Begins reports whether query asks for the beginning of a list, so that no row precedes those of the answer.
func (s Service) Begins(query url.Values) bool {
	pagers := policyOf(s).pagers
	if len(pagers) == 0 {
		return true
	}
	p := pagerFor(pagers, query)
	if p.opaque {
		return query.Get(p.page) == ""
	}
	return p.current(query) == p.first
}

// pagerFor returns the pager whose parameters the query uses, else the service's default.
func pagerFor(pagers []pager, query url.Values) pager {
	for _, p := range pagers {
		if query.Has(p.page) || p.size != "" && query.Has(p.size) {
			return p
		}
	}
	return pagers[0]
}

// more reports whether rows follow: by the total when there is one, else by a full page.
func (p pager) more(query url.Values, rows int, page Page) bool {
	size := p.defaultSize
	if n, err := strconv.Atoi(query.Get(p.size)); err == nil && n > 0 {
		size = n
	}
	if p.maxSize > 0 {
		size = min(size, p.maxSize) // more than that is not sent, whatever was asked for
	}
	if page.Total < 0 {
		return page.HasMore || !p.byRows && size > 0 && rows >= size
	}
	if p.byRows {
		return p.current(query)+rows < page.Total
	}
	return (p.current(query)-p.first)*size+rows < page.Total
}

// current returns the page or position that the query asked for.
func (p pager) current(query url.Values) int {
	if n, err := strconv.Atoi(query.Get(p.page)); err == nil && n >= p.first {
		return n
	}
	return p.first
}
