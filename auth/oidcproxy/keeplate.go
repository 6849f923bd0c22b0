package oidcproxy

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/org/zscalermcp/store"
)

const (
	latePause = time.Second
	lateTime  = longAgo // after that others take the lease for left behind
)

// lateSaves are grants that could not be saved in time after the identity provider has answered (R109): the store is away. Other replicas, which know only the
// refresh token that the provider has taken back, must find its successor before they get the lease, so it is saved as soon as the store is there again.
type lateSaves struct {
	mu      sync.Mutex
	waiting map[string]lateSave // by the key of the grant
	works   bool
}

type lateSave struct {
	g     held // as it was under the lease
	next  grant
	until time.Time
}

// saveLater has a grant saved in the background.
func (p *Provider) saveLater(g held, next grant) {
	l := &p.late
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.waiting) >= maxUnsaved || !l.works && !p.begin() {
		return
	}
	if l.waiting == nil {
		l.waiting = map[string]lateSave{}
	}
	l.waiting[g.key] = lateSave{g, next, time.Now().Add(lateTime)}
	if !l.works {
		l.works = true
		go p.saveLate()
	}
}

// saveLate tries until nothing waits any more, and after Close for as long as that waits.
func (p *Provider) saveLate() {
	defer p.running.Done()
	for pause(p.work, latePause) {
		for _, each := range p.late.all() {
			err := p.saveOne(each)
			if isAway(err) && time.Now().Before(each.until) {
				break // for the others too
			}
			p.late.drop(each.g.key)
			p.unsaved.Drop(p.verifier.hash.Sum(each.g.key))
			if errors.Is(err, store.ErrNotFound) && each.next.Upstream != each.g.Upstream { // the grant was ended, and this token not known to whoever did it
				p.revokeUpstream(each.next.Upstream)
			}
		}
		if p.late.isDone() {
			return
		}
	}
}

func (l *lateSaves) all() []lateSave {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := make([]lateSave, 0, len(l.waiting))
	for _, each := range l.waiting {
		all = append(all, each)
	}
	return all
}

func (l *lateSaves) drop(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.waiting, key)
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
