package redisstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/org/zscalermcp/store"
)

// A Store is a [store.Store] in Redis or Valkey. It is safe for concurrent use.
type Store struct {
	client    redis.UniversalClient
	ownClient bool
	prefix    string
	at        place
	timeout   time.Duration
	logger    *slog.Logger
	clock     clock
}

var (
	_ store.Store      = (*Store)(nil)
	_ store.Exchanger  = (*Store)(nil)
	_ store.Timekeeper = (*Store)(nil)
	_ io.Closer        = (*Store)(nil)
)

// New returns a store for cfg, or every mistake in it at once. Unless cfg.Lazy says not to, it asks the server within ctx whether it can do what is needed,
// as [Store.Check] does; nothing of ctx is kept.
func New(ctx context.Context, cfg Config) (*Store, error) {
	cfg = cfg.withDefaults()
	client, at, err := cfg.client()
	if err != nil {
		return nil, err
	}
	s := &Store{client: client, ownClient: cfg.Client == nil, prefix: cfg.Prefix, at: at, timeout: cfg.Timeout, logger: cfg.Logger}
	if cfg.Lazy {
		return s, nil
	}
	if err := s.Check(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close ends the connections, those of a client of the host's own apart. Later calls fail.
func (s *Store) Close() error {
	if !s.ownClient {
		return nil
	}
	if err := s.client.Close(); err != nil && !errors.Is(err, redis.ErrClosed) {
		return fmt.Errorf("redisstore: %w", err)
	}
	return nil
}

// Now implements [store.Timekeeper]: the time of the server, as its answers tell it. Before the first answer it is [time.Now].
func (s *Store) Now() time.Time { return s.clock.now() }

// String is the address, without the password.
func (s *Store) String() string { return s.at.label + ", prefix " + s.prefix }

// Format prints String for every verb: the client holds the password.
func (s *Store) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// LogValue is String.
func (s *Store) LogValue() slog.Value { return slog.StringValue(s.String()) }
