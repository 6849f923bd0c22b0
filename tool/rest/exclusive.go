package rest

import (
	"context"
	"strings"

	"github.com/org/zscalermcp/zscaler"
)

// Exclusive runs fn while no other caller in this process changes the object that is written at path, an
// escaped path as [Path] returns it. [Update] does that by itself; it is for [tool.Func] tools that
// read, change and write an object: the read belongs into fn, for of two changes that both read before
// either wrote, one would be lost. fn must not call Exclusive for the same path.
//
// The error is that of fn, or says that nothing was changed because the wait was given up; the wait
// obeys ctx. A Doer that is no [zscaler.Locker] has no locks, so that fn runs at once. Among several
// processes the last writer wins.
func Exclusive(ctx context.Context, path string, fn func() error) error {
	doer, err := zscaler.DoerFromContext(ctx)
	if err != nil {
		return err
	}
	locker, ok := doer.(zscaler.Locker)
	if !ok {
		return fn()
	}
	// Some services tell ids in other case apart and some do not. To hold too much costs a wait only.
	unlock, err := locker.Lock(ctx, strings.ToLower(path))
	if err != nil {
		return stepError{"nothing was changed", err}
	}
	defer unlock()
	return fn()
}
