package redisstore_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// benchURL is the server that the environment names, or else one in this process, which is slower.
func benchURL(b *testing.B) string {
	b.Helper()
	if url := os.Getenv(realServer); url != "" {
		return url
	}
	return "redis://" + startMini(b).Addr()
}

// BenchmarkFloor is what the network and the client cost: nothing can be faster than a GET, nor a script than one that does nothing.
func BenchmarkFloor(b *testing.B) {
	client, ctx := raw(b, benchURL(b)), context.Background()
	if err := client.Set(ctx, "{bench}:k", make([]byte, 1024), time.Minute).Err(); err != nil {
		b.Fatal(err)
	}
	empty := redis.NewScript("return 1")
	if err := empty.Load(ctx, client).Err(); err != nil {
		b.Fatal(err)
	}
	b.Run("GET", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := client.Get(ctx, "{bench}:k").Err(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("EVALSHA", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := empty.EvalSha(ctx, client, []string{"{bench}:k"}).Err(); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkStore has values of a kilobyte in two indexes, as grants are.
func BenchmarkStore(b *testing.B) {
	s, ctx, value := open(b, benchURL(b)), context.Background(), make([]byte, 1024)
	must := func(b *testing.B, err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	must(b, s.Create(ctx, "k", value, time.Hour, "user", "client"))
	for name, call := range map[string]func(i int) error{
		"CreateTake": func(i int) error {
			key := fmt.Sprint("k", i)
			if err := s.Create(ctx, key, value, time.Hour, "user", "client"); err != nil {
				return err
			}
			_, err := s.Take(ctx, key)
			return err
		},
		"Get": func(int) error {
			_, err := s.Get(ctx, "k")
			return err
		},
		"Swap": func(int) error { return s.Swap(ctx, "k", value, value, time.Hour) },
		"Exchange": func(int) error {
			_, err := s.Exchange(ctx, "k", value, time.Hour)
			return err
		},
		"List": func(int) error {
			_, err := s.List(ctx, "user")
			return err
		},
		"Limiter": func(int) error {
			_, err := s.Limiter().Take(ctx, "l", 1e6, 1000)
			return err
		},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				must(b, call(i))
			}
		})
	}
}
