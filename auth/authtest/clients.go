package authtest

import (
	"crypto/subtle"
	"net/http"
	"net/url"
	"slices"
)

// A Client is an application that is registered at a [Provider]. An empty Secret makes it a public one.
type Client struct {
	ID, Secret   string
	RedirectURIs []string
}

// AddClient registers an application, or changes one.
func (p *Provider) AddClient(c Client) {
	c.RedirectURIs = slices.Clone(c.RedirectURIs)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clients[c.ID] = c
}

// authenticate returns the application that asks: by Basic with both parts form-encoded (RFC 6749 section 2.3.1), by client_secret_post, or a public one by
// its id. The caller holds mu.
func (p *Provider) authenticate(r *http.Request) (Client, bool) {
	id, secret := r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	if basicID, basicSecret, ok := r.BasicAuth(); ok {
		var idErr, secretErr error
		id, idErr = url.QueryUnescape(basicID)
		secret, secretErr = url.QueryUnescape(basicSecret)
		if idErr != nil || secretErr != nil {
			return Client{}, false
		}
	}
	c, known := p.clients[id]
	return c, known && subtle.ConstantTimeCompare([]byte(c.Secret), []byte(secret)) == 1
}
