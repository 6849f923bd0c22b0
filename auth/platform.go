package auth

import (
	"errors"
	"net/http"
	"time"
)

// platformPrincipal is who sends requests without a credential from a trusted platform.
var platformPrincipal = (&Principal{Issuer: "platform", Subject: "platform", ClientID: "platform", Method: "platform"}).named()

// TrustPlatform admits requests without a credential, as the principal "platform", when the peer of the connection is one of
// proxies: a platform that authenticates every caller itself. A credential that is present is judged by inner, as is
// every request from elsewhere. Forwarding headers play no part. It is an error to trust no peer, or every one. The result passes
// on what inner is besides, as that of [AnyOf] does.
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
	errs = append(errs, proxies.Validate())
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return &platform{members: members{inner}, proxies: proxies.clone(), headers: headersOf(inner)}, nil
}

type platform struct {
	members // one
	proxies Proxies
	headers headerSet
}

var (
	_ mode       = (*platform)(nil)
	_ Challenger = (*platform)(nil)
	_ Router     = (*platform)(nil)
)

// Authenticate implements [Authenticator].
func (t *platform) Authenticate(r *http.Request) (*Principal, error) {
	return judgeHeaders(t, t.headers, r)
}

func (t *platform) judge(r *http.Request, c credential, now time.Time) (*Principal, error) {
	if !c.presented() && t.proxies.trusts(peerAddr(r)) {
		return platformPrincipal, nil
	}
	return ask(t.members[0], r, c, now)
}

// Challenges implements [Challenger].
func (t *platform) Challenges(r *http.Request, e *Error) []string {
	return challengesFor(t.members[0], r, e)
}

func (t *platform) modeFor(e *Error) string { return modeOf(t.members[0], e) }
