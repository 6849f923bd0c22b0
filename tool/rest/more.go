package rest

import (
	"fmt"
	"maps"
	"net/url"

	"github.com/org/zscalermcp/zscaler"
)

// firstPageOnly is told with rows that are not all, where no argument leads to the others.
const firstPageOnly = "There are more rows than these; narrow the search to see them."

// asked returns the query of the request, with the page and size that went in the body of a search.
func (c *call) asked() url.Values {
	pager, ok := c.service.Pager()
	if !ok || c.graphQL() {
		return c.Query
	}
	query := c.Query
	for _, name := range []string{pager.Page, pager.Size} {
		if text, ok := plainText(c.Body[name]); ok {
			if query = maps.Clone(query); query == nil {
				query = url.Values{}
			}
			query.Set(name, text)
		}
	}
	return query
}

// more says how to get the rows that are not in the answer, "" when there are none.
func (c *call) more(rows int, page zscaler.Page) string {
	if c.onePage {
		return ""
	}
	query := c.asked()
	next, more := c.service.Next(query, rows, page)
	for i := range c.args {
		for _, p := range c.args[i].places {
			name := c.args[i].name
			if value := next.Get(p.target); more && (p.kind == inQuery || p.kind == inBody) && value != "" && value != query.Get(p.target) {
				return fmt.Sprintf("%s: call again with %s=%s%s.", there(page, "There may be more rows"), name, value, c.orAll())
			}
			if page.HasMore && pageVariable(p) {
				return fmt.Sprintf("%s: call again with the next %s%s.", there(page, "There are more rows"), name, c.orAll())
			}
		}
	}
	note := moreRows(c.service, query, rows, page)
	if note != "" && c.pages() {
		return there(page, "There may be more rows") + ": call again with all=true for every page, or narrow the search."
	}
	return note
}

// orAll names the other way to more rows.
func (c *call) orAll() string {
	if c.pages() {
		return ", or with all=true for every page"
	}
	return ""
}

// there says that there are more rows; how many in all, where the service counts.
func there(page zscaler.Page, uncounted string) string {
	if page.Total > 0 {
		return fmt.Sprintf("There are %d rows in all", page.Total)
	}
	return uncounted
}

// pageVariable reports whether p takes a page number of a GraphQL query.
func pageVariable(p place) bool {
	return p.kind == inVar && (p.target == "page" || p.target == "pageNum")
}

// moreRows tells that the answer is not the whole list. Where the service counts nothing, only rows
// that fill a page exactly are a sign: endpoints that do not page answer more than that.
func moreRows(service zscaler.Service, query url.Values, rows int, page zscaler.Page) string {
	pager, pages := service.Pager()
	_, more := service.Next(query, rows, page)
	switch {
	case !pages && page.HasMore, more && (page.HasMore || page.Total >= 0):
		return firstPageOnly
	case more && (rows == pager.DefaultSize || query.Has(pager.Size)):
		return "The page is full, so there may be more rows; narrow the search to see them."
	}
	return ""
}
