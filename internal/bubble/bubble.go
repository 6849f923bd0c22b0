// Package bubble runs tests in bubbles of [testing/synctest], in FIPS 140-3 mode too.
package bubble

import (
	"testing"
	"testing/synctest"
)

// Test is [synctest.Test].
func Test(t *testing.T, f func(*testing.T)) {
	t.Helper()
	replaceRandomness(t)
	synctest.Test(t, f)
}
