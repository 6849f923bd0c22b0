package safefetch_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"

	"github.com/org/zscalermcp/auth/oidcproxy/safefetch"
)

// names is a resolver that knows two hosts.
type names map[string]string

func (n names) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	addr, err := netip.ParseAddr(n[host])
	return []netip.Addr{addr}, err
}

func Example() {
	site := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"client_id":"https://%s%s"}`, r.Host, r.URL.Path)
	}))
	defer site.Close()
	roots := x509.NewCertPool()
	roots.AddCert(site.Certificate())

	f, err := safefetch.New(safefetch.Config{ // the zero Config is for the real internet
		Resolver: names{"example.com": "93.184.215.14", "evil.example.net": "169.254.169.254"},
		Dial: func(ctx context.Context, network string, _ netip.AddrPort) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, network, site.Listener.Addr().String()) // the server of this example stands for every address
		},
		RootCAs: roots,
	})
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()

	doc, err := f.Get(context.Background(), "https://example.com/client.json")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(doc.Body))
	for _, id := range []string{"https://evil.example.net/client.json", "https://0x7f.1/client.json"} {
		_, err = f.Get(context.Background(), id)
		fmt.Println(errors.Is(err, safefetch.ErrRefused), err)
	}
	// Output:
	// {"client_id":"https://example.com/client.json"}
	// true safefetch: https://evil.example.net/client.json: the address is refused: 169.254.169.254 is not globally reachable
	// true safefetch: https://0x7f.1/client.json: the address is refused: its host is no IPv4 address of four decimal numbers
}
