package tlsfiles_test

import (
	"crypto/x509"
	"strings"
	"testing"
	"time"
)

// A chain that clients will refuse is served, since some may know another way to a root, with a warning that says what is wrong in it.
func TestWarningsOfTheChain(t *testing.T) {
	p, root := newPlace(t), issue(t, nil, isCA, named("root"))
	middle, strange := issue(t, root, isCA, named("middle")), issue(t, root, isCA, named("strange"))
	old := issue(t, root, isCA, named("old"), endsIn(-time.Minute), func(c *x509.Certificate) { c.NotBefore = time.Now().Add(-time.Hour) })
	for name, test := range map[string]struct {
		leaf  *identity
		above []*identity
		want  string
	}{
		"whole":             {issue(t, middle), []*identity{middle}, ""},
		"whole, with root":  {issue(t, middle), []*identity{middle, root}, ""},
		"expired":           {issue(t, old), []*identity{old}, "has expired"},
		"of another issuer": {issue(t, middle), []*identity{strange}, "has not issued"},
		"exchanged":         {issue(t, middle), []*identity{root, middle}, "has not issued"},
	} {
		cfg, chain := p.writePair(test.leaf), test.leaf.certPEM()
		for _, ca := range test.above {
			chain += ca.certPEM()
		}
		cfg.CertFile = p.write("chain.crt", chain)
		if got := strings.Join(mustNew(t, cfg).Info().Warnings, "; "); (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
			t.Errorf("%s: warnings %q, want %q", name, got, test.want)
		}
	}
}
