package main

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/org/zscalermcp/auth/authtest"
)

// An idp is the identity provider. Each sign-in is another user's, its refresh tokens work once, and it can be told to wait before it does what a token
// request asks. A request whose sender is gone by then does nothing.
type idp struct {
	*authtest.Provider
	server *http.Server
	ended  chan struct{}
	secret string

	mu       sync.Mutex
	users    int
	acted    map[string]int // refresh tokens, by how often they were taken
	asked    map[string]int // token requests that were taken, by their grant type
	waiting  chan struct{}  // gets one for each token request that waits
	left     chan struct{}  // and one for each whose sender is gone
	goOn     chan struct{}  // closed when they may go on; nil while none waits
	signedIn sync.Mutex     // from choosing the user to the end of the sign-in
}

func newIDP() (*idp, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &idp{
		Provider: authtest.NewProvider(authtest.Options{Algorithm: "EdDSA", BaseURL: "http://" + ln.Addr().String()}),
		secret:   rand.Text(), acted: map[string]int{}, asked: map[string]int{}, waiting: make(chan struct{}, 1024), left: make(chan struct{}, 1024), ended: make(chan struct{}),
	}
	p.AddClient(authtest.Client{ID: "proxy", Secret: p.secret, RedirectURIs: []string{issuer + "/auth/callback"}})
	p.server = &http.Server{Handler: p, ReadHeaderTimeout: 5 * time.Second, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	go func() {
		_ = p.server.Serve(ln) // until close
		close(p.ended)
	}()
	return p, nil
}

// secretOf is the secret of the application, as the replicas take it.
func secretOf(p *idp) string { return "REPLICA_CLIENT_SECRET=" + p.secret }

func (p *idp) close() {
	p.release()
	_ = p.server.Close()
	<-p.ended
}

// ServeHTTP implements http.Handler.
func (p *idp) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case authtest.AuthorizePath:
		p.signedIn.Lock()
		defer p.signedIn.Unlock()
		p.users++
		p.SignIn(authtest.User{Subject: fmt.Sprintf("user-%d", p.users)})
	case authtest.TokenPath:
		body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20)) // all of it, so that the end of the connection is noticed
		if err != nil || !p.wait(r) {
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return
		}
		p.mu.Lock()
		p.asked[form.Get("grant_type")]++
		if token := form.Get("refresh_token"); token != "" {
			p.acted[token]++
		}
		p.mu.Unlock()
	}
	p.Handler().ServeHTTP(w, r)
}

// wait holds a request while others are held, and reports whether somebody still waits for its answer.
func (p *idp) wait(r *http.Request) bool {
	p.mu.Lock()
	goOn := p.goOn
	p.mu.Unlock()
	if goOn == nil {
		return true
	}
	p.waiting <- struct{}{}
	select {
	case <-goOn:
		return true
	case <-r.Context().Done():
		p.left <- struct{}{}
		return false
	}
}

// hold makes token requests wait until release.
func (p *idp) hold() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.goOn = make(chan struct{})
}

func (p *idp) release() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.goOn != nil {
		close(p.goOn)
		p.goOn = nil
	}
}

// refreshes counts the refreshes that the provider was asked for.
func (p *idp) refreshes() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked["refresh_token"]
}

// check judges whether a refresh token that the provider has taken back was sent again.
func (p *idp) check() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, times := range p.acted {
		if times > 1 {
			return errors.New("the identity provider got a refresh token again that it had replaced")
		}
	}
	return nil
}
