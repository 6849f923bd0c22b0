package store

import "time"

// A Timekeeper is a [Store] that tells the time. Replicas that share it then agree on the time, however wrong the clocks of their machines are.
type Timekeeper interface {
	// Now is the time of the store, as well as it is known here. It asks nobody, and is safe for concurrent use.
	Now() time.Time
}
