package redisstore

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// A once is a command that no client tries again after an error of the network, not even one of the host's own that does so with others.
type once struct{ *redis.Cmd }

// NoRetry tells the client.
func (once) NoRetry() bool { return true }

// call runs a script, in one round trip unless the server has lost its scripts, and learns the time from the answer.
func (s *Store) call(ctx context.Context, what *script, keys []string, args ...any) ([]any, error) {
	ctx, cancel, err := s.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer cancel()
	sent := time.Now()
	got, err := s.eval(ctx, "evalsha", what.hash, keys, args)
	if redis.HasErrorPrefix(err, "NOSCRIPT") { // so nothing has been done
		sent = time.Now()
		got, err = s.eval(ctx, "eval", what.source, keys, args)
	}
	if err != nil {
		return nil, failure(ctx, err)
	}
	answer, ok := got.([]any)
	if !ok || len(answer) <= atStatus {
		return nil, errors.New("redisstore: the server's answer is none of a script of ours")
	}
	if t, ok := timeOf(answer); ok {
		s.clock.learn(t, sent, time.Now())
	}
	return answer, nil
}

// begin bounds a command. A context that has ended sends none.
func (s *Store) begin(ctx context.Context) (context.Context, context.CancelFunc, error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, fmt.Errorf("redisstore: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	return ctx, cancel, nil
}

func (s *Store) eval(ctx context.Context, command, text string, keys []string, args []any) (any, error) {
	words := append(make([]any, 0, 3+len(keys)+len(args)), command, text, len(keys))
	for _, key := range keys {
		words = append(words, key)
	}
	cmd := once{redis.NewCmd(ctx, append(words, args...)...)}
	cmd.SetFirstKeyPos(3) // which tells a client of a cluster the node
	_ = s.client.Process(ctx, cmd)
	return cmd.Result()
}

// failure is an error of a command. Where the context has ended, that is a cause too: the deadline of a connection is that of the context, and may be
// noticed before it.
func failure(ctx context.Context, err error) error {
	cause := ctx.Err()
	var trouble net.Error
	if cause == nil && errors.As(err, &trouble) && trouble.Timeout() {
		cause = context.DeadlineExceeded
	}
	if cause != nil && !errors.Is(err, cause) {
		return fmt.Errorf("redisstore: %w: %w", cause, err)
	}
	return fmt.Errorf("redisstore: %w", err)
}

// timeOf is the time of the server in an answer.
func timeOf(answer []any) (time.Time, bool) {
	seconds, ok1 := number(answer[0])
	micros, ok2 := number(answer[1])
	return time.Unix(seconds, micros*int64(time.Microsecond)), ok1 && ok2
}

func number(v any) (int64, bool) {
	switch v := v.(type) {
	case int64:
		return v, true
	case string:
		n, err := strconv.ParseInt(v, 10, 64)
		return n, err == nil
	}
	return 0, false
}

// status is what a script has done.
func status(answer []any) int64 {
	n, _ := number(answer[atStatus])
	return n
}

// value is what a script has found.
func value(answer []any) ([]byte, error) {
	if len(answer) > atValue {
		if text, ok := answer[atValue].(string); ok {
			return []byte(text), nil
		}
	}
	return nil, errNotOurs
}

var errNotOurs = errors.New("redisstore: what is stored there is nothing of ours; give another prefix")

// head is what stands in front of a value: the names of the indexes.
func head(names []string) []byte {
	var b []byte
	for _, name := range names {
		b = append(append(b, byte(len(name)>>8), byte(len(name))), name...)
	}
	return append(b, 0, 0)
}

// body is the value of an entry, as split has it.
func body(entry string) ([]byte, error) {
	for len(entry) >= 2 {
		size := int(entry[0])<<8 | int(entry[1])
		entry = entry[2:]
		if size == 0 {
			return []byte(entry), nil
		}
		if size > len(entry) {
			break
		}
		entry = entry[size:]
	}
	return nil, errNotOurs
}

// micros is a time to live in microseconds, a begun one counting whole.
func micros(ttl time.Duration) int64 {
	us := ttl / time.Microsecond
	if ttl%time.Microsecond != 0 {
		us++
	}
	return int64(us)
}

func (s *Store) entryKey(key string) string   { return s.prefix + "k:" + key }
func (s *Store) indexKey(name string) string  { return s.prefix + "i:" + name }
func (s *Store) bucketKey(name string) string { return s.prefix + "l:" + name }

// is reports whether the server has refused with one of these words.
func is(err error, words ...string) bool {
	text := err.Error()
	for _, word := range words {
		if redis.HasErrorPrefix(err, word) || strings.Contains(text, word) {
			return true
		}
	}
	return false
}
