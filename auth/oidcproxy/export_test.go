package oidcproxy

import "strings"

// ForgetToken makes a token be seen for the first time again.
func (p *Provider) ForgetToken(token string) {
	p.verifier.tokens.Drop(p.verifier.hash.Sum(token[strings.LastIndexByte(token, '.')+1:]))
}
