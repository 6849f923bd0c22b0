package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/org/zscalermcp/internal/address"
	"github.com/org/zscalermcp/internal/remote"
)

const (
	keysStale    = 24 * time.Hour // how long the last good set serves through an outage
	minFreshness = 5 * time.Minute
	maxFreshness = time.Hour
	freshness    = 15 * time.Minute // when the answer does not say
)

var (
	errUnknownKey = errors.New("the key set has no such key")
	errNoKeys     = errors.New("the issuer's keys could not be fetched")
)

// A keySource has the keys of one issuer: fixed ones, or those that it publishes.
type keySource struct {
	fixed *keySet                    // nil: those of sets
	sets  *remote.Published[*keySet] // nil: fixed
}

// newKeySource returns the keys at the address that locate tells.
func newKeySource(locate func(context.Context) (string, error), fetch remote.Fetcher) *keySource {
	download := func(ctx context.Context) (*keySet, time.Duration, error) {
		ctx, cancel := context.WithTimeout(ctx, 2*remote.Timeout)
		defer cancel()
		from, err := locate(ctx)
		if err != nil {
			return nil, 0, err
		}
		data, header, err := fetch.Get(ctx, from)
		if err != nil {
			return nil, 0, err
		}
		set, err := parseKeySet(data)
		if err != nil {
			return nil, 0, fmt.Errorf("%s %w", address.Shown(from), err)
		}
		return set, freshFor(header), nil
	}
	return &keySource{sets: remote.NewPublished(keysStale, download)}
}

// fixedKeys is a source that never fetches.
func fixedKeys(set *keySet) *keySource { return &keySource{fixed: set} }

// mayChange reports whether the issuer can be asked for other keys.
func (s *keySource) mayChange() bool { return s != nil && s.fixed == nil }

// current returns the set that counts now, or nil.
func (s *keySource) current(now time.Time) *keySet {
	if s.fixed != nil {
		return s.fixed
	}
	set, _ := s.sets.Current(now)
	return set
}

// has reports whether the key with this fingerprint still counts.
func (s *keySource) has(print [32]byte, now time.Time) bool {
	set := s.current(now)
	return set != nil && set.prints[print]
}

// find returns the key that pick takes from the set, and asks the issuer again when it takes none. errUnknownKey means that there is
// none, errNoKeys that the issuer could not be asked.
func (s *keySource) find(ctx context.Context, pick func(*keySet) (*verificationKey, bool)) (*verificationKey, error) {
	set, err := s.get(ctx)
	if err != nil {
		return nil, err
	}
	if key, ok := pick(set); ok {
		return key, nil
	}
	if set, err = s.again(ctx, set); err != nil {
		return nil, err
	}
	if key, ok := pick(set); ok {
		return key, nil
	}
	return nil, errUnknownKey
}

// get returns the current set, fetched if there is none yet.
func (s *keySource) get(ctx context.Context) (*keySet, error) {
	if s.fixed != nil {
		return s.fixed, nil
	}
	set, err := s.sets.Get(ctx)
	if err != nil {
		return nil, errors.Join(errNoKeys, err)
	}
	return set, nil
}

// again returns a newer set than old, if the issuer may be asked now. Since it is asked once in a while, whatever tokens are made up, what it
// lacked a moment ago it lacks still.
func (s *keySource) again(ctx context.Context, old *keySet) (*keySet, error) {
	if s.fixed != nil {
		return nil, errUnknownKey
	}
	e := s.sets.Latest()
	recent := time.Since(e.Asked) < remote.Cooldown
	switch {
	case recent && e.Failure != nil:
		return nil, errors.Join(errNoKeys, e.Failure)
	case recent && e.Value != old: // it has come in the meantime
		return e.Value, nil
	case recent:
		return nil, errUnknownKey
	}
	set, err := s.sets.Newer(ctx)
	if err != nil {
		return nil, errors.Join(errNoKeys, err)
	}
	return set, nil
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
		s.sets.Close()
	}
}
