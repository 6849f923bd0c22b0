package zscaler_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/org/zscalermcp/zscaler"
)

const (
	testSecret = "s3cr3t-of-the-api-client"
	testToken  = "access-token-" // a number follows
)

// A fake is a tenant without sockets, so that time in it can be simulated. The n of its functions
// counts requests from 1.
type fake struct {
	answer func(n int, r *http.Request) (*http.Response, error)
	token  func(n int, r *http.Request) (*http.Response, error)

	mu     sync.Mutex
	calls  []sent
	tokens []sent
}

// sent is a request as the tenant saw it.
type sent struct {
	method, url, body string
	header            http.Header
	at                time.Time
}

func (f *fake) RoundTrip(r *http.Request) (*http.Response, error) {
	s := sent{method: r.Method, url: r.URL.String(), header: r.Header.Clone(), at: time.Now()}
	if r.Body != nil {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		s.body = string(b)
	}
	f.mu.Lock()
	answer, list := f.answer, &f.calls
	if strings.HasSuffix(r.URL.Path, "/oauth2/v1/token") {
		answer, list = f.token, &f.tokens
	}
	*list = append(*list, s)
	n := len(*list)
	f.mu.Unlock()
	if answer == nil {
		answer = goodToken
	}
	return answer(n, r)
}

func (f *fake) sent() []sent {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]sent(nil), f.calls...)
}

func (f *fake) tokenRequests() []sent {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]sent(nil), f.tokens...)
}

func goodToken(n int, _ *http.Request) (*http.Response, error) {
	return reply(200, fmt.Sprintf(`{"access_token":"%s%d","token_type":"Bearer","expires_in":3600}`, testToken, n)), nil
}

// reply makes an answer; headers are pairs of name and value.
func reply(status int, body string, headers ...string) *http.Response {
	h := http.Header{"Content-Type": {"application/json"}}
	for i := 0; i+1 < len(headers); i += 2 {
		h.Set(headers[i], headers[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body))}
}

// replies answers the n-th request with the n-th of the replies, and the last one from then on.
func replies(all ...func() *http.Response) func(int, *http.Request) (*http.Response, error) {
	return func(n int, _ *http.Request) (*http.Response, error) { return all[min(n, len(all))-1](), nil }
}

func is(status int, body string, headers ...string) func() *http.Response {
	return func() *http.Response { return reply(status, body, headers...) }
}

func testConfig(f *fake) zscaler.Config {
	return zscaler.Config{
		Credentials: zscaler.Credentials{
			VanityDomain: "acme", ClientID: "client-1", ClientSecret: testSecret, CustomerID: "216196257331281920",
		},
		HTTPClient: &http.Client{Transport: f},
		Limits:     map[zscaler.Service]zscaler.Limit{},
	}
}

func newClient(t testing.TB, f *fake, change ...func(*zscaler.Config)) *zscaler.Client {
	t.Helper()
	cfg := testConfig(f)
	for _, c := range change {
		c(&cfg)
	}
	c, err := zscaler.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func get(path string) *zscaler.Request { return &zscaler.Request{Method: http.MethodGet, Path: path} }

func do(t *testing.T, c *zscaler.Client, req *zscaler.Request) (*zscaler.Response, error) {
	t.Helper()
	return c.Do(context.Background(), req)
}
