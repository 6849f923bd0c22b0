package oidcproxy

import (
	"bytes"
	"context"
	"errors"
	"time"

	"github.com/org/zscalermcp/store"
)

const (
	saveTries  = 5
	savePause  = 300 * time.Millisecond
	saveTime   = 5 * time.Second // even when the process is about to end
	maxUnsaved = 10_000
)

// save puts next in the place of the grant, after the identity provider has answered. It may not be asked again with a refresh token that it has taken back
// (R109), so what others have changed meanwhile is merged, and a store that fails is tried again. What even then cannot be saved is remembered here, for
// the client's next try, and saved when the store is there again.
func (p *Provider) save(ctx context.Context, g *held, next grant) (err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTime)
	defer cancel()
	leased, key := unsaved{g.Lease, g.Generation, g.Current, g.Upstream, ""}, p.verifier.hash.Sum(g.key)
	for try := 0; try < saveTries && (try == 0 || pause(ctx, savePause)); try++ {
		if err = p.swapGrant(ctx, g, next); isConflict(err) {
			err = p.merge(ctx, g, &next)
		}
		switch {
		case err == nil:
			p.unsaved.Drop(key)
			return nil
		case errors.Is(err, store.ErrNotFound):
			if next.Upstream != leased.upstream { // it was not there to be revoked with the grant
				p.revokeUpstream(next.Upstream)
			}
			return err
		case errors.Is(err, errOvertaken): // what was given here ends by itself: revoking it could end what the other replica has, too
			return err
		}
	}
	leased.successor = next.Upstream
	p.unsaved.Put(key, leased, 1)
	p.saveLater(*g, next)
	return errors.Join(errUnsaved, err)
}

// An unsaved refresh token of the identity provider is the successor of the one in a grant, as it was under the lease.
type unsaved struct {
	lease      int64
	generation uint32
	current    []byte
	upstream   string
	successor  string
}

var (
	errUnsaved   = errors.New("the store does not take what the identity provider has answered")
	errOvertaken = errors.New("another replica has rotated the refresh token meanwhile")
)

// merge reads the grant anew, and takes over into next what others have changed in it; then it can be swapped again (store.ErrConflict). No error means that
// it is there already: the answer to our own swap was lost.
func (p *Provider) merge(ctx context.Context, g *held, next *grant) error {
	fresh, err := p.loadKey(ctx, g.key, g.id)
	if err != nil {
		return err
	}
	before := g.grant
	*g = *fresh
	switch {
	case fresh.isAt(*next) && fresh.Upstream == next.Upstream && fresh.Lease == next.Lease:
		return nil
	case !fresh.isAt(before):
		return errOvertaken
	}
	next.Epoch = fresh.Epoch
	return store.ErrConflict
}

// isAt reports whether the current refresh token is that of the other.
func (g *grant) isAt(other grant) bool {
	return g.Generation == other.Generation && bytes.Equal(g.Current, other.Current)
}

// unsavedOf is what could not be saved of this very state of the grant.
func (p *Provider) unsavedOf(g *held) (unsaved, bool) {
	found, ok := p.unsaved.Get(p.verifier.hash.Sum(g.key))
	return found, ok && found.generation == g.Generation && bytes.Equal(found.current, g.Current) && found.upstream == g.Upstream
}

// isOwnLease reports whether the lease of the grant is left from a rotation here that could not be saved.
func (p *Provider) isOwnLease(g *held) bool {
	found, ok := p.unsavedOf(g)
	return ok && found.lease == g.Lease
}

// latestUpstream is the refresh token of the identity provider that counts: that of the grant, unless its successor could not be saved.
func (p *Provider) latestUpstream(g *held) string {
	if found, ok := p.unsavedOf(g); ok {
		return found.successor
	}
	return g.Upstream
}
