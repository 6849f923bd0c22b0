package transport

import "context"

// WatchStream is a stream of nothing: it ends when its caller may no longer go on.
func WatchStream(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer recheck(ctx, cancel)()
	<-ctx.Done()
}
