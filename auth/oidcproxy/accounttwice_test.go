package oidcproxy_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth/oidcproxy"
	"github.com/org/zscalermcp/store"
)

// A listStore lets a test act before a list is read.
type listStore struct {
	store.Store
	before func()
}

func (s *listStore) List(ctx context.Context, index string) ([]string, error) {
	if before := s.before; before != nil {
		s.before = nil
		before()
	}
	return s.Store.List(ctx, index)
}

// R156: a form that is sent twice at once ends one older grant, as one that is sent once does.
func TestConfirmedTwiceAtOnce(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rg := newRig(t, nil)
		s := &listStore{Store: rg.store}
		rg.store = s
		rg.provider(func(c *oidcproxy.Config) { c.ConfirmAccount = true; c.Limits.GrantsPerClient = 2 })
		client := rg.client()
		var families []family
		for range 2 {
			b := rg.browser()
			code := queryOf(t, b.answerAccount(b.account(asking(client)).field(t), "continue").link(t)).Get("code")
			families = append(families, rg.redeemed(family{client: client}, rg.post("/token", redeeming(client, code))))
			sleep(2 * time.Second)
		}
		b := rg.browser()
		field := b.account(asking(client)).field(t)
		var first answer
		s.before = func() { first = b.answerAccount(field, "continue") }
		b.answerAccount(field, "continue")
		code := queryOf(t, first.link(t)).Get("code")
		left := 0
		for _, f := range append(families, rg.redeemed(family{client: client}, rg.post("/token", redeeming(client, code)))) {
			if rg.call(f.access).StatusCode == http.StatusOK {
				left++
			}
		}
		if left != 2 {
			t.Errorf("%d grants are left", left)
		}
	})
}
