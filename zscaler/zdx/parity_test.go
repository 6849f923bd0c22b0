package zdx_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
	"github.com/org/zscalermcp/zscaler/zdx"
)

var suite = &paritytest.Suite{
	Sets: zdx.Sets(), Tools: 10,
	// The service's own names are snake_case, and the vendor's Go client writes userids.
	Requests: paritytest.RenameQuery(map[string]string{
		"metricName":  "metric_name",
		"scoreBucket": "score_bucket",
		"userIds":     "userids",
		"macAddress":  "mac_address",
		"privateIpv4": "private_ipv4",
	}),
	Normal: func(r *paritytest.Request) {
		for _, name := range []string{"from", "to"} {
			if r.Query.Has(name) {
				r.Query.Set(name, relative(r.Query.Get(name)))
			}
		}
	},
}

func TestParity(t *testing.T) { suite.Test(t) }

// relative turns epoch seconds near a full hour before now into words.
func relative(value string) string {
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
