package auth_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/bubble"
)

// R135: one check serves all who wait for it, and goes on when the first of them has gone.
func TestOneCheckServesAll(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		o := &oneAPI{delay: 5 * time.Second}
		z := newZscaler(t, o, auth.ZscalerConfig{})
		impatient, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var all sync.WaitGroup
		all.Go(func() { expect(t, o, z, basicAuth("alice", "s3cret").WithContext(impatient), 503, 1) })
		synctest.Wait()
		principals := make([]*auth.Principal, 50)
		for i := range principals {
			all.Go(func() {
				p, err := z.Authenticate(basicAuth("alice", "s3cret"))
				if principals[i] = p; err != nil {
					t.Error(err)
				}
			})
		}
		began := time.Now()
		all.Wait()
		if took := time.Since(began); took != 5*time.Second || o.calls() != 1 {
			t.Errorf("%d checks in %s", o.calls(), took)
		}
		for _, p := range principals {
			if p == nil || p != principals[0] {
				t.Errorf("%v, and %v", p, principals[0])
			}
		}
	})
}

// A wrong pair is checked once too, whoever waits for it.
func TestOneCheckRefusesAll(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		o := &oneAPI{secrets: map[string]string{}, delay: time.Second}
		z := newZscaler(t, o, auth.ZscalerConfig{})
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() { expect(t, o, z, basicAuth("alice", "wrong"), 401, 1) })
		}
		all.Wait()
		expect(t, o, z, at("192.0.2.2", basicAuth("bob", "wrong")), 401, 2)
	})
}

// Who has asked and gone gets 503 at once; the check, and what it found, stay.
func TestRequesterGivesUp(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		o := &oneAPI{delay: 5 * time.Second}
		z := newZscaler(t, o, auth.ZscalerConfig{})
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		began := time.Now()
		if w := answered(z, basicAuth("alice", "s3cret").WithContext(gone)); w.Code != http.StatusServiceUnavailable || time.Since(began) > 0 {
			t.Errorf("status %d after %s", w.Code, time.Since(began))
		}
		time.Sleep(6 * time.Second)
		expect(t, o, z, basicAuth("alice", "s3cret"), 200, 1)
	})
}

// A check that takes too long is trouble; one that takes nearly as long is not.
func TestCheckTimesOut(t *testing.T) {
	for delay, want := range map[time.Duration]int{30*time.Second - 1: 200, time.Hour: 503} {
		bubble.Test(t, func(t *testing.T) {
			o := &oneAPI{delay: delay}
			z := newZscaler(t, o, auth.ZscalerConfig{})
			began := time.Now()
			expect(t, o, z, basicAuth("alice", "s3cret"), want, 1)
			if took := time.Since(began); took != min(delay, 30*time.Second) {
				t.Errorf("status %d after %s", want, took)
			}
		})
	}
}

// Close ends a check that is under way and waits for its end. Callers who are known pass until they must be checked.
func TestZscalerClose(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		o, ended := &oneAPI{}, false
		z, err := auth.NewZscaler(auth.ZscalerConfig{Verify: func(ctx context.Context, id string, secret auth.Secret) (auth.ZscalerGrant, error) {
			if id == "slow" {
				<-ctx.Done()
				time.Sleep(2 * time.Second) // to tidy up
				ended = true
			}
			return o.verify(ctx, id, secret)
		}})
		if err != nil {
			t.Fatal(err)
		}
		expect(t, o, z, basicAuth("alice", "s3cret"), 200, 1)
		var all sync.WaitGroup
		o.change(func() { o.delay = time.Second })
		all.Go(func() { expect(t, o, z, basicAuth("slow", "s3cret"), 503, 2) })
		synctest.Wait()
		began := time.Now()
		if err := z.Close(); err != nil || !ended || time.Since(began) != 2*time.Second {
			t.Errorf("Close: %v, the check has ended: %v, after %s", err, ended, time.Since(began))
		}
		all.Wait()
		expect(t, o, z, basicAuth("alice", "s3cret"), 200, 2)
		expect(t, o, z, basicAuth("bob", "s3cret"), 503, 2)
		expect(t, o, z, pairHeaders("alice", "s3cret"), 503, 2)
		expect(t, o, z, pairHeaders("alice", ""), 400, 2)
		time.Sleep(time.Hour)
		expect(t, o, z, basicAuth("alice", "s3cret"), 503, 2)
		if err := z.Close(); err != nil {
			t.Errorf("Close again: %v", err)
		}
	})
}

// R160: requests and Close at once; afterwards nobody is asked any more.
func TestZscalerCloseUnderLoad(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		o := &oneAPI{delay: time.Second}
		z := newZscaler(t, o, auth.ZscalerConfig{})
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				for round := range 20 {
					answered(z, basicAuth(fmt.Sprint("client-", i, "-", round), "s3cret"))
				}
			})
		}
		all.Go(func() {
			time.Sleep(4500 * time.Millisecond)
			_ = z.Close()
			if calls := o.calls(); calls != 5*8 || o.atOnce != 0 {
				t.Errorf("%d checks, %d of them under way after Close", calls, o.atOnce)
			}
		})
		all.Wait()
		if o.calls() != 5*8 {
			t.Errorf("%d checks", o.calls())
		}
	})
}
