package oidcproxy_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth/oidcproxy"
)

// A moody signer is a key in a service that fails, panics or does not answer.
type moody struct {
	crypto.Signer
	mood func() error
}

func (m moody) Sign(random io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	if m.mood != nil {
		if err := m.mood(); err != nil {
			return nil, err
		}
	}
	return m.Signer.Sign(random, digest, opts)
}

// R85, R109: a key that cannot sign signs nobody out, and holds nobody up for longer than a request may take.
func TestKeysInServicesThatFail(t *testing.T) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	inBubble(t, func(t *testing.T) {
		hang := make(chan struct{})
		for name, mood := range map[string]func() error{
			"throttled": func() error { return errors.New("kms: throttled") }, "panics": func() error { panic("kms") }, "hangs": func() error { <-hang; return nil },
		} {
			var now atomic.Pointer[func() error]
			change := func(c *oidcproxy.Config) {
				c.Upstream.ClientSecret, c.Upstream.PrivateKey = "", moody{private, func() error {
					if f := now.Load(); f != nil {
						return (*f)()
					}
					return nil
				}}
				c.HTTPClient = &http.Client{Transport: rewriting{next: c.HTTPClient.Transport, request: func(_ *http.Request, form url.Values) { form.Set("client_secret", upSecret) }}}
			}
			rg := newRig(t, change)
			f := rg.signedIn()
			now.Store(&mood)
			start := time.Now()
			rg.want(name, rg.post("/token", refreshing(f.client, f.refresh)), http.StatusServiceUnavailable, "temporarily_unavailable")
			if took := time.Since(start); took > 11*time.Second {
				t.Errorf("%s: %s", name, took)
			}
			start = time.Now()
			_ = rg.p.Close()
			if took := time.Since(start); took > 11*time.Second {
				t.Errorf("%s: Close took %s", name, took)
			}
			now.Store(nil)
			rg.provider(change)
			rg.refreshed(f)
		}
		close(hang)
	})
	for name, key := range map[string]crypto.Signer{"nil RSA": (*rsa.PrivateKey)(nil), "nil EC": (*ecdsa.PrivateKey)(nil), "empty RSA": &rsa.PrivateKey{}, "short Ed25519": ed25519.PrivateKey{1}} {
		_, err := oidcproxy.New(t.Context(), oidcproxy.Config{
			Upstream: oidcproxy.Upstream{Issuer: "https://idp.example.com", ClientID: "proxy", PrivateKey: key}, ResourceURL: resource, LazyDiscovery: true,
		})
		if err == nil || !strings.Contains(err.Error(), "Upstream.PrivateKey") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
