package transport

import (
	"context"
	"errors"
	"net/http"

	sdkauth "github.com/modelcontextprotocol/go-sdk/auth"

	"github.com/org/zscalermcp/auth"
)

const (
	// redacted stands where the credential stood: the SDK's middleware wants a bearer token, and it
	// is the only way to tell the SDK to whom a session belongs.
	redacted = "Bearer redacted"
	// principalExtra is the key of the principal in [sdkauth.TokenInfo.Extra].
	principalExtra = "principal"
	// answerExtra is the key of the answer to a call in [sdkauth.TokenInfo.Extra]: a legacy handler
	// does not get the context of its request.
	answerExtra = "answer"
	// callPlaceExtra is the key of the place of a call whose answer is not that to its request.
	callPlaceExtra = "place"
	// requestIDExtra is the key of the request's name in [sdkauth.TokenInfo.Extra].
	requestIDExtra = "request id"
	// handledExtra is the key of what is to be told in [sdkauth.TokenInfo.Extra] when the handler has returned.
	handledExtra = "handled"
)

// bridge tells the SDK who the caller is. The SDK then refuses sessions of other callers with 403.
func bridge(next http.Handler) http.Handler {
	return sdkauth.RequireBearerToken(tokenInfo, &sdkauth.RequireBearerTokenOptions{AllowMissingExpiration: true})(next)
}

func tokenInfo(ctx context.Context, _ string, _ *http.Request) (*sdkauth.TokenInfo, error) {
	p, ok := auth.PrincipalFromContext(ctx)
	if !ok {
		return nil, errors.New("internal error: a request without a principal")
	}
	info := &sdkauth.TokenInfo{
		UserID: p.Key(),
		Scopes: p.Scopes,
		Extra:  map[string]any{principalExtra: p, requestIDExtra: auth.RequestID(ctx)},
	}
	if out, ok := ctx.Value(answerKey{}).(*jsonWriter); ok {
		info.Extra[answerExtra] = out
	}
	if place, ok := ctx.Value(callPlaceKey{}).(*place); ok {
		info.Extra[callPlaceExtra] = place
	}
	return info, nil
}

type (
	answerKey    struct{}
	callPlaceKey struct{} // of calls whose answer is not that to their request
)

// answerOf is the answer that tokenInfo put into info.
func answerOf(info *sdkauth.TokenInfo) (*jsonWriter, bool) {
	if info == nil {
		return nil, false
	}
	out, ok := info.Extra[answerExtra].(*jsonWriter)
	return out, ok
}

// callPlaceOf is the place that tokenInfo put into info.
func callPlaceOf(info *sdkauth.TokenInfo) (*place, bool) {
	if info == nil {
		return nil, false
	}
	p, ok := info.Extra[callPlaceExtra].(*place)
	return p, ok
}

// handledOf is what a transport of ours has put into info to be told that the handler has returned.
func handledOf(info *sdkauth.TokenInfo) (func(), bool) {
	if info == nil {
		return nil, false
	}
	handled, ok := info.Extra[handledExtra].(func())
	return handled, ok
}

// principalOf is the principal that tokenInfo put into info.
func principalOf(info *sdkauth.TokenInfo) (*auth.Principal, bool) {
	if info == nil {
		return nil, false
	}
	p, ok := info.Extra[principalExtra].(*auth.Principal)
	return p, ok
}
