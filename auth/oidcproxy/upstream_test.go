package oidcproxy_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/org/zscalermcp/auth/authtest"
	"github.com/org/zscalermcp/auth/oidcproxy"
)

// A rewriting changes what goes to the identity provider, and what comes back.
type rewriting struct {
	next     http.RoundTripper
	request  func(*http.Request, url.Values) // of the token endpoint, with its form
	response func(*http.Response)            // of any
}

func (w rewriting) RoundTrip(r *http.Request) (*http.Response, error) {
	if w.request != nil && r.URL.Path == authtest.TokenPath {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, err
		}
		w.request(r, form)
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(form.Encode())), int64(len(form.Encode()))
	}
	resp, err := w.next.RoundTrip(r)
	if err == nil && w.response != nil {
		w.response(resp)
	}
	return resp, err
}

// elsewhere is a key that only signs, as one in hardware does.
type elsewhere struct{ crypto.Signer }

// R85: private_key_jwt (RFC 7523 section 2.2) with each kind of key: a new assertion each time, for the token endpoint, and no secret.
func TestR85PrivateKeyJWT(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for algorithm, key := range map[string]crypto.Signer{"RS256": elsewhere{rsaKey}, "ES256": elsewhere{ecKey}, "EdDSA": elsewhere{edKey}} {
		seen := map[string]bool{}
		check := func(r *http.Request, form url.Values) {
			claims := jwt.MapClaims{}
			token, err := jwt.ParseWithClaims(form.Get("client_assertion"), claims, func(*jwt.Token) (any, error) { return key.Public(), nil },
				jwt.WithValidMethods([]string{algorithm}), jwt.WithAudience("https://idp.example.com/token"), jwt.WithIssuer("proxy"), jwt.WithSubject("proxy"), jwt.WithExpirationRequired())
			if err != nil || token.Header["kid"] != "key-1" {
				t.Errorf("%s: %v", algorithm, err)
				return
			}
			expires, err := claims.GetExpirationTime()
			if id := claims["jti"].(string); err != nil || time.Until(expires.Time) > time.Minute || seen[id] || len(id) < 16 {
				t.Errorf("%s: claims %v", algorithm, claims)
			} else {
				seen[id] = true
			}
			if form.Get("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" || form.Has("client_secret") || r.Header.Get("Authorization") != "" {
				t.Errorf("%s: %v %v", algorithm, form, r.Header)
			}
			form.Set("client_secret", upSecret) // which the provider of the test wants
		}
		rg := newRig(t, func(c *oidcproxy.Config) {
			c.Upstream.ClientSecret, c.Upstream.PrivateKey, c.Upstream.PrivateKeyID = "", key, "key-1"
			c.HTTPClient = &http.Client{Transport: rewriting{next: c.HTTPClient.Transport, request: check}}
		})
		rg.refreshed(rg.signedIn())
		if len(seen) != 2 {
			t.Errorf("%s: %d assertions", algorithm, len(seen))
		}
	}
}

// R86: an answer that is too large or does not come is given up, the sign-in fails, and the next one works.
func TestR86AnswersAreBounded(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var fault func(*http.Response)
		change, delay := slowly()
		rg := newRig(t, func(c *oidcproxy.Config) {
			change(c)
			c.HTTPClient = &http.Client{Transport: rewriting{next: c.HTTPClient.Transport, response: func(resp *http.Response) {
				if fault != nil {
					fault(resp)
				}
			}}}
		})
		client := rg.client()
		attempt := func() answer {
			b := rg.browser()
			return b.open(b.begun(client))
		}
		padded := func(size int) func(*http.Response) {
			return func(resp *http.Response) {
				body, _ := io.ReadAll(resp.Body)
				resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), io.LimitReader(spaces{}, int64(size-len(body)))))
			}
		}
		if got := attempt().location(t).Query(); got.Get("code") == "" {
			t.Fatalf("lawful: %v", got)
		}
		fault = padded(1 << 20)
		if got := attempt().location(t).Query(); got.Get("code") == "" {
			t.Errorf("a MiB: %v", got)
		}
		fault = padded(1<<20 + 1)
		rg.wantRefusal("more", attempt(), "server_error", "client-state")
		fault = padded(1 << 40)
		rg.wantRefusal("endless", attempt(), "server_error", "client-state")
		fault = nil
		b := rg.browser()
		back := b.begun(client)
		delay.Store(int64(time.Hour))
		start := time.Now()
		rg.wantRefusal("never", b.open(back), "temporarily_unavailable", "client-state")
		if took := time.Since(start); took > 11*time.Second {
			t.Errorf("it was awaited for %s", took)
		}
		delay.Store(0)
		userInfo := newRig(t, func(c *oidcproxy.Config) { change(c); c.Upstream.UserInfo = true })
		b = userInfo.browser()
		back = b.begun(userInfo.client())
		delay.Store(int64(9 * time.Second)) // for the token, the keys and the userinfo answer
		start = time.Now()
		userInfo.wantRefusal("slow in all", b.open(back), "temporarily_unavailable", "client-state")
		if took := time.Since(start); took > 26*time.Second {
			t.Errorf("all was awaited for %s", took)
		}
		delay.Store(0)
		if got := attempt().location(t).Query(); got.Get("code") == "" {
			t.Errorf("afterwards: %v", got)
		}
	})
}

type spaces struct{}

func (spaces) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// R91: scopes that the operator needs and the provider does not grant. One that names none grants all (RFC 6749 section 5.1).
func TestR91NarrowedScopes(t *testing.T) {
	for granted, code := range map[string]string{"openid directory": "", "openid": "access_denied", "-": "", "directory": ""} {
		rg := newRigWith(t, authtest.Options{AlwaysRefresh: true}, func(c *oidcproxy.Config) {
			c.Upstream.Scopes, c.Upstream.RequiredScopes = []string{"openid", "directory"}, []string{"directory"}
		})
		answer := authtest.Tampering{TokenResponse: func(body map[string]any) {
			if body["scope"] = granted; granted == "-" {
				delete(body, "scope")
			}
		}}
		f := rg.signedIn()
		rg.idp.Tamper(answer)
		b := rg.browser()
		a := b.open(b.begun(rg.client()))
		if code != "" {
			rg.wantRefusal(granted, a, code, "client-state")
			rg.want(granted+", refresh", rg.post("/token", refreshing(f.client, f.refresh)), http.StatusBadRequest, "invalid_grant")
			continue
		}
		if a.location(t).Query().Get("code") == "" {
			t.Errorf("%s: %s", granted, a.Header.Get("Location"))
		}
		rg.refreshed(f)
	}
}

// R51: what the operator demands of the identity provider, clients may tighten and not loosen.
func TestR51OperatorsParametersStand(t *testing.T) {
	rg := newRig(t, func(c *oidcproxy.Config) {
		c.Upstream.AuthorizeParams = map[string]string{"max_age": "300", "login_hint": "operator@example.com", "prompt": "login"}
	})
	for sent, want := range map[string]string{"60": "60", "300": "300", "999999999": "300", "": "300", "x": "300"} {
		b := rg.browser()
		page := b.authorize(asking(rg.client(), "max_age", sent, "prompt", "select_account login", "login_hint", "x"))
		u, err := url.Parse(b.answerForm(page.field(t), "approve").link(t))
		if err != nil {
			t.Fatal(err)
		}
		if q := u.Query(); q.Get("max_age") != want || q.Get("prompt") != "login select_account" || q.Get("login_hint") != "operator@example.com" {
			t.Errorf("max_age %q: %v", sent, q)
		}
	}
	silent := newRig(t, func(c *oidcproxy.Config) { c.Upstream.AuthorizeParams = map[string]string{"prompt": "none"} })
	page := silent.browser()
	link := page.answerForm(page.authorize(asking(silent.client(), "prompt", "login")).field(t), "approve").link(t)
	if u, err := url.Parse(link); err != nil || u.Query().Get("prompt") != "none" {
		t.Errorf("prompt beside none: %s", link)
	}
	now := time.Now().Unix()
	for name, row := range map[string]struct {
		authTime any
		code     string
	}{
		"just now": {now, ""}, "within": {now - 299, ""}, "too old": {now - 370, "server_error"}, "not said": {nil, "server_error"}, "text": {"now", "server_error"},
	} {
		rg.idp.Tamper(authtest.Tampering{IDToken: func(claims map[string]any) {
			if claims["auth_time"] = row.authTime; row.authTime == nil {
				delete(claims, "auth_time")
			}
		}})
		b := rg.browser()
		a := b.open(b.begun(rg.client()))
		if row.code != "" {
			rg.wantRefusal(name, a, row.code, "client-state")
		} else if a.location(t).Query().Get("code") == "" {
			t.Errorf("%s: %s", name, a.Header.Get("Location"))
		}
	}
}

// R78, R84: an issuer for many tenants (Microsoft Entra ID) stands for those that are named, in the ID token and in iss.
func TestTenantsOfOneIssuer(t *testing.T) {
	const template = "https://idp.example.com/{tenantid}/v2.0"
	for tenant, code := range map[string]string{"tenant-a": "", "tenant-b": "", "tenant-c": "server_error", "{tenantid}": "server_error", "": "server_error"} {
		idp := authtest.NewProvider(authtest.Options{BaseURL: "https://idp.example.com"})
		own := strings.ReplaceAll(template, "{tenantid}", tenant)
		idp.Tamper(authtest.Tampering{
			Metadata: func(d map[string]any) { d["issuer"] = template },
			IDToken:  func(claims map[string]any) { claims["iss"], claims["tid"] = own, tenant },
			Callback: func(q url.Values) { q.Set("iss", own) },
		})
		idp.AddClient(authtest.Client{ID: "proxy", Secret: upSecret, RedirectURIs: []string{issuer + "/auth/callback"}})
		rg := &rig{TB: t, idp: idp}
		rg.provider(func(c *oidcproxy.Config) {
			c.Upstream.Issuer, c.Upstream.DiscoveryURL, c.Upstream.Tenants = template, idp.DiscoveryURL(), []string{"tenant-a", "tenant-b"}
		})
		b := rg.browser()
		a := b.open(b.begun(rg.client()))
		if code != "" {
			rg.wantRefusal(tenant, a, code, "client-state")
			continue
		}
		code := a.location(t).Query().Get("code")
		if code == "" {
			t.Errorf("%s: %s", tenant, a.Header.Get("Location"))
		}
	}
	idp := authtest.NewProvider(authtest.Options{BaseURL: "https://idp.example.com"})
	idp.Tamper(authtest.Tampering{ // of one tenant, in the name of another
		Metadata: func(d map[string]any) { d["issuer"] = template },
		IDToken: func(claims map[string]any) {
			claims["iss"], claims["tid"] = "https://idp.example.com/tenant-a/v2.0", "tenant-b"
		},
		Callback: func(q url.Values) { q.Set("iss", "https://idp.example.com/tenant-a/v2.0") },
	})
	idp.AddClient(authtest.Client{ID: "proxy", Secret: upSecret, RedirectURIs: []string{issuer + "/auth/callback"}})
	rg := &rig{TB: t, idp: idp}
	rg.provider(func(c *oidcproxy.Config) {
		c.Upstream.Issuer, c.Upstream.DiscoveryURL, c.Upstream.Tenants = template, idp.DiscoveryURL(), []string{"tenant-a", "tenant-b"}
	})
	b := rg.browser()
	rg.wantRefusal("two tenants in one token", b.open(b.begun(rg.client())), "server_error", "client-state")
}
