package auth

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

const (
	keysCooldown  = 30 * time.Second // between two fetches for unknown ids (R129)
	keysRetry     = 5 * time.Second  // between two fetches while there are no keys at all
	keysStale     = 24 * time.Hour   // how long the last good set serves through an outage
	minFreshness  = 5 * time.Minute
	maxFreshness  = time.Hour
	freshness     = 15 * time.Minute // when the answer does not say
	maxUnknownIDs = 1024
	unknownIDLife = 2 * time.Minute
)

var (
	errUnknownKey = errors.New("the key set has no such key")
	errNoKeys     = errors.New("the issuer's keys could not be fetched")
	errKeysClosed = errors.New("the authenticator is closed")
)

// A keySource has the keys of one issuer: fixed ones, or those that it fetches at the first need and again before
// they are old. One fetch at a time serves all who wait, and goes on when one of them has gone.
type keySource struct {
	locate func(context.Context) (string, error) // the address of the key set
	fetch  fetcher

	flights singleflight.Group
	life    context.Context // ends with close
	end     context.CancelFunc
	running sync.WaitGroup

	mu      sync.RWMutex
	set     *keySet
	fetched time.Time // when set was
	fresh   time.Time // until when it need not be fetched again
	asked   time.Time // when the last fetch ended
	failure error     // of the last fetch
	unknown map[string]time.Time
	closed  bool
}

func newKeySource(locate func(context.Context) (string, error), fetch fetcher) *keySource {
	s := &keySource{locate: locate, fetch: fetch, unknown: map[string]time.Time{}}
	s.life, s.end = context.WithCancel(context.Background())
	return s
}

// fixedKeys is a source that never fetches.
func fixedKeys(set *keySet) *keySource {
	s := newKeySource(nil, fetcher{})
	s.set = set
	return s
}

// current returns the set that counts now, or nil. A set that has become old is fetched again meanwhile.
func (s *keySource) current(now time.Time) *keySet {
	s.mu.RLock()
	set := s.set
	old := set != nil && s.locate != nil && now.After(s.fresh) && now.Sub(s.asked) >= keysCooldown
	stale := set != nil && s.locate != nil && now.Sub(s.fetched) > keysStale
	s.mu.RUnlock()
	if old {
		s.flights.DoChan("", s.refresh)
	}
	if stale {
		return nil
	}
	return set
}

// has reports whether the key with this fingerprint still counts.
func (s *keySource) has(print [32]byte, now time.Time) bool {
	set := s.current(now)
	return set != nil && set.prints[print]
}

// find returns the key with this id, and asks the issuer when there is none. errUnknownKey means that it has none,
// errNoKeys that it could not be asked.
func (s *keySource) find(ctx context.Context, id string) (*verificationKey, error) {
	set := s.current(time.Now())
	if set != nil {
		if key, ok := set.byID[id]; ok {
			return key, nil
		}
	}
	set, err := s.again(ctx, set, id)
	if err != nil {
		return nil, err
	}
	if key, ok := set.byID[id]; ok {
		return key, nil
	}
	s.forget(id)
	return nil, errUnknownKey
}

// sole returns the only key that fits alg, for a token without an id.
func (s *keySource) sole(ctx context.Context, alg string) (*verificationKey, error) {
	set := s.current(time.Now())
	if set == nil {
		var err error
		if set, err = s.again(ctx, nil, ""); err != nil {
			return nil, err
		}
	}
	if key, ok := set.only(alg); ok {
		return key, nil
	}
	return nil, errUnknownKey
}

// again returns a newer set than the one given, if the issuer may be asked now.
func (s *keySource) again(ctx context.Context, old *keySet, id string) (*keySet, error) {
	if err := s.mayAsk(old != nil, id); err != nil {
		return nil, err
	}
	select {
	case done := <-s.flights.DoChan("", s.refresh):
		if done.Err != nil {
			return nil, errors.Join(errNoKeys, done.Err)
		}
		return done.Val.(*keySet), nil
	case <-ctx.Done():
		return nil, errors.Join(errNoKeys, ctx.Err())
	}
}

// mayAsk keeps made-up ids from causing requests.
func (s *keySource) mayAsk(hasKeys bool, id string) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	wait := keysCooldown
	if !hasKeys {
		wait = keysRetry
	}
	recent := time.Since(s.asked) < wait
	switch {
	case s.closed:
		return errors.Join(errNoKeys, errKeysClosed)
	case s.locate == nil:
		return errUnknownKey
	case recent && s.failure != nil:
		return errors.Join(errNoKeys, s.failure)
	case recent, hasKeys && time.Since(s.unknown[id]) < unknownIDLife:
		return errUnknownKey
	}
	return nil
}

// forget remembers that the issuer has no key with this id.
func (s *keySource) forget(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.unknown) >= maxUnknownIDs {
		clear(s.unknown)
	}
	s.unknown[id] = time.Now()
}

// refresh fetches the set. It runs once at a time.
func (s *keySource) refresh() (any, error) {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil, errKeysClosed
	}
	s.running.Add(1)
	s.mu.Unlock()
	defer s.running.Done()
	set, life, err := s.download(s.life)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked, s.failure = time.Now(), err
	if err != nil {
		return nil, err
	}
	s.set, s.fetched, s.fresh = set, s.asked, s.asked.Add(life)
	clear(s.unknown)
	return set, nil
}

func (s *keySource) download(ctx context.Context) (*keySet, time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*fetchTimeout)
	defer cancel()
	address, err := s.locate(ctx)
	if err != nil {
		return nil, 0, err
	}
	data, header, err := s.fetch.get(ctx, address)
	if err != nil {
		return nil, 0, err
	}
	set, err := parseKeySet(data)
	return set, freshFor(header), err
}

// freshFor is how long an answer may be used (RFC 9111 section 5.2.2.1), within our bounds.
func freshFor(h http.Header) time.Duration {
	for directive := range strings.SplitSeq(h.Get("Cache-Control"), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(directive), "=")
		if seconds, err := strconv.Atoi(value); strings.EqualFold(name, "max-age") && err == nil && seconds >= 0 {
			return min(max(time.Duration(min(seconds, 1<<20))*time.Second, minFreshness), maxFreshness)
		}
	}
	return freshness
}

// close ends a fetch that is under way and waits for it.
func (s *keySource) close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.end()
	s.running.Wait()
}
