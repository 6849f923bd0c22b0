package redisstore

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/org/zscalermcp/store"
)

// ErrUnavailable is wrapped by errors of [New] and [Store.Check] that may pass by themselves: the server cannot be reached, or is not ready.
var ErrUnavailable = errors.New("the server is not available")

const probeTime = 10 * time.Second

// Check asks the server whether it can do what is needed: it runs every method once, on a key of its own. The error says what is wrong and what to do. What
// is lawful and has a price is logged as a warning.
func (s *Store) Check(ctx context.Context) error {
	if err := s.probe(ctx); err != nil {
		return s.explain(err)
	}
	ctx, cancel, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer cancel()
	info, err := s.client.Info(ctx).Result()
	if err != nil {
		s.logger.WarnContext(ctx, "the Redis server does not say whether it evicts keys (INFO): make sure that its maxmemory-policy is noeviction", "store", s)
		return nil
	}
	s.warn(ctx, facts(info))
	return nil
}

// probe uses every script and command. What else it finds than it has put there shows in an error.
func (s *Store) probe(ctx context.Context) error {
	key, index := "probe "+rand.Text(), "probe "+rand.Text()
	for _, step := range []func() error{
		func() error { return s.Create(ctx, key, []byte("1"), probeTime, index) },
		func() error { return s.Swap(ctx, key, []byte("1"), []byte("2"), probeTime) },
		func() error { return wantValue("2")(s.Exchange(ctx, key, []byte("3"), probeTime)) },
		func() error { return wantValue("3")(s.Get(ctx, key)) },
		func() error {
			_, err := s.call(ctx, scriptGet, []string{s.entryKey(key)})
			return err
		},
		func() error {
			keys, err := s.List(ctx, index)
			if err == nil && !slices.Equal(keys, []string{key}) {
				return errNotKept
			}
			return err
		},
		func() error { return wantValue("3")(s.Take(ctx, key)) },
		func() error { return s.Delete(ctx, key) },
		func() error {
			_, err := s.DeleteIndex(ctx, index)
			return err
		},
		func() error {
			_, err := s.Limiter().Take(ctx, key, 1, 1)
			return err
		},
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

var errNotKept = errors.New("redisstore: what was written is not what is read")

func wantValue(want string) func([]byte, error) error {
	return func(got []byte, err error) error {
		if err == nil && string(got) != want {
			return errNotKept
		}
		return err
	}
}

// explain says what an error means for the operator.
func (s *Store) explain(err error) error {
	var certificate *tls.CertificateVerificationError
	var header tls.RecordHeaderError
	hint, passing := "", false
	switch {
	case is(err, "WRONGPASS", "NOAUTH", "invalid password", "without any password"):
		hint = "the server refuses the user or the password of the URL"
	case is(err, "NOPERM", "ACL failure", "can't run this command or subcommand"):
		hint = "the user may not run a command, or not on these keys: docs/guides/replicas.md and the documentation of package redisstore have the line for its rights; another database than 0 also needs +select"
	case is(err, "DB index is out of range"):
		hint = "the server has no database of this number: leave it out, or use a smaller one"
	case is(err, "READONLY"):
		hint = "this is a replica, which is read-only: give the address of the primary"
	case is(err, "MOVED", "CROSSSLOT", "non local key"):
		hint = "this is a node of a cluster: give a client of the cluster (Config.Client), and a prefix with a hash tag"
	case is(err, "DENIED"):
		hint = "the server is in protected mode: give it a password, or let it listen on loopback only"
	case is(err, "unknown command", "syntax error", "Unknown Redis command"):
		hint = "the server lacks a command: Redis 6.2 or later, or Valkey, is needed"
	case is(err, "LOADING", "CLUSTERDOWN", "MASTERDOWN", "OOM", "max number of clients", "BUSY", "MISCONF"):
		hint, passing = "the server does not serve at the moment", true
	case errors.As(err, &certificate):
		hint = "the server's certificate is not trusted: give its authority in Config.TLS, or in SSL_CERT_FILE"
	case errors.As(err, &header):
		hint = "the server does not speak TLS: use its TLS port, or redis://"
	case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrConflict), errors.Is(err, errNotKept), errors.Is(err, errNotOurs):
		hint = "the server does not keep what it is told: it must be the primary, and must not evict keys"
	case !isNetwork(err):
		return fmt.Errorf("%w (%s)", err, s)
	default:
		hint, passing = "the server cannot be reached", true
		switch {
		case is(err, "dial "):
		case s.at.plain:
			hint += "; if it speaks TLS, use rediss://"
		case strings.HasPrefix(s.at.label, "rediss:"):
			hint += "; if it does not speak TLS, use redis://"
		}
	}
	if passing {
		return fmt.Errorf("%w: %s (%s): %w", ErrUnavailable, hint, s, err)
	}
	return fmt.Errorf("%s (%s): %w", hint, s, err)
}

// isNetwork reports whether an error is no word of the server's.
func isNetwork(err error) bool {
	var word redis.Error
	var trouble net.Error
	return errors.As(err, &trouble) || !errors.As(err, &word) && !errors.Is(err, redis.ErrClosed)
}

// facts are the lines of INFO.
func facts(info string) map[string]string {
	found := map[string]string{}
	for line := range strings.Lines(info) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			found[name] = value
		}
	}
	return found
}

// warn tells the operator what is lawful and has a price.
func (s *Store) warn(ctx context.Context, server map[string]string) {
	if policy := server["maxmemory_policy"]; policy != "" && policy != "noeviction" && server["maxmemory"] != "0" {
		s.logger.WarnContext(ctx, "the Redis server evicts keys when its memory is full: a token could then be used twice, and users are signed out; set maxmemory-policy noeviction",
			"maxmemory_policy", policy, "store", s)
	}
	if server["aof_enabled"] == "0" {
		s.logger.WarnContext(ctx, "the Redis server keeps no append-only file: when it restarts, users are signed out, and a token could be used twice; set appendonly yes", "store", s)
	}
	if s.at.plain && !s.at.local {
		s.logger.WarnContext(ctx, "the connection to the Redis server is not encrypted, and its password goes over the network in the clear: use rediss://", "store", s)
	}
}
