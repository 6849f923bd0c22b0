package auth

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	fetchCooldown = 30 * time.Second // between two fetches while there is a document (R129)
	fetchRetry    = 5 * time.Second  // between two fetches while there is none
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
)

// A keySource has the keys of one issuer: fixed ones, or those that it publishes.
type keySource struct {
	fixed *keySet             // nil: those of sets
	sets  *published[*keySet] // nil: fixed

	mu      sync.Mutex
	unknown map[string]time.Time // ids that the set is known to lack
}

// newKeySource returns the keys at the address that locate tells.
func newKeySource(locate func(context.Context) (string, error), fetch fetcher) *keySource {
	download := func(ctx context.Context) (*keySet, time.Duration, error) {
		ctx, cancel := context.WithTimeout(ctx, 2*fetchTimeout)
		defer cancel()
		address, err := locate(ctx)
		if err != nil {
			return nil, 0, err
		}
		data, header, err := fetch.get(ctx, address)
		if err != nil {
			return nil, 0, err
		}
		set, err := parseKeySet(data)
		return set, freshFor(header), err
	}
	return &keySource{sets: newPublished(keysStale, download), unknown: map[string]time.Time{}}
}

// fixedKeys is a source that never fetches.
func fixedKeys(set *keySet) *keySource { return &keySource{fixed: set} }

// current returns the set that counts now, or nil.
func (s *keySource) current(now time.Time) *keySet {
	if s.fixed != nil {
		return s.fixed
	}
	set, _ := s.sets.current(now)
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
	set, err := s.get(ctx)
	if err != nil {
		return nil, err
	}
	if key, ok := set.byID[id]; ok {
		return key, nil
	}
	if set, err = s.again(ctx, set, id); err != nil {
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
	set, err := s.get(ctx)
	if err != nil {
		return nil, err
	}
	if key, ok := set.only(alg); ok {
		return key, nil
	}
	return nil, errUnknownKey
}

// get returns the current set, fetched if there is none yet.
func (s *keySource) get(ctx context.Context) (*keySet, error) {
	if s.fixed != nil {
		return s.fixed, nil
	}
	set, err := s.sets.get(ctx)
	if err != nil {
		return nil, errors.Join(errNoKeys, err)
	}
	return set, nil
}

// again returns a newer set than old, which lacks id, if the issuer may be asked now: made-up ids must not cause requests.
func (s *keySource) again(ctx context.Context, old *keySet, id string) (*keySet, error) {
	if s.fixed != nil {
		return nil, errUnknownKey
	}
	e := s.sets.latest.Load()
	recent := time.Since(e.asked) < fetchCooldown
	switch {
	case recent && e.failure != nil:
		return nil, errors.Join(errNoKeys, e.failure)
	case recent && e.value != old: // it has come in the meantime
		return e.value, nil
	case recent, s.isUnknown(id):
		return nil, errUnknownKey
	}
	set, err := s.sets.newer(ctx)
	if err != nil {
		return nil, errors.Join(errNoKeys, err)
	}
	return set, nil
}

func (s *keySource) isUnknown(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Since(s.unknown[id]) < unknownIDLife
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
	if s.sets != nil {
		s.sets.close()
	}
}
