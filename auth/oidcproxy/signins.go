package oidcproxy

import (
	"container/list"
	"net/netip"
	"sync"
	"time"
)

// signIns counts the sign-ins that this process has begun and that may still be under way, so that they cannot fill the store, and one address cannot keep
// all others out (R156). One counts until its callback is served here, and else until its time is over.
type signIns struct {
	limit, perSource int

	mu       sync.Mutex
	order    list.List // of *underWay in the order of their ends, since all last as long
	byState  map[string]*list.Element
	bySource map[netip.Prefix]int
}

type underWay struct {
	state  string
	source netip.Prefix
	ends   time.Time
}

func newSignIns(limit, perSource int) *signIns {
	return &signIns{limit: limit, perSource: perSource, byState: map[string]*list.Element{}, bySource: map[netip.Prefix]int{}}
}

// begin counts one, unless there are too many.
func (s *signIns) begin(state string, source netip.Prefix, now time.Time, lasts time.Duration) bool {
	source = site(source)
	s.mu.Lock()
	defer s.mu.Unlock()
	for first := s.order.Front(); first != nil && !now.Before(first.Value.(*underWay).ends); first = s.order.Front() {
		s.remove(first)
	}
	if s.byState[state] != nil {
		return true // it is counted; the store says that the form is spent
	}
	if s.order.Len() >= s.limit || s.bySource[source] >= s.perSource {
		return false
	}
	s.byState[state] = s.order.PushBack(&underWay{state, source, now.Add(lasts)})
	s.bySource[source]++
	return true
}

// site is the address, for IPv6 the network of 48 bits that a site has.
func site(source netip.Prefix) netip.Prefix {
	const siteBits = 48
	if !source.Addr().Is6() {
		return source
	}
	wide, err := source.Addr().Prefix(siteBits)
	if err != nil {
		return source
	}
	return wide
}

// end says that a sign-in is over.
func (s *signIns) end(state string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if found := s.byState[state]; found != nil {
		s.remove(found)
	}
}

// remove takes one out. The caller holds mu.
func (s *signIns) remove(e *list.Element) {
	one := s.order.Remove(e).(*underWay)
	delete(s.byState, one.state)
	if s.bySource[one.source]--; s.bySource[one.source] == 0 {
		delete(s.bySource, one.source)
	}
}
