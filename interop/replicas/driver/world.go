package main

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/org/zscalermcp/store"
)

const (
	issuer   = "http://localhost:8765" // where nothing listens: clients reach the replica that they are told to
	resource = issuer + "/mcp"
)

// A setting says what a world is like. The zero value has three replicas with the defaults of the product.
type setting struct {
	program   string
	replicas  int             // 0 means 3
	clocks    []time.Duration // how wrong that of each replica is; nil means right
	timeout   time.Duration   // of a command of the store
	grace     time.Duration   // of a retired refresh token
	code      time.Duration   // life of a code
	documents bool            // clients with metadata documents
	direct    bool            // to Redis without a wire between, which takes time
	online    bool            // the identity provider gives no refresh tokens
	one       bool            // each replica uses one core at most
}

// A world is all of what a scenario needs: Redis, an identity provider, and replicas.
type world struct {
	set       setting
	dir       string
	idp       *idp
	documents *httptest.Server
	redis     *redisServer
	wires     []*wire
	replicas  []*replica
	ledger    ledger
}

// newWorld starts one. What has been started is in it with an error, too.
func newWorld(ctx context.Context, set setting) (*world, error) {
	if set.replicas == 0 {
		set.replicas = 3
	}
	w := &world{set: set}
	var err error
	if w.dir, err = os.MkdirTemp("", "replicas"); err != nil {
		return w, err
	}
	if w.idp, err = newIDP(); err != nil {
		return w, err
	}
	if set.documents {
		if w.documents, err = newDocuments(w.dir); err != nil {
			return w, err
		}
	}
	if w.redis, err = newRedis(ctx, w.dir); err != nil {
		return w, err
	}
	keys := fmt.Sprintf("%x", store.GenerateKey())
	for i := range set.replicas {
		to := w.redis.addr
		if !set.direct {
			way, err := newWire(to)
			if err != nil {
				return w, err
			}
			w.wires = append(w.wires, way)
			to = way.addr()
		}
		r := &replica{program: set.program, args: w.flags(i), env: []string{secretOf(w.idp), "REPLICA_MASTER_KEYS=" + keys, "REPLICA_STORE_URL=redis://" + to}}
		if set.one {
			r.env = append(r.env, "GOMAXPROCS=1")
		}
		w.replicas = append(w.replicas, r)
		if err := r.start(ctx); err != nil {
			return w, err
		}
	}
	return w, nil
}

// flags are the arguments of a replica.
func (w *world) flags(i int) []string {
	args := []string{"-resource", resource, "-idp", w.idp.Issuer(), fmt.Sprintf("-offline=%t", !w.set.online)}
	for name, d := range map[string]time.Duration{"-store-timeout": w.set.timeout, "-grace": w.set.grace, "-code": w.set.code} {
		if d != 0 {
			args = append(args, name, d.String())
		}
	}
	if i < len(w.set.clocks) {
		args = append(args, "-clock", w.set.clocks[i].String())
	}
	if w.documents != nil {
		args = append(args, "-documents", w.documents.Listener.Addr().String(), "-documents-ca", filepath.Join(w.dir, certificateFile))
	}
	return args
}

// close ends what was started, and removes what was written.
func (w *world) close() {
	for _, r := range w.replicas {
		r.kill()
	}
	for _, way := range w.wires {
		way.close()
	}
	if w.redis != nil {
		w.redis.close()
	}
	if w.idp != nil {
		w.idp.close()
	}
	if w.documents != nil {
		w.documents.Close()
	}
	_ = os.RemoveAll(w.dir)
}

// check judges what the whole world has seen in the end: no token for two, none of the identity provider's used again, and nothing in the logs that must
// not be there.
func (w *world) check() error {
	errs := []error{w.ledger.check(), w.idp.check()}
	for i, r := range w.replicas {
		log := r.log.text()
		if strings.Contains(log, `"msg":"panic`) || strings.Contains(log, "goroutine ") {
			errs = append(errs, fmt.Errorf("replica %d has panicked", i))
		}
		for _, secret := range w.ledger.secrets() {
			if strings.Contains(log, secret) {
				errs = append(errs, fmt.Errorf("the log of replica %d has a code or token", i))
				break
			}
		}
	}
	return errors.Join(errs...)
}

// logs are the last lines of all logs.
func (w *world) logs() string {
	var text strings.Builder
	for i, r := range w.replicas {
		fmt.Fprintf(&text, "replica %d:\n%s", i, r.log.end())
	}
	if w.redis != nil {
		fmt.Fprintf(&text, "redis-server:\n%s", w.redis.log.end())
	}
	return text.String()
}
