package oidcproxy

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/org/zscalermcp/store"
)

const (
	askTime    = 15 * time.Second // for all that is asked of the identity provider and the rules
	leaseTime  = 30 * time.Second // longer than it takes to get the lease, ask, and store the answer
	leasePoll  = 200 * time.Millisecond
	longAgo    = 10 * time.Minute // more than clocks differ
	maxRetired = 32               // in one grace: nobody refreshes so often, and the record stays small
	leaseRoom  = 1024             // bytes: for an entry of Retired, and a longer refresh token of the identity provider
)

// rotate replaces the refresh token h by its successor, after the identity provider has confirmed that the user is still welcome (R92, R101, R103). nil
// without an error means that somebody else has done it. The grant was read a moment ago, and is read again only where others have changed it since.
func (p *Provider) rotate(ctx context.Context, r *http.Request, g *held, h handle) (rotated *rotation, e *oauthError) {
	defer func() {
		if v := recover(); v != nil {
			p.logger.ErrorContext(ctx, "panic in a refresh", "stack", string(debug.Stack()))
			rotated, e = nil, errInternal
		}
	}()
	var watch leaseWatch
	for tries, isRead := 0, true; tries < maxTries; isRead = false {
		if !isRead {
			fresh, err := p.loadGrant(ctx, h.grant)
			if err != nil {
				return nil, unstored(err)
			}
			g = fresh
		}
		switch {
		case g.Generation != h.generation || subtle.ConstantTimeCompare(g.Current, h.hash()) != 1:
			return nil, nil
		case g.Lease != 0 && !p.isOwnLease(g) && !watch.isOver(g.Lease, p.now()): // another replica asks the identity provider
			if !pause(ctx, leasePoll) {
				return nil, errTemporary.from(ctx.Err())
			}
			continue
		}
		p.forgetRetired(&g.grant)
		if len(g.Retired) >= maxRetired {
			full := *errTooMany
			full.retryAfter = time.UnixMilli(g.Retired[0].At).Add(p.cfg.Lifetimes.ReuseGrace).Sub(p.now())
			return nil, &full
		}
		successor, err := p.confirmAndSwap(ctx, r, g, h)
		var refusal *oauthError
		switch {
		case err == nil:
			return &rotation{g.grant, successor}, nil
		case errors.As(err, &refusal):
			return nil, refusal
		case errors.Is(err, errUnsaved), !isConflict(err) && !errors.Is(err, errOvertaken):
			return nil, unstored(err)
		}
		if tries++; !pause(ctx, leasePoll/4) {
			break
		}
	}
	return nil, errTemporary.from(errors.New("others change the grant all the time"))
}

// A leaseWatch waits for the end of a lease. Clocks of replicas may differ, so what counts is for how long it was seen here.
type leaseWatch struct {
	lease int64
	since time.Time
}

// isOver reports whether who has the lease, if it still runs, has had its time.
func (w *leaseWatch) isOver(lease int64, now time.Time) bool {
	if w.lease != lease {
		*w = leaseWatch{lease, time.Now()}
	}
	return time.Since(w.since) >= leaseTime || now.Sub(time.Unix(0, lease)) > longAgo
}

// confirmAndSwap rotates one grant, with a lease while the identity provider is asked (R109).
func (p *Provider) confirmAndSwap(ctx context.Context, r *http.Request, g *held, h handle) (successor string, err error) {
	if g.Upstream != "" {
		if err := p.lease(ctx, g); err != nil {
			return "", err
		}
	}
	next := g.grant
	next.Lease, next.Room = 0, ""
	if g.Upstream != "" {
		next.Upstream = p.latestUpstream(g)
		if next, err = p.confirm(ctx, next); err != nil {
			return "", p.unconfirmed(ctx, r, g, next, err)
		}
	}
	if successor, err = p.retire(&next, h); err != nil {
		return "", errInternal.from(err)
	}
	if err := p.save(ctx, g, next); err != nil {
		return "", err
	}
	p.record(r, event{name: EventTokenRefreshed, label: g.Label, issuer: g.Issuer, subject: g.Subject})
	return successor, nil
}

// lease marks the grant as one that the identity provider is asked about, and makes room in the store for the answer.
func (p *Provider) lease(ctx context.Context, g *held) error {
	ctx, cancel := context.WithTimeout(ctx, saveTime)
	defer cancel()
	leased, start := g.grant, time.Now()
	leased.Lease, leased.Room = p.now().Add(leaseTime).UnixNano()+rand.Int64N(int64(time.Millisecond)), strings.Repeat("-", leaseRoom)
	err := p.swapGrant(ctx, g, leased)
	if err != nil {
		if fresh, loadErr := p.loadKey(ctx, g.key, g.id); loadErr == nil && fresh.Lease == leased.Lease { // the answer to our own swap was lost
			*g, err = *fresh, nil
		}
	}
	if err == nil && time.Since(start) > leaseTime-askTime-saveTime {
		return store.ErrConflict // too late: others may take the lease for over before the answer is stored
	}
	return err
}

// unconfirmed ends the grant of a user who is no longer welcome. In all other cases, when nobody can tell, the refresh token stays good; what the identity
// provider has given meanwhile is kept in next.
func (p *Provider) unconfirmed(ctx context.Context, r *http.Request, g *held, next grant, cause error) error {
	refused := errors.Is(cause, errUpstreamDenied) || errors.Is(cause, errIdentity) || errors.Is(cause, errNotAdmitted) || errors.Is(cause, errUnasked)
	if !refused || errors.Is(cause, ErrUnavailable) || errors.Is(cause, ErrTryAgain) || errors.Is(cause, errClock) {
		if err := p.save(ctx, g, next); err != nil {
			cause = errors.Join(cause, err) // the lease ends by itself
		}
		return errTemporary.from(cause)
	}
	switch err := p.closeGrant(ctx, g, next); {
	case errors.Is(err, errOvertaken):
		return err // by a replica that was taken for dead, or took us for that
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return errTemporary.from(err)
	}
	p.record(r, event{name: EventGrantEnded, label: g.Label, issuer: g.Issuer, subject: g.Subject, reason: "not_confirmed", cause: cause})
	if err := p.endGrant(ctx, g); err != nil {
		return errTemporary.from(err)
	}
	return errInvalidGrant.from(cause)
}

// closeGrant ends the time of a grant under our lease, unless another replica has gone on with it. The latest refresh token of the identity provider goes with it.
func (p *Provider) closeGrant(ctx context.Context, g *held, next grant) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTime)
	defer cancel()
	for range maxTries {
		over := g.grant
		over.Ends, over.Upstream = 0, next.Upstream
		lease := g.Lease
		err := p.swapGrant(ctx, g, over)
		if !isConflict(err) {
			return err
		}
		fresh, err := p.loadKey(ctx, g.key, g.id)
		if err != nil {
			return err
		}
		if !fresh.isAt(g.grant) || fresh.Lease != lease {
			return errOvertaken
		}
		*g = *fresh
	}
	return store.ErrConflict
}

// retire puts the successor of h in its place, and returns its text.
func (p *Provider) retire(g *grant, h handle) (string, error) {
	successor := newHandle(h.grant, h.generation+1)
	text, err := p.sealHandle(refreshHandle, successor)
	if err != nil {
		return "", err
	}
	sealed, err := h.sealSuccessor(text)
	if err != nil {
		return "", err
	}
	now := p.now()
	g.Retired = append(slices.Clone(g.Retired), retired{Generation: h.generation, At: now.UnixMilli(), Successor: sealed})
	g.Generation, g.Current, g.Rotated, g.Lease = successor.generation, successor.hash(), now.Unix(), 0
	if g.Code != nil && now.Sub(time.UnixMilli(g.Code.Spent)) >= doubleFire {
		g.Code = &codeState{Hash: g.Code.Hash, Spent: g.Code.Spent} // a replay needs nothing more to be seen
	}
	return text, nil
}

// forgetRetired drops entries past their grace: their tokens are known as retired by their generation.
func (p *Provider) forgetRetired(g *grant) {
	now := p.now()
	g.Retired = slices.DeleteFunc(slices.Clone(g.Retired), func(entry retired) bool {
		return now.Sub(time.UnixMilli(entry.At)) >= p.cfg.Lifetimes.ReuseGrace
	})
}

// confirm asks the identity provider whether the user is still who they were, and the rules whether they are still admitted. It returns the grant as it
// then is, with an error too.
func (p *Provider) confirm(ctx context.Context, g grant) (grant, error) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	meta, err := p.upstream.metadata(ctx)
	if err != nil {
		return g, err
	}
	tokens, ends, err := p.upstream.refresh(ctx, meta, g.Upstream)
	if err != nil {
		return g, err
	}
	if tokens.RefreshToken != "" {
		g.Upstream = string(tokens.RefreshToken)
	}
	p.followUpstream(&g, ends)
	if err := p.upstream.checkGranted(tokens); err != nil {
		return g, err
	}
	user, err := p.confirmedUser(ctx, meta, tokens, g)
	switch {
	case err != nil:
		return g, err
	case user == nil:
		err := p.unasked(&g)
		return g, err
	case user.Text("sub") != g.Subject || user.Text("iss") != g.Issuer:
		return g, errIdentity
	}
	scopes, err := p.admit(ctx, user, g.Scopes)
	if err != nil {
		return g, err
	}
	g.Scopes, g.UserClaims, g.Checked = scopes, p.kept(user), p.now().Unix()
	return g, nil
}

// confirmedUser returns the claims of a refresh, nil where the provider sends none: that it answered is then all that is known. Without an ID token those
// of the userinfo endpoint count, and no older ones beside them.
func (p *Provider) confirmedUser(ctx context.Context, meta upstreamMetadata, tokens UpstreamTokens, g grant) (Claims, error) {
	switch {
	case tokens.IDToken != "" || p.upstream.cfg.Identify != nil:
		return p.upstream.identify(ctx, meta, tokens, "")
	case !p.upstream.cfg.UserInfo:
		return nil, nil
	}
	user, err := p.upstream.userInfo(ctx, meta, tokens.AccessToken)
	if err != nil {
		return nil, err
	}
	issuer, err := json.Marshal(g.Issuer) // it is that of the provider that was asked
	if err != nil {
		return nil, err
	}
	user["iss"] = issuer
	return user, nil
}

// unasked ends the grant when the user could not be checked for too long, where there are rules to check by.
func (p *Provider) unasked(g *grant) error {
	cfg := p.cfg
	if cfg.Authorize == nil && cfg.GrantScopes == nil && cfg.Tenants == nil && cfg.Domains == nil {
		return nil
	}
	g.Ends = min(g.Ends, max(g.SignIn, g.Checked)+int64(cfg.Lifetimes.Unchecked/time.Second))
	if p.remaining(g.Ends) <= 0 {
		return errUnasked
	}
	return nil
}

var errUnasked = errors.New("the identity provider sends no ID token with a refresh, so that the rules cannot be asked again (Lifetimes.Unchecked)")

// pause waits, unless ctx ends first.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
