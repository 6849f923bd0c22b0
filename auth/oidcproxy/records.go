package oidcproxy

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/org/zscalermcp/store"
)

const recordPurpose = "oidcproxy record v1"

// errUnreadable means that a record is not of our keys, or was exchanged or changed: it counts as absent.
var errUnreadable = errors.New("oidcproxy: a record in the store cannot be read")

// keyOf is where the record of a handle is: the store never sees the handle (R144).
func keyOf(kind, handle string) string { return "oauth/" + kind + "/" + hashOf(kind, handle) }

// aad binds what is sealed to this issuer and resource, and to a place.
func (p *Provider) aad(parts ...string) string {
	return strings.Join(append([]string{p.issuer, p.resource}, parts...), "\n")
}

// sealRecord makes a record of parts, a line of JSON each.
func (p *Provider) sealRecord(key string, parts ...any) ([]byte, error) {
	lines := make([][]byte, len(parts))
	for i, part := range parts {
		line, err := json.Marshal(part)
		if err != nil {
			return nil, err
		}
		lines[i] = line
	}
	return p.keys.SealBytes(recordPurpose, bytes.Join(lines, newline), []byte(p.aad(key)))
}

// openRecord reads as many parts of a record as are asked for.
func (p *Provider) openRecord(key string, value []byte, parts ...any) error {
	rest, err := p.keys.OpenBytes(recordPurpose, value, []byte(p.aad(key)))
	for i := 0; err == nil && i < len(parts); i++ {
		var line []byte
		line, rest, _ = bytes.Cut(rest, newline)
		err = json.Unmarshal(line, parts[i])
	}
	if err != nil {
		return fmt.Errorf("%w: %w", errUnreadable, err)
	}
	return nil
}

var newline = []byte{'\n'}

// A signIn is what the callback must know of a user who is at the identity provider. After that a mark remains that its form is spent.
type signIn struct {
	Spent bool `json:"x,omitempty"`

	Client  string       `json:"c,omitempty"` // hash of the client id
	Label   string       `json:"l,omitempty"` // its fingerprint
	Origin  clientOrigin `json:"g,omitempty"`
	Refresh bool         `json:"f,omitempty"` // the client may have refresh tokens
	ID      string       `json:"i,omitempty"` // the client id, where the user is asked once more after it (ConfirmAccount)
	Name    string       `json:"n,omitempty"` // of the client, likewise
	Silent  bool         `json:"q,omitempty"` // no page may be shown

	Redirect  string   `json:"r,omitempty"`
	Named     bool     `json:"d,omitempty"`
	State     []byte   `json:"s,omitempty"`
	Challenge string   `json:"h,omitempty"`
	Scopes    []string `json:"o,omitempty"`

	Nonce    string `json:"t,omitempty"`
	Verifier string `json:"v,omitempty"`
	Expires  int64  `json:"e,omitempty"`
}

var (
	errUnbound = errors.New("oidcproxy: the sign-in was not begun in this browser, or too long ago")
	errSpent   = errors.New("oidcproxy: the sign-in has been used, or has ended")
)

// signInKey is where a sign-in is: only the browser that has begun it, and the form that it came from, name the place.
func signInKey(state, secret string) string { return "oauth/signin/" + hashOf("signin", state, secret) }

// createSignIn stores a sign-in. store.ErrExists: the form was answered before.
func (p *Provider) createSignIn(ctx context.Context, req authRequest, s signIn) error {
	key := signInKey(req.Upstream, req.Secret)
	value, err := p.sealRecord(key, s)
	if err != nil {
		return err
	}
	return p.store.Create(ctx, key, value, p.cfg.Lifetimes.SignIn+p.cfg.Lifetimes.Consent)
}

// spend marks a form as answered.
func (p *Provider) spend(ctx context.Context, req authRequest, ttl time.Duration) error {
	key := signInKey(req.Upstream, req.Secret)
	value, err := p.sealRecord(key, signIn{Spent: true})
	if err != nil {
		return err
	}
	return p.store.Create(ctx, key, value, ttl)
}

// takeSignIn returns the sign-in with this state to the browser that began it, once (R87, R88). Whoever else asks gets errUnbound and takes nothing.
func (p *Provider) takeSignIn(ctx context.Context, state, secret string) (signIn, error) {
	var s signIn
	key := signInKey(state, secret)
	mark, err := p.sealRecord(key, signIn{Spent: true})
	if err != nil {
		return s, err
	}
	value, err := store.Exchange(ctx, p.store, key, mark, p.cfg.Lifetimes.Consent)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return s, errUnbound
	case err != nil:
		return s, err
	}
	if err := p.openRecord(key, value, &s); err != nil {
		return s, err
	}
	if s.Spent || p.remaining(s.Expires) <= 0 {
		return s, errSpent
	}
	return s, nil
}
