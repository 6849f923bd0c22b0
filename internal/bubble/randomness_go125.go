//go:build !go1.26

package bubble

import "testing"

// replaceRandomness does nothing: Go 1.25 asks the operating system.
func replaceRandomness(*testing.T) {}
