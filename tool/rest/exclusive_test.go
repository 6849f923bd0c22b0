package rest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/org/zscalermcp/internal/bubble"
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
	"github.com/org/zscalermcp/zscaler"
)

// A keeper is a gateway that keeps one object a path and takes a second for every request.
type keeper struct {
	mu      sync.Mutex
	objects map[string]string
}

func (k *keeper) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "/token") {
		return k.reply(`{"access_token":"t","token_type":"Bearer","expires_in":3600}`), nil
	}
	time.Sleep(time.Second)
	k.mu.Lock()
	defer k.mu.Unlock()
	if r.Method == http.MethodPut {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		k.objects[r.URL.Path] = string(body)
	}
	return k.reply(k.objects[r.URL.Path]), nil
}

func (k *keeper) reply(body string) *http.Response {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
}

func (k *keeper) client(t *testing.T) *zscaler.Client {
	t.Helper()
	c, err := zscaler.New(zscaler.Config{
		Credentials: zscaler.Credentials{VanityDomain: "acme", ClientID: "c", ClientSecret: "s"},
		HTTPClient:  &http.Client{Transport: k}, Limits: map[zscaler.Service]zscaler.Limit{},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// withoutLocks hides that a client is a Locker.
type withoutLocks struct{ zscaler.Doer }

var (
	updateX  = rest.Update[ruleChange]("x_update", "PUT /x/{rule_id}", "d")
	replaceX = rest.Update[ruleChange]("x_replace", "PUT /x/{rule_id}", "d", rest.Replace)
)

// TestNoChangeIsLost: two updates of one object that begin at once both count, in whatever spelling its
// id comes, while those of different objects run side by side. Without locks one is lost: the lock is it.
func TestNoChangeIsLost(t *testing.T) {
	for name, test := range map[string]struct {
		bare bool
		ids  [2]string
		want string
		took time.Duration
	}{
		"one object":    {false, [2]string{"a", "a"}, `{"description":"d","id":"a","name":"n"}`, 4 * time.Second},
		"other case":    {false, [2]string{"a", "A"}, `{"description":"d","id":"a"}`, 4 * time.Second},
		"two objects":   {false, [2]string{"a", "b"}, `{"description":"d","id":"a"}`, 2 * time.Second},
		"without locks": {true, [2]string{"a", "a"}, "", 2 * time.Second},
	} {
		bubble.Test(t, func(t *testing.T) {
			k := &keeper{objects: map[string]string{"/x/a": `{"id":"a"}`, "/x/A": `{"id":"A"}`, "/x/b": `{"id":"b"}`}}
			c := k.client(t)
			defer c.Close()
			var doer zscaler.Doer = c
			if test.bare {
				doer = withoutLocks{c}
			}
			ctx, start := zscaler.ContextWithDoer(t.Context(), doer), time.Now()
			both(t, ctx, updateX, `{"rule_id":"`+test.ids[0]+`","order":null,"description":"d"}`, `{"rule_id":"`+test.ids[1]+`","name":"n"}`)
			if took := time.Since(start); took != test.took {
				t.Errorf("%s: took %v, want %v", name, took, test.took)
			}
			got := strings.Replace(k.objects["/x/a"], `,"order":1`, "", 1)
			if lost := !strings.Contains(got, `"n"`) || !strings.Contains(got, `"d"`); test.bare && !lost || !test.bare && got != test.want {
				t.Errorf("%s: the object is %s, want %s", name, got, test.want)
			}
		})
	}
}

func both(t *testing.T, ctx context.Context, tl tool.Tool, arguments ...string) {
	var wg sync.WaitGroup
	for _, a := range arguments {
		wg.Go(func() {
			if _, err := tl.Spec().Handle(ctx, args(t, a)); err != nil {
				t.Errorf("%s: %v", a, err)
			}
		})
	}
	wg.Wait()
}

// TestReplaceDoesNotComeBetween: a write without a read waits for an update that has read.
func TestReplaceDoesNotComeBetween(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		k := &keeper{objects: map[string]string{"/x/a": `{"id":"a"}`}}
		c := k.client(t)
		defer c.Close()
		ctx := zscaler.ContextWithDoer(t.Context(), c)
		var wg sync.WaitGroup
		wg.Go(func() { both(t, ctx, updateX, `{"rule_id":"a","name":"n"}`) })
		synctest.Wait() // it is reading
		both(t, ctx, replaceX, `{"rule_id":"a","description":"d"}`)
		wg.Wait()
		if got := k.objects["/x/a"]; got != `{"description":"d","order":1}` {
			t.Errorf("the object is %s, want what the later write sent", got)
		}
	})
}

// TestExclusiveWaitObeysContext: who waits too long is told that nothing was changed, and nothing is
// sent; another object is free meanwhile, and so is the lock afterwards.
func TestExclusiveWaitObeysContext(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		k := &keeper{objects: map[string]string{"/x/a": `{"id":"a"}`, "/x/b": `{"id":"b"}`}}
		c := k.client(t)
		defer c.Close()
		ctx := zscaler.ContextWithDoer(t.Context(), c)
		err := rest.Exclusive(ctx, "/x/a", func() error {
			short, cancel := context.WithTimeout(ctx, 3*time.Second)
			defer cancel()
			both(t, short, updateX, `{"rule_id":"b","name":"n"}`)
			_, err := updateX.Spec().Handle(short, args(t, `{"rule_id":"a","name":"n"}`))
			if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "nothing was changed") {
				t.Errorf("the waiting update: %v", err)
			}
			return errors.New("own")
		})
		if err == nil || err.Error() != "own" || k.objects["/x/a"] != `{"id":"a"}` {
			t.Errorf("error %v, object %s", err, k.objects["/x/a"])
		}
		both(t, ctx, updateX, `{"rule_id":"a","name":"later"}`)
		if !strings.Contains(k.objects["/x/a"], "later") {
			t.Errorf("the object is %s", k.objects["/x/a"])
		}
	})
}

// TestManyUpdates: of many callers each sees what those before it wrote.
func TestManyUpdates(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		k := &keeper{objects: map[string]string{"/x/a": `{"id":"a"}`}}
		c := k.client(t)
		defer c.Close()
		type change struct {
			ID  string         `json:"id" in:"path"`
			Any map[string]any `json:"any" in:"body=*"`
		}
		tl := rest.Update[change]("x_any", "PUT /x/{id}", "d")
		var arguments []string
		for i := range 20 {
			arguments = append(arguments, fmt.Sprintf(`{"id":"a","any":{"m%d":1}}`, i))
		}
		both(t, zscaler.ContextWithDoer(t.Context(), c), tl, slices.Clone(arguments)...)
		if got := strings.Count(k.objects["/x/a"], ":1"); got != len(arguments) {
			t.Errorf("%d of %d changes are there: %s", got, len(arguments), k.objects["/x/a"])
		}
	})
}
