package authtest

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/org/zscalermcp/auth"
)

// credentialHeaders are those that the middleware knows.
var credentialHeaders = []string{"Authorization", "X-Api-Key", "X-Zscaler-Client-Id", "X-Zscaler-Client-Secret"}

// A fixture is a check with its authenticator, and with the calls that most checks make.
type fixture struct {
	*testing.T
	Suite
	a auth.Authenticator
}

func (f *fixture) close() {
	if c, ok := f.a.(io.Closer); ok {
		if err := c.Close(); err != nil {
			f.Errorf("Close = %v", err)
		}
	}
}

// admitted returns the principal of a credential that must be good.
func (f *fixture) admitted(bear func(*http.Request)) *auth.Principal {
	f.Helper()
	p, err := f.a.Authenticate(f.request(bear))
	if err != nil || p == nil {
		f.Fatalf("a good credential: %v, %v", p, err)
	}
	return p
}

// refused checks that nobody is admitted, and returns the refusal; nil for ErrNotMine.
func (f *fixture) refused(what string, bear func(*http.Request)) *auth.Error {
	f.Helper()
	p, err := f.a.Authenticate(f.request(bear))
	var e *auth.Error
	switch {
	case err == nil || p != nil:
		f.Errorf("%s is admitted: %v, %v", what, p, err)
	case errors.Is(err, auth.ErrNotMine):
	case !errors.As(err, &e) || e == nil:
		f.Errorf("%s: the error is neither ErrNotMine nor an *auth.Error: %v", what, err)
	}
	return e
}

// An answer is what came of a request behind the middleware.
type answer struct {
	*httptest.ResponseRecorder
	principal *auth.Principal // whom the handler saw; nil if it was not reached
	header    http.Header     // that the handler saw
	log       string
}

// through sends a request through the middleware.
func (f *fixture) through(r *http.Request) answer {
	f.Helper()
	var log lockedBuffer
	got := answer{ResponseRecorder: httptest.NewRecorder()}
	next := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got.principal, _ = auth.PrincipalFromContext(r.Context())
		got.header = r.Header
	})
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	auth.Middleware(f.a, auth.MiddlewareConfig{Logger: logger})(next).ServeHTTP(got, r)
	got.log = log.String()
	return got
}

// bearers are all credentials of the suite by name.
func (f *fixture) bearers() map[string]func(*http.Request) {
	all := map[string]func(*http.Request){"the good credential": f.Good}
	if f.Other != nil {
		all["the other credential"] = f.Other
	}
	for name, bear := range f.Wrong {
		all[name] = bear
	}
	return all
}

const minSecret = 8 // bytes; shorter ones are found anywhere

// secrets are what a credential must not be seen by: what stands in the credential headers, and the suite's own.
func (f *fixture) secrets(bear func(*http.Request)) []string {
	secrets := append([]string(nil), f.Secrets...)
	h := f.request(bear).Header
	for _, name := range credentialHeaders {
		for _, value := range h[name] {
			scheme, token, found := strings.Cut(value, " ")
			switch {
			case name == "X-Zscaler-Client-Id": // a name
			case !found:
				secrets = append(secrets, value)
			case strings.EqualFold(scheme, "Basic"):
				pair, _ := base64.StdEncoding.DecodeString(token)
				_, password, _ := strings.Cut(string(pair), ":")
				secrets = append(secrets, token, password)
			default:
				secrets = append(secrets, token)
			}
		}
	}
	var long []string
	for _, secret := range secrets {
		if len(secret) >= minSecret {
			long = append(long, secret)
		}
	}
	return long
}

// wantNone checks that a text holds none of the secrets.
func (f *fixture) wantNone(what, text string, secrets []string) {
	f.Helper()
	for _, secret := range secrets {
		if strings.Contains(text, secret) {
			f.Errorf("%s holds a credential (of %d bytes)", what, len(secret))
		}
	}
}

// presents reports in which of the credential headers a credential stands.
func presents(r *http.Request) []string {
	var names []string
	for _, name := range credentialHeaders {
		if len(r.Header[name]) > 0 {
			names = append(names, name)
		}
	}
	return names
}

// An unreadBody fails the test when it is read.
type unreadBody struct{ t *testing.T }

func (b unreadBody) Read([]byte) (int, error) {
	b.t.Error("the body of the request was read")
	return 0, io.EOF
}

type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// printed is v under the verbs that show the most.
func printed(v any) string { return fmt.Sprintf("%v %+v %#v", v, v, v) }
