//go:build go1.26

package bubble

import (
	"crypto/fips140"
	"testing"
	"testing/cryptotest"
	"time"
)

// replaceRandomness gives tests a generator of their own in FIPS 140-3 mode. That of the module is seeded with the jitter of a clock, when several
// goroutines need it at once, and the clock of a bubble stands still. (Version 1.0.0 of the module asks the operating system.)
func replaceRandomness(t *testing.T) {
	t.Helper()
	if fips140.Enabled() && fips140.Version() != "v1.0.0" {
		cryptotest.SetGlobalRandom(t, uint64(time.Now().UnixNano()))
	}
}
