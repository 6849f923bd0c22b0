package main

import (
	"errors"
	"maps"
	"slices"
	"sync"
)

// A ledger has what all clients were given at the token endpoint. The zero ledger is empty.
type ledger struct {
	mu         sync.Mutex
	codes      map[string]int                 // by how often each has given a token
	successors map[string]map[string]struct{} // of each refresh token
	seen       map[string]struct{}
}

// add notes the answer to a token request.
func (l *ledger) add(code, token, access, refresh string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.seen == nil {
		l.codes, l.successors, l.seen = map[string]int{}, map[string]map[string]struct{}{}, map[string]struct{}{}
	}
	if code != "" {
		l.codes[code]++
	}
	if token != "" {
		if l.successors[token] == nil {
			l.successors[token] = map[string]struct{}{}
		}
		l.successors[token][refresh] = struct{}{}
	}
	for _, secret := range []string{code, token, access, refresh} {
		if secret != "" {
			l.seen[secret] = struct{}{}
		}
	}
}

// check judges whether a code was used twice, or a refresh token has two successors. Of those who got nothing the ledger knows nothing: their clients ask
// again, and it sees what they get then.
func (l *ledger) check() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, times := range l.codes {
		if times > 1 {
			return errors.New("a code has given tokens twice")
		}
	}
	for _, all := range l.successors {
		if len(all) > 1 {
			return errors.New("a refresh token has two successors")
		}
	}
	return nil
}

// secrets are codes and tokens: all of them, or some hundreds by chance, since long logs are searched for each.
func (l *ledger) secrets() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := slices.Collect(maps.Keys(l.seen))
	return all[:min(len(all), 500)]
}
