package rest

import (
	"fmt"
	"net/url"

	"github.com/org/zscalermcp/zscaler"
)

// firstPageOnly is told with rows that are not all, where no argument leads to the others.
const firstPageOnly = "There are more rows than these; narrow the search to see them."

// more says how to get the rows that are not in the answer, "" when there are none.
func (c *call) more(rows int, page zscaler.Page) string {
	next, more := c.service.Next(c.Query, rows, page)
	for i := range c.args {
		for _, p := range c.args[i].places {
			name := c.args[i].name
			if value := next.Get(p.target); more && p.kind == inQuery && value != "" && value != c.Query.Get(p.target) {
				return fmt.Sprintf("There may be more rows: call again with %s=%s.", name, value)
			}
			if page.HasMore && pageVariable(p) {
				return fmt.Sprintf("There are more rows: call again with the next %s.", name)
			}
		}
	}
	return moreRows(c.service, c.Query, rows, page)
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
