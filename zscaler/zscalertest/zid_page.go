package zscalertest

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// zidPage cuts rows by offset (from 0) and limit and puts them into the record envelope.
func zidPage(c *call, rows []object) (reply, error) {
	offset, limit := 0, zidLimit
	var err error
	if v := c.query.Get("offset"); v != "" {
		if offset, err = strconv.Atoi(v); err != nil || offset < 0 {
			return reply{}, zidRefusal(http.StatusBadRequest, "INVALID_PARAMETER", "offset must not be negative")
		}
	}
	if v := c.query.Get("limit"); v != "" {
		if limit, err = strconv.Atoi(v); err != nil || limit < 1 || limit > zidMaxLimit {
			return reply{}, zidRefusal(http.StatusBadRequest, "INVALID_PARAMETER", "limit must be between 1 and 1000")
		}
	}
	page := window(rows, offset, limit)
	body := object{
		"records": page, "pageOffset": offset, "pageSize": limit, "totalRecord": len(rows), "results_total": len(rows), "next_link": "", "prev_link": "",
	}
	if offset+limit < len(rows) {
		body["next_link"] = zidLink(c, offset+limit, limit)
	}
	if offset > 0 {
		body["prev_link"] = zidLink(c, max(offset-limit, 0), limit)
	}
	return ok(body), nil
}

func zidLink(c *call, offset, limit int) string {
	query := url.Values{}
	for key, values := range c.query {
		query[key] = values
	}
	query.Set("offset", strconv.Itoa(offset))
	query.Set("limit", strconv.Itoa(limit))
	return fmt.Sprintf("%s%s?%s", zidLinkHost, strings.TrimPrefix(c.URL.Path, zidBase), query.Encode())
}
