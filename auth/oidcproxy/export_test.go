package oidcproxy

import "github.com/org/zscalermcp/internal/bounded"

// ForgetTokens makes each token be seen for the first time.
func (p *Provider) ForgetTokens() { p.verifier.tokens = bounded.NewCache[*verified](maxCachedTokens) }
