package auth

import (
	"errors"
	"io"
	"net/http"
)

// platformPrincipal is who sends requests without a credential from a trusted platform.
var platformPrincipal = (&Principal{Issuer: "platform", Subject: "platform", ClientID: "platform", Method: "platform"}).named()

// TrustPlatform admits requests without a credential, as the principal "platform", when the peer of the connection is one of
// proxies: a platform that authenticates every caller itself. A credential that is present is judged by inner, as is
// every request from elsewhere. Forwarding headers play no part. It is an error to trust no peer.
//
// Whoever can open a connection from one of these addresses is admitted.
func TrustPlatform(inner Authenticator, proxies Proxies) (Authenticator, error) {
	var errs []error
	if isNilAuthenticator(inner) {
		errs = append(errs, errors.New("auth: TrustPlatform: the authenticator is nil"))
	}
	if len(proxies.Prefixes) == 0 {
		errs = append(errs, errors.New("auth: TrustPlatform: no proxy is named: give the addresses from which the platform connects"))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	t := &platform{inner: inner, proxies: proxies, headers: headersOf(inner)}
	if r, ok := inner.(interface{ Resource() string }); ok {
		return &platformResource{t, r.Resource()}, nil
	}
	return t, nil
}

type platform struct {
	inner   Authenticator
	proxies Proxies
	headers headerSet
}

// A platformResource is for a resource that inner names.
type platformResource struct {
	*platform
	resource string
}

// Resource is the URL of the MCP endpoint that tokens are for.
func (t *platformResource) Resource() string { return t.resource }

// Authenticate implements [Authenticator].
func (t *platform) Authenticate(r *http.Request) (*Principal, error) {
	cred, malformed := t.headers.read(r.Header)
	if malformed != nil {
		return nil, malformed
	}
	if !cred.presented() && t.proxies.trusts(peerAddr(r)) {
		return platformPrincipal, nil
	}
	return t.inner.Authenticate(r)
}

func (t *platform) mode() string { return modeOf(t.inner, nil) }

// usage is what a request without a credential is told.
func (t *platform) usage() string { return usageOf(t.inner) }

// Challenges implements [Challenger].
func (t *platform) Challenges(e *Error) []string { return challengesFor(t.inner, e) }

// Routes implements [Router].
func (t *platform) Routes() []Route {
	if r, ok := t.inner.(Router); ok {
		return r.Routes()
	}
	return nil
}

// CredentialHeaders implements [HeaderReader].
func (t *platform) CredentialHeaders() []string { return t.headers.names() }

// Reload implements [Reloader].
func (t *platform) Reload() error {
	if r, ok := t.inner.(Reloader); ok {
		return r.Reload()
	}
	return nil
}

// Close closes inner.
func (t *platform) Close() error {
	if c, ok := t.inner.(io.Closer); ok {
		return c.Close()
	}
	return nil
}
