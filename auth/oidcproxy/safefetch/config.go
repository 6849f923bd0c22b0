package safefetch

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// Bounds of what a configuration may say.
const (
	mostBytes = 1 << 20
	mostTime  = time.Minute
)

// A Config is the argument of [New]. The zero value gets documents from everywhere that is globally reachable.
type Config struct {
	MaxBytes int64         // of a body, 1 MiB at most; 0 means 5 KiB
	Timeout  time.Duration // for all of a Get: resolving, dialling, TLS, reading. A minute at most; 0 means 5 seconds
	Ports    []uint16      // that are accepted; nil means 443 only (R36)

	Concurrent, ConcurrentPerHost int // fetches at once; 0 means 64 and 2 (R39)

	// AllowHosts and DenyHosts are the policy, of entries such as "example.com" or "*.example.com", which is every name below it and not itself; or
	// an IP address without brackets. A nil AllowHosts allows all, an empty one none. What DenyHosts names is refused in any case. Names of local networks
	// (such as .internal) are refused unless AllowHosts names them.
	AllowHosts, DenyHosts []string

	// AllowNetworks are accepted although they are not globally reachable: for a company's own documents. Everybody may then have this process connect to
	// any address in them, on the accepted ports, though without a certificate for the name they get no answer read: set AllowHosts too.
	AllowNetworks []netip.Prefix

	// Resolver looks names up; nil means [net.DefaultResolver], without the search domains of the machine. It must return when its context ends.
	Resolver Resolver

	// Dial connects to an address that was judged; the network is "tcp". Nil means a [net.Dialer] that judges the address again before it connects. It is
	// for tests and egress gateways, and must return when its context ends. What it refuses itself, it may say with [ErrRefused].
	Dial func(ctx context.Context, network string, address netip.AddrPort) (net.Conn, error)

	RootCAs *x509.CertPool // nil means those of the system
}

// A Resolver returns all addresses of a host; the network is "ip". A [*net.Resolver] is one. It must be safe for concurrent use.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// A Fetcher gets documents. It is safe for concurrent use, and remembers nothing between two.
type Fetcher struct {
	cfg  Config
	gate gate
	life context.Context
	end  context.CancelFunc
}

// New checks cfg, and reports every mistake in one error ([errors.Join]). Nothing runs and nothing is resolved before [Fetcher.Get].
func New(cfg Config) (*Fetcher, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	f := &Fetcher{cfg: cfg, gate: gate{most: cfg.Concurrent, mostPerHost: cfg.ConcurrentPerHost, running: map[string]int{}}}
	f.life, f.end = context.WithCancel(context.Background())
	if f.cfg.Dial == nil {
		f.cfg.Dial = f.dialDirectly
	}
	return f, nil
}

// Close ends the fetches that are under way, with [ErrUnavailable], and waits for them. Later ones fail in the same way.
func (f *Fetcher) Close() {
	f.gate.close()
	f.end()
	f.gate.all.Wait()
}

// withDefaults fills in what is not set, and keeps copies.
func (cfg Config) withDefaults() Config {
	cfg.MaxBytes = cmp.Or(cfg.MaxBytes, 5<<10)
	cfg.Timeout = cmp.Or(cfg.Timeout, 5*time.Second)
	cfg.Concurrent = cmp.Or(cfg.Concurrent, 64)
	cfg.ConcurrentPerHost = cmp.Or(cfg.ConcurrentPerHost, 2)
	if cfg.Ports = slices.Clone(cfg.Ports); cfg.Ports == nil {
		cfg.Ports = []uint16{defaultPort}
	}
	if cfg.Resolver == nil {
		cfg.Resolver = rooted{net.DefaultResolver}
	}
	cfg.AllowHosts, cfg.DenyHosts, cfg.AllowNetworks = slices.Clone(cfg.AllowHosts), slices.Clone(cfg.DenyHosts), slices.Clone(cfg.AllowNetworks)
	return cfg
}

// mistakes collects those of a configuration.
type mistakes struct{ errs []error }

func (m *mistakes) add(field, problem string, args ...any) {
	m.errs = append(m.errs, fmt.Errorf("safefetch: Config.%s %s", field, fmt.Sprintf(problem, args...)))
}

func (cfg Config) check() error {
	m := &mistakes{}
	if cfg.MaxBytes < 0 || cfg.MaxBytes > mostBytes {
		m.add("MaxBytes", "must be 1 to %d, or 0 for 5 KiB", mostBytes)
	}
	if cfg.Timeout < 0 || cfg.Timeout > mostTime {
		m.add("Timeout", "must be %s at most, or 0 for 5 seconds", mostTime)
	}
	if cfg.Ports != nil && len(cfg.Ports) == 0 || slices.Contains(cfg.Ports, 0) {
		m.add("Ports", "must be ports from 1 to 65535, or nil for 443")
	}
	if cfg.Concurrent < 0 || cfg.ConcurrentPerHost < 0 {
		m.add("Concurrent", "and ConcurrentPerHost must not be negative; 0 means 64 and 2")
	}
	for field, list := range map[string][]string{"AllowHosts": cfg.AllowHosts, "DenyHosts": cfg.DenyHosts} {
		for _, entry := range list {
			if !isHostPattern(entry) {
				m.add(field, "has %q: write it as example.com, *.example.com or 192.0.2.1, in lower case, letters beyond ASCII as xn--…", entry)
			}
		}
	}
	for _, network := range cfg.AllowNetworks {
		if !network.IsValid() || network.Bits() == 0 || network.Addr().Is4In6() {
			m.add("AllowNetworks", "has %q: name networks such as 10.1.0.0/16 or fd00:1::/32, and not all addresses; IPv4 as IPv4", network)
		}
	}
	slices.SortFunc(m.errs, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errors.Join(m.errs...)
}
