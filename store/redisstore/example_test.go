package redisstore_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/alicebob/miniredis/v2"

	"github.com/org/zscalermcp/store"
	"github.com/org/zscalermcp/store/redisstore"
)

// Two replicas share a store, and with it the marks of what was used.
func Example() {
	server, err := miniredis.Run() // in place of a Redis server
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()

	ctx := context.Background()
	for _, replica := range []string{"first", "second"} {
		shared, err := redisstore.New(ctx, redisstore.Config{URL: redisstore.Secret("redis://" + server.Addr())})
		if err != nil {
			fmt.Println(err)
			return
		}
		err = shared.Create(ctx, "code 7", nil, time.Minute)
		fmt.Printf("%s replica: used before: %v\n", replica, errors.Is(err, store.ErrExists))
		if err := shared.Close(); err != nil {
			fmt.Println(err)
		}
	}
	// Output:
	// first replica: used before: false
	// second replica: used before: true
}
