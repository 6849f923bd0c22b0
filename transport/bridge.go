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
	return &sdkauth.TokenInfo{
		UserID: p.Key(),
		Scopes: p.Scopes,
		Extra:  map[string]any{principalExtra: p},
	}, nil
}

// principalOf is the principal that tokenInfo put into info.
func principalOf(info *sdkauth.TokenInfo) (*auth.Principal, bool) {
	if info == nil {
		return nil, false
	}
	p, ok := info.Extra[principalExtra].(*auth.Principal)
	return p, ok
}
