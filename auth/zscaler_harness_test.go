package auth_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth"
)

// A oneAPI is OneAPI's token endpoint as ZscalerConfig.Verify sees it. change sets its fields.
type oneAPI struct {
	mu      sync.Mutex
	secrets map[string]string // by client id; nil accepts everything
	life    time.Duration     // of tokens; 0 means that it is not known
	attach  func(id string) any
	trouble error         // of every check
	delay   time.Duration // of every check
	asked   []string      // id:secret of every check
	atOnce  int           // checks under way
	most    int           // of those
}

func (o *oneAPI) change(how func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	how()
}

func (o *oneAPI) calls() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.asked)
}

func (o *oneAPI) verify(ctx context.Context, id string, secret auth.Secret) (auth.ZscalerGrant, error) {
	delay := o.enter(id, secret)
	defer o.change(func() { o.atOnce-- })
	if delay > 0 {
		select {
		case <-time.After(delay):
		case <-ctx.Done():
			return auth.ZscalerGrant{}, ctx.Err()
		}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.trouble != nil {
		return auth.ZscalerGrant{}, o.trouble
	}
	if want, ok := o.secrets[id]; o.secrets != nil && (!ok || want != string(secret)) {
		return auth.ZscalerGrant{}, fmt.Errorf("UPSTREAMTEXT: %w", auth.ErrWrongCredentials)
	}
	var grant auth.ZscalerGrant
	if o.life != 0 {
		grant.Expires = time.Now().Add(o.life)
	}
	if o.attach != nil {
		grant.Attachment = o.attach(id)
	}
	return grant, nil
}

func (o *oneAPI) enter(id string, secret auth.Secret) time.Duration {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked = append(o.asked, id+":"+string(secret))
	o.atOnce++
	o.most = max(o.most, o.atOnce)
	return o.delay
}

// newZscaler asks o.
func newZscaler(t testing.TB, o *oneAPI, cfg auth.ZscalerConfig) *auth.Zscaler {
	t.Helper()
	cfg.Verify = o.verify
	z, err := auth.NewZscaler(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = z.Close() })
	return z
}

// with is a request from 192.0.2.1 with pairs of header names and values, empty ones too.
func with(headers ...string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, resource, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		name := http.CanonicalHeaderKey(headers[i])
		r.Header[name] = append(r.Header[name], headers[i+1])
	}
	return r
}

func encoded(userPass string) string { return base64.StdEncoding.EncodeToString([]byte(userPass)) }

// basicAuth is a request with Basic credentials (RFC 7617).
func basicAuth(id, secret string) *http.Request {
	return with("Authorization", "Basic "+encoded(id+":"+secret))
}

// pairHeaders is a request with the X-Zscaler pair.
func pairHeaders(id, secret string) *http.Request {
	return with("X-Zscaler-Client-ID", id, "X-Zscaler-Client-Secret", secret)
}

// at is r from another address.
func at(addr string, r *http.Request) *http.Request {
	r.RemoteAddr = addr + ":4711"
	return r
}

// proxies are trusted peers that tell X-Forwarded-For.
func proxies(prefixes ...string) auth.Proxies {
	p, err := auth.ParseProxies(prefixes, "")
	if err != nil {
		panic(err)
	}
	return p
}

// answered runs r through the middleware.
func answered(a auth.Authenticator, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	cfg := auth.MiddlewareConfig{Logger: debugLog(io.Discard)}
	auth.Middleware(a, cfg)(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})).ServeHTTP(w, r)
	return w
}

// expect checks the status of a request, and how many checks there have been since the start.
func expect(t *testing.T, o *oneAPI, a auth.Authenticator, r *http.Request, status, calls int) *httptest.ResponseRecorder {
	t.Helper()
	w := answered(a, r)
	if got := o.calls(); w.Code != status || got != calls {
		t.Errorf("status %d after %d checks, want %d after %d", w.Code, got, status, calls)
	}
	return w
}
