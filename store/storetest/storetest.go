package storetest

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/org/zscalermcp/store"
)

// An Option changes how [TestStore] runs.
type Option func(*suite)

// Advance is for stores whose clock is not that of this process's time package: advance must make
// the store that was opened last believe that d has passed. miniredis has FastForward for it; a real
// server needs [time.Sleep]. Without this option each test runs in a [synctest] bubble, where the
// store sees a fake clock and must start no goroutine that outlives its Close.
func Advance(advance func(d time.Duration)) Option {
	return func(s *suite) { s.advance = advance }
}

type suite struct {
	open    func(t *testing.T) store.Store
	advance func(time.Duration)
}

type check struct {
	name string
	run  func(f *fixture)
}

// TestStore runs the conformance tests as subtests. Each calls open for an empty store; open closes
// it with t.Cleanup where that is needed. With a real clock the tests take about ten seconds.
func TestStore(t *testing.T, open func(t *testing.T) store.Store, opts ...Option) {
	t.Helper()
	s := &suite{open: open}
	for _, opt := range opts {
		opt(s)
	}
	for _, checks := range [][]check{valueChecks, swapChecks, exchangeChecks, indexChecks, expiryChecks, inputChecks, concurrencyChecks} {
		for _, c := range checks {
			t.Run(c.name, func(t *testing.T) { s.run(t, c) })
		}
	}
}

func (s *suite) run(t *testing.T, c check) {
	if s.advance != nil {
		c.run(&fixture{T: t, Store: s.open(t), advance: s.advance})
		return
	}
	synctest.Test(t, func(t *testing.T) {
		c.run(&fixture{T: t, Store: s.open(t), advance: time.Sleep})
	})
}
