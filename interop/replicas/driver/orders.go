package main

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"time"
)

// everyOrder does the whole flow with each step at another replica, in every order of the replicas, and then each step at each replica.
func everyOrder(ctx context.Context, w *world) error {
	for _, order := range [][]int{{0, 1, 2}, {1, 2, 0}, {2, 0, 1}, {0, 2, 1}, {2, 1, 0}, {1, 0, 2}} {
		if err := w.ordered(ctx, order, ""); err != nil {
			return fmt.Errorf("order %v: %w", order, err)
		}
	}
	for i, s := range steps {
		for home := range w.replicas {
			f := w.newFlow(0)
			for j := range steps {
				if f.at = only(home); j == i {
					f.at = only((home + 1) % len(w.replicas))
				}
				cookies := maps.Clone(f.cookies)
				err := steps[j].do(f, ctx)
				if err == nil {
					err = f.usedUp(ctx, j, cookies)
				}
				if err != nil {
					return fmt.Errorf("all at replica %d, %s at the next: %w", home, s.name, err)
				}
			}
		}
	}
	return nil
}

// usedUp does a step again, at every replica, with the cookies from before it: what works once must be refused.
func (f *flow) usedUp(ctx context.Context, step int, cookies map[string]string) error {
	if !steps[step].instead {
		return nil
	}
	for i := range f.w.replicas {
		late := *f
		late.at, late.cookies = only(i), maps.Clone(cookies)
		if err := steps[step].do(&late, ctx); judge(steps[step], err) != anew {
			return fmt.Errorf("again at replica %d: %w", i, orNothing(err))
		}
	}
	return nil
}

// ordered is one flow, and some refreshes more. client is its id; "" registers one.
func (w *world) ordered(ctx context.Context, order []int, client string) error {
	f := w.newFlow(0)
	next := 0
	f.at = func() int { next++; return order[(next-1)%len(order)] }
	from := 0
	if client != "" {
		f.client, from = client, atAuthorize
	}
	if err := f.finish(ctx, from, allSteps); err != nil {
		return err
	}
	for range 5 {
		if err := errors.Join(f.retiredAgain(ctx), f.finish(ctx, atCall, allSteps)); err != nil {
			return err
		}
	}
	if f.anew > 0 {
		return errors.New("the sign-in had to begin again")
	}
	return nil
}

const (
	certificateFile = "documents.pem"
	documentID      = "https://example.com/client.json" // the name for which a test server has its certificate
)

// newDocuments has the metadata document of a client. Who wants it trusts the certificate in a file.
func newDocuments(dir string) (*httptest.Server, error) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"client_id": documentID, "client_name": "Test app", "redirect_uris": []string{clientCB}})
	}))
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	return server, os.WriteFile(filepath.Join(dir, certificateFile), certificate, 0o600)
}

// withDocuments is everyOrder for a client that has not registered.
func withDocuments(ctx context.Context, w *world) error {
	for _, order := range [][]int{{0, 1, 2}, {1, 2, 0}, {2, 0, 1}} {
		if err := w.ordered(ctx, order, documentID); err != nil {
			return fmt.Errorf("order %v: %w", order, err)
		}
	}
	return nil
}

// clocks is everyOrder, and what ends does so at all replicas at the same time.
func clocks(ctx context.Context, w *world) error {
	if err := everyOrder(ctx, w); err != nil {
		return err
	}
	return inParallel(len(w.replicas), func(at int) error {
		late, err1 := w.prepared(ctx, at, atToken)
		user, err2 := w.prepared(ctx, at, allSteps)
		if err := errors.Join(err1, err2, user.retiredAgain(ctx)); err != nil {
			return err
		}
		soon, err := w.prepared(ctx, at+1, atToken)
		if err != nil {
			return err
		}
		time.Sleep(w.set.code / 3)
		soon.at = only(at)
		if err := soon.redeem(ctx); err != nil {
			return fmt.Errorf("replica %d, a code within its time: %w", at, err)
		}
		if err := user.retiredAgain(ctx); err != nil {
			return err
		}
		time.Sleep(max(w.set.code, w.set.grace))
		late.at, user.at = only(at), only(at)
		user.refresh = user.retired
		for what, err := range map[string]error{"a code after its time": late.redeem(ctx), "a retired refresh token after its grace": user.renew(ctx)} {
			if !isRefused(err, "invalid_grant") {
				return fmt.Errorf("replica %d, %s: %w", at, what, orNothing(err))
			}
		}
		return nil
	})
}

// isRefused reports whether a program is told that what it has is no longer good.
func isRefused(err error, code string) bool {
	var e *unexpected
	return errors.As(err, &e) && (e.status == http.StatusBadRequest || e.status == http.StatusUnauthorized) && e.code == code
}
