package zscalermcp

import (
	"context"
	"errors"
	"fmt"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/isolated"
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/zscaler"
)

// VerifyCallers returns what [auth.NewZscaler] needs in ZscalerConfig.Verify: it checks a caller's OneAPI
// credentials at the token endpoint of the client's tenant. With [WithCallerCredentials] tool calls of that
// caller go through the client with the caller's token.
func VerifyCallers(client *zscaler.Client) func(ctx context.Context, clientID string, secret auth.Secret) (auth.ZscalerGrant, error) {
	return func(ctx context.Context, clientID string, secret auth.Secret) (auth.ZscalerGrant, error) {
		return verifyCaller(ctx, client, clientID, secret)
	}
}

func verifyCaller(ctx context.Context, client *zscaler.Client, clientID string, secret auth.Secret) (auth.ZscalerGrant, error) {
	token, err := client.Exchange(ctx, clientID, zscaler.Secret(secret))
	if errors.Is(err, zscaler.ErrRefused) {
		return auth.ZscalerGrant{}, fmt.Errorf("%w: %w", auth.ErrWrongCredentials, err)
	}
	if err != nil {
		return auth.ZscalerGrant{}, err
	}
	return auth.ZscalerGrant{Expires: token.Expires, Attachment: client.As(token)}, nil
}

// errNoCallerToken is told to a caller who came without credentials for Zscaler, and so has no rights there.
var errNoCallerToken = errors.New("this server acts with the caller's own Zscaler credentials, and the way you signed in brings none: " +
	"connect with the client id and secret of a OneAPI client")

// withTenant plants the tenant that a tool call acts on, and notes what is asked of it.
func (s *Server) withTenant(ctx context.Context) (context.Context, error) {
	if s.cfg.logCalls {
		ctx = zscaler.ContextWithObserver(ctx, func(x zscaler.Exchange) { tool.NoteRequest(ctx, x.RequestID) })
	}
	p, _ := auth.PrincipalFromContext(ctx)
	if !s.cfg.callerCredentials || isolated.Is(p) {
		return zscaler.ContextWithDoer(ctx, s.tenant), nil
	}
	if p == nil {
		return nil, errNoCallerToken
	}
	caller, ok := p.Attachment().(zscaler.Doer)
	if !ok {
		return nil, errNoCallerToken
	}
	return zscaler.ContextWithDoer(ctx, caller), nil
}
