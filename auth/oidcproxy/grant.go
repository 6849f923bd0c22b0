package oidcproxy

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/org/zscalermcp/store"
)

// A grant is one user's approval of one client: the code that the client gets for it, then the family of its refresh tokens, and what the identity
// provider gave. It is one record, so that each step is one compare-and-swap; a grant that is not there has ended.
type grant struct {
	id       string
	account  string     // how the user is shown; not stored
	standing `json:"-"` // a part of its own

	Issuer  string `json:"i"` // who vouches for the user
	Subject string `json:"s"`
	Client  string `json:"c"`           // hash of the client id
	Label   string `json:"l"`           // its fingerprint
	SignIn  int64  `json:"a"`           // when the user signed in, Unix
	Latest  int64  `json:"x"`           // whatever happens, Unix
	Session int64  `json:"v,omitempty"` // until when the identity provider said last that its own lasts, Unix
	Checked int64  `json:"y,omitempty"` // when a refresh last said who the user is, Unix
	Refresh bool   `json:"f,omitempty"`

	Code *codeState `json:"k,omitempty"`

	Generation uint32    `json:"g,omitempty"` // of the current refresh token
	Current    []byte    `json:"h,omitempty"` // SHA-256 of its secret
	Rotated    int64     `json:"r,omitempty"` // when it was made, Unix
	Retired    []retired `json:"t,omitempty"` // within the grace, oldest first

	Upstream string `json:"u,omitempty"` // refresh token of the identity provider
	Lease    int64  `json:"w,omitempty"` // somebody asks the identity provider until then, by the clock of who asks, Unix nanoseconds; the last digits are random, so that no two are alike
	Room     string `json:"z,omitempty"` // taken up during a lease, so that the store has it for what comes back
}

// A standing is what of a grant its access tokens need: it is read with each of them, and so without the rest.
type standing struct {
	Ends       int64                      `json:"e"`           // unless the identity provider prolongs its session, Unix
	Epoch      int64                      `json:"p,omitempty"` // access tokens of an earlier one are revoked
	Origin     clientOrigin               `json:"c,omitempty"` // of the client
	Scopes     []string                   `json:"o,omitempty"`
	UserClaims map[string]json.RawMessage `json:"m,omitempty"`
}

// A codeState is the authorization code of a grant.
type codeState struct {
	Hash      []byte `json:"h"` // SHA-256 of its secret; none while the user has not confirmed the account
	Expires   int64  `json:"e"` // Unix
	Redirect  string `json:"r,omitempty"`
	Named     bool   `json:"n,omitempty"` // the client has sent Redirect at the authorization endpoint
	Challenge string `json:"c,omitempty"`
	Spent     int64  `json:"s,omitempty"` // when, Unix milliseconds
	By        string `json:"b,omitempty"` // which request has spent it, at random
}

// A retired is a refresh token that has a successor.
type retired struct {
	Generation uint32 `json:"g"`
	At         int64  `json:"a"` // Unix milliseconds
	Successor  []byte `json:"s"` // the next token, sealed under a key that only the retired one gives (R106)
}

const grantIDBytes = 16

// Indexes of grants. They are of this issuer and resource: several providers may share a store, and none counts or ends what is another's.
func (p *Provider) userIndex(issuer, subject string) string {
	return "oauth/user/" + hashOf("user", p.aad(), issuer, subject)
}
func (p *Provider) clientIndex(fingerprint string) string {
	return "oauth/client/" + hashOf("client", p.aad(), fingerprint)
}
func (p *Provider) grantIndex() string { return "oauth/grants/" + hashOf("grants", p.aad()) }

// A held is a grant as the store has it: value is what a swap must find there.
type held struct {
	grant
	key   string
	value []byte
}

// createGrant stores a new grant whose code is not yet redeemed.
func (p *Provider) createGrant(ctx context.Context, g grant, ttl time.Duration) error {
	key := keyOf("grant", g.id)
	value, err := p.sealRecord(key, g.standing, g)
	if err != nil {
		return err
	}
	return p.store.Create(ctx, key, value, ttl, p.userIndex(g.Issuer, g.Subject), p.clientIndex(g.Label), p.grantIndex())
}

// loadGrant returns a live grant, or store.ErrNotFound.
func (p *Provider) loadGrant(ctx context.Context, id string) (*held, error) {
	return p.loadKey(ctx, keyOf("grant", id), id)
}

func (p *Provider) loadKey(ctx context.Context, key, id string) (*held, error) {
	value, err := p.store.Get(ctx, key)
	if err != nil {
		return nil, err
	}
	h := &held{key: key, value: value}
	if err := p.openRecord(key, value, &h.standing, &h.grant); err != nil {
		p.tell(ctx, event{name: EventUnreadable, reason: "key_mismatch", cause: fmt.Errorf("the user of the grant must sign in again: %w", err)})
		return nil, store.ErrNotFound
	}
	h.id = id
	if p.remaining(h.Ends) <= 0 {
		return nil, store.ErrNotFound
	}
	return h, nil
}

// swapGrant replaces a grant that nobody else has changed; else it is store.ErrConflict or store.ErrNotFound.
func (p *Provider) swapGrant(ctx context.Context, h *held, next grant) error {
	return p.swapGrantFor(ctx, h, next, p.grantTTL(next))
}

// swapGrantFor is swapGrant for a time of its own.
func (p *Provider) swapGrantFor(ctx context.Context, h *held, next grant, ttl time.Duration) error {
	value, err := p.sealRecord(h.key, next.standing, next)
	if err != nil {
		return err
	}
	if err := p.store.Swap(ctx, h.key, h.value, value, ttl); err != nil {
		return err
	}
	next.id = h.id
	h.grant, h.value = next, value
	return nil
}

// grantTTL is how long a grant lives if its client is not heard of again: as long as its refresh token, or its access token.
func (p *Provider) grantTTL(g grant) time.Duration {
	idle := p.cfg.Lifetimes.RefreshIdle
	if !g.Refresh {
		idle = p.cfg.Lifetimes.AccessToken
	}
	return max(min(idle, p.remaining(g.Ends)), time.Second)
}

// endGrant revokes a grant: its tokens are refused here from now on, and everywhere within the time that others remember its status.
func (p *Provider) endGrant(ctx context.Context, h *held) error {
	err := p.store.Delete(ctx, h.key)
	defer p.unsaved.Drop(p.verifier.hash.Sum(h.key))
	p.revocations.Add(1)
	if token := p.latestUpstream(h); token != "" {
		p.revokeUpstream(token)
	}
	return err
}

// isWaiting reports whether the user has not confirmed the account yet.
func (g *grant) isWaiting() bool { return g.Code != nil && len(g.Code.Hash) == 0 }

// trimGrants ends the oldest grants of a user who has too many (R156). Those that wait for the user are counted apart: what nobody has confirmed ends no other.
// store.ErrConflict means that g, which is to come, is one of them already: the form was sent twice at once, and the other time has made room.
func (p *Provider) trimGrants(ctx context.Context, g grant, waiting bool) error {
	keys, err := p.store.List(ctx, p.userIndex(g.Issuer, g.Subject))
	if err != nil || len(keys) < min(p.cfg.Limits.GrantsPerClient, p.cfg.Limits.GrantsPerUser) {
		return err
	}
	var ofClient, ofOthers []*held
	for _, key := range keys {
		h, err := p.loadKey(ctx, key, "")
		if errors.Is(err, store.ErrNotFound) || err == nil && h.isWaiting() != waiting {
			continue
		}
		if err != nil {
			return err
		}
		if key == keyOf("grant", g.id) {
			return store.ErrConflict
		}
		if h.Client == g.Client {
			ofClient = append(ofClient, h)
		} else {
			ofOthers = append(ofOthers, h)
		}
	}
	ofClient, err = p.endOldest(ctx, ofClient, p.cfg.Limits.GrantsPerClient-1)
	_, err2 := p.endOldest(ctx, append(ofClient, ofOthers...), p.cfg.Limits.GrantsPerUser-1)
	return errors.Join(err, err2)
}

// endOldest ends grants until keep are left, and returns these.
func (p *Provider) endOldest(ctx context.Context, grants []*held, keep int) ([]*held, error) {
	slices.SortFunc(grants, func(a, b *held) int { return cmp.Compare(a.SignIn, b.SignIn) })
	var errs []error
	for len(grants) > keep {
		oldest := grants[0]
		p.tell(ctx, event{name: EventGrantEnded, label: oldest.Label, subject: oldest.Subject, issuer: oldest.Issuer, reason: "too_many"})
		errs = append(errs, p.endGrant(ctx, oldest))
		grants = grants[1:]
	}
	return grants, errors.Join(errs...)
}
