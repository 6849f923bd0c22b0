package zia

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"github.com/org/zscalermcp/tool/rest"
)

// listedURLs are the members of a category that hold URLs of administrators.
type listedURLs struct {
	ConfiguredName    string   `json:"configuredName"`
	URLs              []string `json:"urls"`
	DBCategorizedURLs []string `json:"dbCategorizedUrls"`
}

// A urlMatch is added to rows that list the host of a URL.
type urlMatch struct {
	URL     string       `json:"url"`
	Matched []matchedURL `json:"matched"`
}

type matchedURL struct {
	Field string `json:"field"`
	Entry string `json:"entry"`
}

// filterCategories keeps the rows that search and contains_url ask for: the service cannot search.
func filterCategories(_ context.Context, p *rest.Plan, a *rest.Answer) error {
	search, address := strings.ToLower(p.Args.Text("search")), p.Args.Text("contains_url")
	if search == "" && address == "" {
		return nil
	}
	host := hostOf(address)
	if address != "" && host == "" {
		return errors.New("contains_url names no host: give a URL or a domain, such as www.example.com")
	}
	kept := []json.RawMessage{}
	for _, row := range a.Rows {
		var category listedURLs
		if err := json.Unmarshal(row, &category); err != nil {
			return fmt.Errorf("zia: url category: %w", err)
		}
		if !strings.Contains(strings.ToLower(category.ConfiguredName), search) {
			continue
		}
		if address != "" {
			matched := category.matches(host)
			if len(matched) == 0 {
				continue
			}
			var err error
			if row, err = addMember(row, "_url_match", urlMatch{address, matched}); err != nil {
				return err
			}
		}
		kept = append(kept, row)
	}
	a.Rows = kept
	return nil
}

// matches returns the entries that are host or a domain above it.
func (c listedURLs) matches(host string) []matchedURL {
	var matched []matchedURL
	for _, entry := range c.URLs {
		if covers(entry, host) {
			matched = append(matched, matchedURL{"urls", entry})
		}
	}
	for _, entry := range c.DBCategorizedURLs {
		if covers(entry, host) {
			matched = append(matched, matchedURL{"dbCategorizedUrls", entry})
		}
	}
	return matched
}

// covers reports whether entry's host is host or a domain above it. Addresses have none above them.
func covers(entry, host string) bool {
	listed := hostOf(entry)
	if listed == "" || listed == host {
		return listed != ""
	}
	_, err := netip.ParseAddr(host)
	return err != nil && strings.HasSuffix(host, "."+listed)
}

// hostOf returns the lower-case host of a URL or of a category's entry, without scheme, user, port,
// path, query and outer dots.
func hostOf(address string) string {
	host := strings.ToLower(strings.TrimSpace(address))
	if scheme, after, ok := strings.Cut(host, "://"); ok && !strings.ContainsAny(scheme, "/?#") {
		host = after
	}
	if end := strings.IndexAny(host, "/?#"); end >= 0 {
		host = host[:end]
	}
	host = host[strings.LastIndexByte(host, '@')+1:]
	if inner, _, ok := strings.Cut(strings.TrimPrefix(host, "["), "]"); ok {
		return inner
	}
	if strings.Count(host, ":") == 1 {
		host, _, _ = strings.Cut(host, ":")
	}
	return strings.Trim(host, ".")
}

// addMember appends a member to a JSON object and leaves the bytes before it as they are.
func addMember(object json.RawMessage, name string, value any) (json.RawMessage, error) {
	member, err := json.Marshal(map[string]any{name: value})
	if err != nil {
		return nil, fmt.Errorf("zia: %s: %w", name, err)
	}
	open := bytes.TrimRight(bytes.TrimSuffix(bytes.TrimSpace(object), []byte("}")), " \t\r\n")
	if !bytes.HasSuffix(open, []byte("{")) {
		open = append(bytes.Clone(open), ',')
	}
	return append(bytes.Clone(open), member[1:]...), nil
}
