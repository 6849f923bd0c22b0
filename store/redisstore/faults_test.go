package redisstore_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/org/zscalermcp/store"
	"github.com/org/zscalermcp/store/redisstore"
)

// methods are all that ask the server. Each is for a key of the name of the method.
var methods = map[string]func(ctx context.Context, s *redisstore.Store, key string) error{
	"Create": func(ctx context.Context, s *redisstore.Store, key string) error {
		return s.Create(ctx, key+" new", []byte("v"), time.Hour, "a", "b")
	},
	"Get": func(ctx context.Context, s *redisstore.Store, key string) error {
		_, err := s.Get(ctx, key)
		return err
	},
	"Take": func(ctx context.Context, s *redisstore.Store, key string) error {
		_, err := s.Take(ctx, key)
		return err
	},
	"Swap": func(ctx context.Context, s *redisstore.Store, key string) error {
		return s.Swap(ctx, key, []byte("v"), []byte("w"), time.Hour)
	},
	"Exchange": func(ctx context.Context, s *redisstore.Store, key string) error {
		_, err := s.Exchange(ctx, key, []byte("w"), time.Hour)
		return err
	},
	"Delete": func(ctx context.Context, s *redisstore.Store, key string) error { return s.Delete(ctx, key) },
	"List": func(ctx context.Context, s *redisstore.Store, _ string) error {
		_, err := s.List(ctx, "a")
		return err
	},
	"DeleteIndex": func(ctx context.Context, s *redisstore.Store, key string) error {
		_, err := s.DeleteIndex(ctx, key)
		return err
	},
	"Limiter": func(ctx context.Context, s *redisstore.Store, key string) error {
		_, err := s.Limiter().Take(ctx, key, 1, 1)
		return err
	},
}

func mustCreate(t testing.TB, s *redisstore.Store, key string, indexes ...string) {
	t.Helper()
	if err := s.Create(t.Context(), key, []byte("v"), time.Hour, indexes...); err != nil {
		t.Fatalf("Create(%q) = %v", key, err)
	}
}

// wantTrouble checks that an error says that the answer is not known.
func wantTrouble(t *testing.T, what string, err error) {
	t.Helper()
	if err == nil {
		t.Errorf("%s: no error", what)
	}
	for _, answer := range []error{store.ErrNotFound, store.ErrExists, store.ErrConflict, store.ErrInvalid} {
		if errors.Is(err, answer) {
			t.Errorf("%s: %v, which is an answer", what, err)
		}
	}
}

func short(c *redisstore.Config) { c.Timeout = 300 * time.Millisecond }

// Each method is one round trip, and one more when the server has forgotten its scripts.
func TestRoundTrips(t *testing.T) {
	onServers(t, func(t *testing.T, url string) {
		p := startProxy(t, strings.TrimPrefix(url, "redis://"))
		s := open(t, p.url())
		for name, method := range methods {
			mustCreate(t, s, name, "a", "b", name)
			p.passed()
			if err := method(t.Context(), s, name); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			want := "evalsha"
			if name == "Get" {
				want = "get"
			}
			if got := p.passed(); !slices.Equal(got, []string{want}) {
				t.Errorf("%s: %q, want %q alone", name, got, want)
			}
		}
		if err := raw(t, url).ScriptFlush(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"evalsha eval", "evalsha"} {
			if err := s.Delete(t.Context(), "none"); err != nil {
				t.Error(err)
			}
			if got := strings.Join(p.passed(), " "); got != want {
				t.Errorf("after the scripts were lost: %q, want %q", got, want)
			}
		}
	})
}

// A new connection costs one more, and the first Get of a process tells the time too.
func TestRoundTripsOfANewConnection(t *testing.T) {
	p := startProxy(t, startMini(t).Addr())
	s := open(t, p.url(), func(c *redisstore.Config) { c.Lazy = true })
	if got := p.passed(); len(got) > 0 {
		t.Errorf("a lazy store has sent %q", got)
	}
	for _, want := range []string{"hello evalsha eval", "get"} {
		if _, err := s.Get(t.Context(), "k"); !errors.Is(err, store.ErrNotFound) {
			t.Error(err)
		}
		if got := strings.Join(p.passed(), " "); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// R148: a server that is gone is an error, never an answer; when it is back, so is what it has kept, or the keys are absent.
func TestServerGone(t *testing.T) {
	mini := startMini(t)
	s := open(t, "redis://"+mini.Addr(), short)
	mustCreate(t, s, "kept")
	mini.Close()
	for name, method := range methods {
		wantTrouble(t, name, method(t.Context(), s, name))
	}
	if err := mini.Restart(); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Get(t.Context(), "kept"); err != nil || string(got) != "v" {
		t.Errorf("after a restart: %q, %v", got, err)
	}
	mini.Close()
	mini.FlushAll()
	if err := mini.Restart(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get(t.Context(), "kept"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("after a restart that has lost everything: %v", err)
	}
	mustCreate(t, s, "kept")
}

// R148: a server that does not answer is an error within the timeout, or that of the caller. Nothing is sent twice.
func TestServerStalls(t *testing.T) {
	onServers(t, func(t *testing.T, url string) {
		p := startProxy(t, strings.TrimPrefix(url, "redis://"))
		s := open(t, p.url(), short)
		for name, method := range methods {
			mustCreate(t, s, name, "a", "b")
			p.passed()
			p.set(stalled)
			wantTrouble(t, name, method(t.Context(), s, name))
			if got := p.passed(); len(got) != 1 {
				t.Errorf("%s: sent %q", name, got)
			}
			p.set(none)
			if err := method(t.Context(), s, name); err != nil {
				t.Errorf("%s, when the server answers again: %v", name, err)
			}
		}
		patient := open(t, p.url(), func(c *redisstore.Config) { c.Timeout = time.Hour })
		p.set(stalled)
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if _, err := patient.Get(ctx, "k"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("with the caller's deadline: %v", err)
		}
	})
}

// D35: an answer that was lost is an error, and the command is not tried again, which would give another answer: neither by the client of the store nor
// by one of the host's own that tries again with everything else.
func TestLostAnswers(t *testing.T) {
	mini := startMini(t)
	for name, clientOf := range map[string]func(address string) redis.UniversalClient{
		"own": func(string) redis.UniversalClient { return nil },
		"of the host": func(address string) redis.UniversalClient {
			return redis.NewClient(&redis.Options{Addr: address, ContextTimeoutEnabled: true})
		},
		"of a cluster": func(address string) redis.UniversalClient {
			return redis.NewClusterClient(&redis.ClusterOptions{ContextTimeoutEnabled: true, ClusterSlots: slotsAt(address)})
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := startProxy(t, mini.Addr())
			client := clientOf(p.ln.Addr().String())
			s := open(t, p.url(), func(c *redisstore.Config) {
				if client != nil {
					c.URL, c.Client = "", client
				}
			})
			mustCreate(t, s, "taken")
			p.passed()
			p.set(severed)
			_, err := s.Take(t.Context(), "taken")
			wantTrouble(t, "Take", err)
			mustCreate(t, s, "other") // over a new connection
			p.set(severed)
			wantTrouble(t, "Create", s.Create(t.Context(), "created", []byte("v"), time.Hour))
			if sent := strings.Count(strings.Join(p.passed(), " "), "evalsha"); sent != 3 {
				t.Errorf("%d scripts were sent, want 3", sent)
			}
			if _, err := s.Get(t.Context(), "taken"); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("the server has not taken it: %v", err)
			}
			if err := s.Create(t.Context(), "created", nil, time.Hour); !errors.Is(err, store.ErrExists) {
				t.Errorf("the server has not created it: %v", err)
			}
		})
	}
}

// slotsAt is a cluster of one node.
func slotsAt(address string) func(context.Context) ([]redis.ClusterSlot, error) {
	return func(context.Context) ([]redis.ClusterSlot, error) {
		return []redis.ClusterSlot{{Start: 0, End: 16383, Nodes: []redis.ClusterNode{{Addr: address}}}}, nil
	}
}

// Connections that were cut while they were idle are noticed before they are used.
func TestIdleConnectionsThatWereCut(t *testing.T) {
	p := startProxy(t, startMini(t).Addr())
	s := open(t, p.url())
	for i := range 5 {
		mustCreate(t, s, fmt.Sprint("k", i))
		p.cut()
		time.Sleep(20 * time.Millisecond) // until the end of the connection has come through
	}
}

// What the server says in place of an answer is an error.
func TestServerRefuses(t *testing.T) {
	mini := startMini(t)
	s := open(t, "redis://"+mini.Addr())
	for _, word := range []string{
		"READONLY You can't write against a read only replica.", "LOADING Redis is loading the dataset in memory", "CLUSTERDOWN The cluster is down",
		"OOM command not allowed when used memory > 'maxmemory'.", "NOPERM this user has no permissions", "BUSY Redis is busy running a script.",
	} {
		mini.SetError(word)
		for name, method := range methods {
			err := method(t.Context(), s, name)
			wantTrouble(t, name, err)
			if err != nil && !strings.Contains(err.Error(), word) {
				t.Errorf("%s: %v does not say %q", name, err, word)
			}
		}
		mini.SetError("")
		mustCreate(t, s, word)
	}
}

func TestClosedStore(t *testing.T) {
	s := open(t, "redis://"+startMini(t).Addr())
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	for name, method := range methods {
		wantTrouble(t, name, method(t.Context(), s, name))
	}
}
