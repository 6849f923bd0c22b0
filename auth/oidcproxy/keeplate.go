package oidcproxy

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/org/zscalermcp/store"
)

const (
	latePause    = time.Second
	lateTime     = 24 * time.Hour
	lateFailures = 16 // in a row: the store is away, and not a part of it
)

// lateSaves are grants that could not be saved in time after the identity provider has answered (R109): the store is away. Other replicas, which know only the
// refresh token that the provider has taken back, must find its successor before they get the lease, so it is saved as soon as the store is there again.
type lateSaves struct {
	mu      sync.Mutex
	waiting map[string]*lateSave // by the key of the grant
	works   bool
}

type lateSave struct {
	g     held // as it was under the lease
	next  grant
	until time.Time
}

// saveLater has a grant saved in the background, with the refresh token that the client has: it was told to come again, may do so long after the grace, and
// nobody has got a successor.
func (p *Provider) saveLater(g held, next grant) {
	next.Generation, next.Current, next.Rotated, next.Retired, next.Lease = g.Generation, g.Current, g.Rotated, g.Retired, 0
	l := &p.late
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, again := l.waiting[g.key]; !again && len(l.waiting) >= maxUnsaved {
		return
	}
	if l.waiting == nil {
		l.waiting = map[string]*lateSave{}
	}
	l.waiting[g.key] = &lateSave{g, next, time.Now().Add(lateTime)}
	if !l.works {
		l.works = true
		p.running.Add(1) // also after Close, which awaits the refresh that calls
		go p.saveLate()
	}
}

// saveLate tries until nothing waits any more, and after Close for as long as that waits.
func (p *Provider) saveLate() {
	defer p.running.Done()
	for pause(p.work, latePause) {
		failures := 0
		for _, each := range p.late.all() {
			err := p.saveSafely(*each)
			if isAway(err) && time.Now().Before(each.until) {
				if failures++; failures == lateFailures {
					break // for the others too
				}
				continue
			}
			failures = 0
			p.late.drop(each)
			p.lateSaved(*each, err)
		}
		if p.late.isDone() {
			return
		}
	}
}

// lateSaved forgets what is in the store, or has no place there any more. What could not be saved counts still for the client's next try here.
func (p *Provider) lateSaved(l lateSave, err error) {
	ended := errors.Is(err, store.ErrNotFound)
	key := p.verifier.hash.Sum(l.g.key)
	if found, ok := p.unsaved.Get(key); ok && found.successor == l.next.Upstream && (err == nil || ended) {
		p.unsaved.Drop(key)
	}
	if ended && l.next.Upstream != l.g.Upstream { // this token was not known to whoever ended the grant
		p.revokeUpstream(l.next.Upstream)
	}
}

func (l *lateSaves) all() []*lateSave {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := make([]*lateSave, 0, len(l.waiting))
	for _, each := range l.waiting {
		all = append(all, each)
	}
	return all
}

// drop ends the waiting of this one: by now another may wait for the same grant.
func (l *lateSaves) drop(done *lateSave) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.waiting[done.g.key] == done {
		delete(l.waiting, done.g.key)
	}
}

// isDone reports whether nothing waits; then the next one begins anew.
func (l *lateSaves) isDone() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.works = len(l.waiting) > 0
	return !l.works
}

// isAway tells that the store could not be asked from the answers that it gives.
func isAway(err error) bool {
	return err != nil && !isConflict(err) && !errors.Is(err, store.ErrNotFound) && !errors.Is(err, errOvertaken)
}

// saveSafely makes an error of a panic in the host's store, which would end the process.
func (p *Provider) saveSafely(l lateSave) (err error) {
	defer func() {
		if recover() != nil {
			err = errUnsaved
		}
	}()
	return p.saveOne(l)
}

// saveOne puts what waits in the place of the grant, if that is still as it was under our lease, but for what does not concern the refresh.
func (p *Provider) saveOne(l lateSave) error {
	ctx, cancel := context.WithTimeout(p.work, saveTime)
	defer cancel()
	err := p.swapGrant(ctx, &l.g, l.next)
	for try := 1; isConflict(err) && try < maxTries; try++ {
		fresh, loadErr := p.loadKey(ctx, l.g.key, l.g.id)
		switch {
		case loadErr != nil:
			return loadErr
		case fresh.isAt(l.next) && fresh.Upstream == l.next.Upstream: // it is there already
			return nil
		case !fresh.isAt(l.g.grant) || fresh.Lease != l.g.Lease:
			return errOvertaken
		}
		l.next.Epoch = fresh.Epoch
		l.g = *fresh
		err = p.swapGrant(ctx, &l.g, l.next)
	}
	return err
}
