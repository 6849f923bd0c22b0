package zscalertest

import (
	"net/url"
	"slices"
	"strings"
)

const maxLookup = 100

// lookUp classifies at most 100 addresses, sent as a bare array.
func (z *zia) lookUp(c *call) (reply, error) {
	var urls []string
	if err := c.decode(&urls); err != nil {
		return reply{}, ziaInvalid(err.Error())
	}
	if len(urls) == 0 || len(urls) > maxLookup {
		return reply{}, ziaInvalid("Send between 1 and 100 URLs")
	}
	rows := make([]any, 0, len(urls))
	for _, address := range urls {
		classes, alerts := z.classify(hostOf(address))
		rows = append(rows, object{"url": address, "urlClassifications": classes, "urlClassificationsWithSecurityAlert": alerts})
	}
	return ok(rows), nil
}

func (z *zia) classify(host string) (classes, alerts []any) {
	classes, alerts = []any{}, []any{}
	for _, o := range z.categories.list(nil) {
		for _, entry := range append(slices.Clone(list(o["urls"])), list(o["dbCategorizedUrls"])...) {
			if under(host, hostOf(str(entry))) && !slices.Contains(classes, o["id"]) {
				classes = append(classes, o["id"])
			}
		}
	}
	for _, known := range z.lookups {
		if under(host, str(known["host"])) {
			classes = append(classes, list(known["classes"])...)
			alerts = append(alerts, list(known["alerts"])...)
		}
	}
	if len(classes) == 0 && len(alerts) == 0 {
		classes = append(classes, "MISCELLANEOUS_OR_UNKNOWN")
	}
	return classes, alerts
}

// hostOf returns the host of an address with or without a scheme, port, path and leading dot.
func hostOf(address string) string {
	_, rest, found := strings.Cut(address, "://")
	if !found {
		rest = address
	}
	u, err := url.Parse("//" + rest)
	if err != nil {
		return address
	}
	return strings.ToLower(strings.Trim(u.Hostname(), "."))
}

func under(host, domain string) bool {
	return domain != "" && (host == domain || strings.HasSuffix(host, "."+domain))
}
