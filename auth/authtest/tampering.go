package authtest

import "net/url"

// A Tampering makes a [Provider] lie: each function that is not nil changes what is about to be sent. They are called one at a time.
type Tampering struct {
	IDToken       func(claims map[string]any)
	IDTokenHeader map[string]any              // members of the header, nil values leave one out
	RawIDToken    func(good string) string    // the token as it is sent
	TokenResponse func(body map[string]any)   // of the token endpoint
	TokenRefusal  string                      // an error code for every token request
	Callback      func(parameters url.Values) // of the redirect to the application
	UserInfo      func(claims map[string]any)
	Metadata      func(document map[string]any)
}

// Tamper makes the provider lie until the next call; that with a zero Tampering ends it.
func (p *Provider) Tamper(t Tampering) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tampering = t
}

// FailPath makes one path answer with status until FailPath(path, 0).
func (p *Provider) FailPath(path string, status int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.failingPaths[path] = status
}
