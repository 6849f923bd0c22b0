package transport_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/bubble"
	"github.com/org/zscalermcp/transport"
)

// whoami answers with the principal in its context.
func whoami(ctx context.Context, _ *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	p, ok := auth.PrincipalFromContext(ctx)
	if !ok {
		return text("nobody"), nil
	}
	return text(p.Issuer + "/" + p.Subject + " scopes=" + strings.Join(p.Scopes, ",")), nil
}

func TestToolsSeeThePrincipal(t *testing.T) {
	rg := newRig(t, transport.Config{Auth: byToken}, map[string]handler{"whoami": whoami})
	for _, era := range eras {
		if a := rg.call(era, "whoami", "Authorization", "Bearer ann"); !strings.Contains(a.body, "test/ann") {
			t.Errorf("%s: %s", era, a.body)
		}
	}
	open := newRig(t, transport.Config{}, map[string]handler{"whoami": whoami})
	for _, era := range eras {
		if a := open.call(era, "whoami"); !strings.Contains(a.body, "none/anonymous") {
			t.Errorf("%s without Auth: %s", era, a.body)
		}
	}
}

// In a session the context is that of initialize; its principal is stale.
func TestPrincipalOfASessionIsThatOfTheRequest(t *testing.T) {
	rg := newRig(t, transport.Config{Auth: byToken}, map[string]handler{"whoami": whoami})
	ann := []string{"Authorization", "Bearer ann", "X-Scope"}
	session := rg.open(append(ann, "first")...)
	body, headers := message(legacy, session, "tools/call", "whoami", `"name":"whoami"`)
	if a := rg.send(http.MethodPost, body, append(headers, append(ann, "second")...)...); !strings.Contains(a.body, "scopes=second") {
		t.Errorf("scopes of the second request expected: %s", a.body)
	}
}

func TestSessionOfAnotherPrincipalIsRefused(t *testing.T) {
	rg := newRig(t, transport.Config{Auth: byToken}, map[string]handler{"whoami": whoami})
	session := rg.open("Authorization", "Bearer ann")
	body, headers := message(legacy, session, "tools/call", "whoami", `"name":"whoami"`)
	as := func(method, who string) answer {
		content := body
		if method == http.MethodGet {
			content = ""
		}
		return rg.send(method, content, append(headers, "Authorization", "Bearer "+who)...)
	}
	for _, method := range []string{http.MethodPost, http.MethodGet, http.MethodDelete} {
		if a := as(method, "bob"); a.status != http.StatusForbidden {
			t.Errorf("%s as bob: %d %s", method, a.status, a.body)
		}
	}
	if a := as(http.MethodPost, "ann"); a.status != http.StatusOK || !strings.Contains(a.body, "test/ann") {
		t.Errorf("as ann: %d %s", a.status, a.body)
	}
}

func TestNoCredentialIsRefusedWithAChallenge(t *testing.T) {
	rg := newRig(t, transport.Config{Auth: byToken}, map[string]handler{"whoami": whoami})
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete, http.MethodPut} {
		a := rg.send(method, initialize)
		if a.status != http.StatusUnauthorized || a.header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s: %d, challenge %q", method, a.status, a.header.Get("WWW-Authenticate"))
		}
	}
}

func TestSecretIsGoneBeforeTools(t *testing.T) {
	dump := func(_ context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		h, err := json.Marshal(req.Extra.Header)
		return text(string(h)), err
	}
	rg := newRig(t, transport.Config{Auth: byToken}, map[string]handler{"dump": dump})
	for _, era := range eras {
		a := rg.call(era, "dump", "Authorization", "Bearer s3cr3t", "X-Api-Key", "", "Traceparent", "00-trace")
		if a.status != http.StatusOK || strings.Contains(a.body, "s3cr3t") {
			t.Errorf("%s: the tool saw the secret: %s", era, a.body)
		}
		if !strings.Contains(a.body, "00-trace") {
			t.Errorf("%s: the tool did not see the other headers: %s", era, a.body)
		}
	}
}

// GET and subscriptions/listen would outlive the credential that opened them.
func TestStreamsEndWithTheCredential(t *testing.T) {
	soon := auth.AuthenticatorFunc(func(r *http.Request) (*auth.Principal, error) {
		p := &auth.Principal{Issuer: "test", Subject: "ann", Method: "test"}
		if r.Header.Get("X-Soon") != "" {
			p.Expires = time.Now().Add(50 * time.Millisecond)
		}
		return p, nil
	})
	rg := newRig(t, transport.Config{Auth: soon}, map[string]handler{"whoami": whoami})
	start := time.Now()
	if a := rg.send(http.MethodGet, "", "Mcp-Session-Id", rg.open(), "X-Soon", "1"); a.status != http.StatusOK {
		t.Errorf("GET: %d %s", a.status, a.body)
	}
	if a := rg.ask(modern, "subscriptions/listen", "", `"notifications":{"toolsListChanged":true}`, "X-Soon", "1"); a.status != http.StatusOK {
		t.Errorf("listen: %d %s", a.status, a.body)
	}
	if d := time.Since(start); d < 100*time.Millisecond {
		t.Errorf("the streams ended after %s, before the credential did", d)
	}
}

// An open stream ends soon after its caller may no longer go on, and not while nobody can tell.
func TestOpenStreamsAreChecked(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		var verdict atomic.Pointer[error]
		good := error(nil)
		verdict.Store(&good)
		who := (&auth.Principal{Issuer: "test", Subject: "ann", Method: "test"}).WithCheck(func(context.Context) error { return *verdict.Load() })
		ended := time.Time{}
		start := time.Now()
		done := make(chan struct{})
		go func() {
			defer close(done)
			transport.WatchStream(auth.ContextWithPrincipal(t.Context(), who))
			ended = time.Now()
		}()
		time.Sleep(65 * time.Second)
		unknown := error(&auth.Error{Status: http.StatusServiceUnavailable})
		verdict.Store(&unknown)
		time.Sleep(60 * time.Second)
		revoked := error(&auth.Error{Status: http.StatusUnauthorized})
		verdict.Store(&revoked)
		<-done
		if lasted := ended.Sub(start); lasted != 150*time.Second {
			t.Errorf("the stream lasted %s", lasted)
		}
	})
}
