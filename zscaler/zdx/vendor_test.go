package zdx_test

import (
	"fmt"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/org/zscalermcp/tool"
)

// Every tool reads, so the plain selections hold all of them.
var everything, bindable = tool.Selection{}, tool.Selection{}

// changedParams are the deliberate differences in arguments: by tool and argument.
var changedParams = map[string]func(*parityParam){}

func (w *world) invoke(t *testing.T, name string, args map[string]any) { w.call(t, name, args) }

// renamed are the deliberate differences in query names: the service's own names are snake_case, and
// the vendor's Go client writes userids.
var renamed = map[string]string{
	"metricName":  "metric_name",
	"scoreBucket": "score_bucket",
	"userIds":     "userids",
	"macAddress":  "mac_address",
	"privateIpv4": "private_ipv4",
}

// mend returns the vendor's request with our query names.
func mend(r request) request {
	query := url.Values{}
	for name, values := range r.Query {
		if ours, ok := renamed[name]; ok {
			name = ours
		}
		query[name] = values
	}
	r.Query = query
	return r
}

// normal returns the request with times as they stand in testdata.
func normal(t *testing.T, r request) request {
	t.Helper()
	for _, name := range []string{"from", "to"} {
		if r.Query.Has(name) {
			r.Query.Set(name, relative(t, r.Query.Get(name)))
		}
	}
	if len(r.Query) == 0 {
		r.Query = nil
	}
	return r
}

// relative turns epoch seconds near a full hour before now into words.
func relative(t *testing.T, value string) string {
	t.Helper()
	seconds, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return value
	}
	age := time.Since(time.Unix(seconds, 0))
	hours := age.Round(time.Hour)
	switch {
	case (age - hours).Abs() > time.Minute:
		return value
	case hours == 0:
		return "<now>"
	}
	return fmt.Sprintf("<%d hours ago>", hours/time.Hour)
}
