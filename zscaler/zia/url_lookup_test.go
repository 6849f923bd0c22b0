package zia_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/internal/bubble"
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/zscaler"
	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

// A classifier answers URL look-ups without a network, so that time can be simulated.
type classifier struct {
	chunks []int
	fail   int // number of the request that fails, 0 for none
}

func (c *classifier) Setting(string) (string, error) { return "", nil }

func (c *classifier) Do(_ context.Context, req *zscaler.Request) (*zscaler.Response, error) {
	var urls []string
	if err := json.Unmarshal(req.Body, &urls); err != nil {
		return nil, err
	}
	c.chunks = append(c.chunks, len(urls))
	if len(c.chunks) == c.fail {
		return nil, errors.New("the service is down")
	}
	rows := make([]string, len(urls))
	for i, url := range urls {
		rows[i] = fmt.Sprintf(`{"url":%q,"urlClassifications":["X"]}`, url)
	}
	return &zscaler.Response{Status: 200, Body: json.RawMessage("[" + strings.Join(rows, ",") + "]")}, nil
}

func lookUp(ctx context.Context, t *testing.T, c *classifier, n int) (tool.Rows, error) {
	urls := make([]string, n)
	for i := range urls {
		urls[i] = fmt.Sprintf("host%d.example.com", i)
	}
	answer, err := suite.Handle(zscaler.ContextWithDoer(ctx, c), t, "zia_url_lookup", map[string]any{"urls": urls})
	rows, _ := answer.(tool.Rows)
	return rows, err
}

func TestLookUpInChunks(t *testing.T) {
	for _, test := range []struct {
		urls   int
		chunks string
		pause  time.Duration
	}{
		{1, "[1]", 0}, {100, "[100]", 0}, {101, "[100 1]", time.Second}, {250, "[100 100 50]", 2 * time.Second},
	} {
		bubble.Test(t, func(t *testing.T) {
			c, started := &classifier{}, time.Now()
			rows, err := lookUp(t.Context(), t, c, test.urls)
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(c.chunks); got != test.chunks || time.Since(started) != test.pause {
				t.Errorf("%d urls: chunks %s in %v, want %s in %v", test.urls, got, time.Since(started), test.chunks, test.pause)
			}
			last := fmt.Sprintf(`{"url":"host%d.example.com","urlClassifications":["X"]}`, test.urls-1)
			if len(rows.Rows) != test.urls || string(rows.Rows[test.urls-1]) != last {
				t.Errorf("%d urls: %d rows", test.urls, len(rows.Rows))
			}
		})
	}
}

// The pause ends with the call.
func TestLookUpIsCancelled(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		c, started := &classifier{}, time.Now()
		_, err := lookUp(ctx, t, c, 300)
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "100 of 300") || len(c.chunks) != 1 {
			t.Errorf("%d requests, error %v", len(c.chunks), err)
		}
		if took := time.Since(started); took != 300*time.Millisecond {
			t.Errorf("took %v", took)
		}
	})
}

func TestLookUpFailsWhole(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		rows, err := lookUp(t.Context(), t, &classifier{fail: 2}, 150)
		if err == nil || !strings.Contains(err.Error(), "after 100 of 150 urls: the service is down") || rows.Rows != nil {
			t.Errorf("%d rows, error %v", len(rows.Rows), err)
		}
	})
}

func TestLookUpOfNothingIsRefused(t *testing.T) {
	w := suite.Open(t, paritytest.Paths(map[string]string{"POST /zia/api/v1/urlLookup": `[{"url":"a.example.com"}]`}))
	if text, failed := w.Call(t, "zia_url_lookup", map[string]any{"urls": []string{}}); !failed || w.Lines() != "" {
		t.Errorf("error %v: %s", failed, text)
	}
	if text, failed := w.Call(t, "zia_url_lookup", map[string]any{"urls": []string{"a.example.com"}}); failed {
		t.Error(text)
	}
}
