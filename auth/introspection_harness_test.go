package auth_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/auth/authtest"
)

// introspectionConfig asks the provider about tokens for the resource.
func introspectionConfig(idp *authtest.Provider) auth.IntrospectionConfig {
	return auth.IntrospectionConfig{
		URL: idp.IntrospectionURL(), ClientID: idp.ClientID, ClientSecret: auth.Secret(idp.ClientSecret), Issuer: idp.Issuer(),
		Audiences: []string{resource}, HTTPClient: idp.Client(), Logger: debugLog(io.Discard),
	}
}

func newIntrospection(t testing.TB, cfg auth.IntrospectionConfig) *auth.Introspection {
	t.Helper()
	i, err := auth.NewIntrospection(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = i.Close() })
	return i
}

// opaque is a token of the provider for the resource.
func opaque(idp *authtest.Provider, claims map[string]any) string {
	all := map[string]any{"aud": resource}
	maps.Copy(all, claims)
	return idp.MintOpaque(all)
}

// network has every request answered by respond.
func network(respond func(*http.Request) *http.Response) *http.Client {
	return &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) { return respond(r), nil })}
}

// activeAnswer is an answer about a good token, with members replaced, or left out where the value is nil.
func activeAnswer(change map[string]any) string {
	all := map[string]any{
		"active": true, "iss": idpURL, "sub": "alice", "aud": resource, "client_id": "app", "token_type": "Bearer", "scope": "read write",
		"exp": time.Now().Add(time.Hour).Unix(),
	}
	for name, value := range change {
		if all[name] = value; value == nil {
			delete(all, name)
		}
	}
	text, err := json.Marshal(all)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// slowed is the provider's client, each of whose requests takes so long.
func slowed(idp *authtest.Provider, delay time.Duration) *http.Client {
	inner := idp.Client().Transport
	return &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		select {
		case <-time.After(delay):
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
		return inner.RoundTrip(r)
	})}
}

// questions checks the status of a token, and how many questions there have been since the start.
func questions(t *testing.T, idp *authtest.Provider, a auth.Authenticator, r *http.Request, status, asked int) {
	t.Helper()
	w := answered(a, r)
	if got := idp.Requests(authtest.IntrospectionPath); w.Code != status || got != asked {
		t.Errorf("status %d after %d questions, want %d after %d", w.Code, got, status, asked)
	}
	if token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "); bytes.Contains(w.Body.Bytes(), []byte(token)) {
		t.Errorf("the answer repeats the token: %s", w.Body)
	}
}
