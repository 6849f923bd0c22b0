package oidcproxy_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/org/zscalermcp/store"
)

// A passage is a flow whose steps run one at a time, each at whatever replica.
type passage struct {
	*rig
	b       *browser
	client  string
	field   string
	address string // to open next
	code    string
	tokens  family
	retired family
}

// steps are all steps of a flow, from the registration to the revocation.
var steps = []struct {
	name string
	take func(*passage)
}{
	{"register", func(p *passage) { p.client = p.rig.client() }},
	{"authorize", func(p *passage) { p.field = p.b.authorize(asking(p.client)).field(p.TB) }},
	{"consent", func(p *passage) { p.address = p.atUpstream(p.b.answerForm(p.field, "approve").link(p.TB)) }},
	{"callback", func(p *passage) { p.code = p.b.open(p.address).location(p.TB).Query().Get("code") }},
	{"code", func(p *passage) {
		p.tokens = p.redeemed(family{client: p.client, code: p.code}, p.post("/token", redeeming(p.client, p.code)))
	}},
	{"call", func(p *passage) { p.want("call", p.call(p.tokens.access), http.StatusOK, "") }},
	{"refresh", func(p *passage) { p.retired, p.tokens = p.tokens, p.refreshed(p.tokens) }},
	{"retired token", func(p *passage) {
		if again := p.refreshed(p.retired); again.refresh != p.tokens.refresh {
			p.Error("the successor of before is lost")
		}
	}},
	{"refresh again", func(p *passage) { p.retired, p.tokens = p.tokens, p.refreshed(p.tokens) }},
	{"call again", func(p *passage) { p.want("call", p.call(p.tokens.access), http.StatusOK, "") }},
	{"revoke", func(p *passage) {
		p.want("revoke", p.post("/revoke", url.Values{"client_id": {p.client}, "token": {p.tokens.refresh}}), http.StatusOK, "")
	}},
	{"call after it", func(p *passage) {
		p.want("call", p.call(p.tokens.access), http.StatusUnauthorized, "invalid_token")
	}},
}

// D89: a master key, and with it the key that signs, is replaced at one replica after the other, at each step of the flow, while the steps go from one replica
// to the next: the new key is first put behind the old one everywhere, then before it, and the old one is dropped in the end. Nobody is signed out.
func TestD89KeyRotationAcrossReplicas(t *testing.T) {
	before, after := store.GenerateKey(), store.GenerateKey()
	rings := map[string][][][]byte{
		"the new key is made known": {{before}, {before, after}},
		"the new key is used":       {{before, after}, {after, before}},
	}
	for name, phases := range rings {
		for at := range steps {
			t.Run(fmt.Sprintf("%s at %s", name, steps[at].name), func(t *testing.T) {
				inBubble(t, func(t *testing.T) {
					rg := newRig(t, nil)
					replica := func(ring [][]byte) http.Handler {
						keys, err := store.NewKeyring(ring...)
						if err != nil {
							t.Fatal(err)
						}
						rg.keys = keys
						rg.provider(nil)
						return rg.handler
					}
					replicas := []http.Handler{replica(phases[0]), replica(phases[0]), replica(phases[0])}
					p := &passage{rig: rg, b: rg.browser()}
					for i, step := range steps {
						if i >= at && i-at < len(replicas) { // one replica after the other is replaced
							replicas[i-at] = replica(phases[1])
						}
						rg.handler = replicas[i%len(replicas)]
						step.take(p)
					}
				})
			})
		}
	}
}
