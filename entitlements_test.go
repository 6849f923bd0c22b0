package zscalermcp_test

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/zscaler"
	"github.com/org/zscalermcp/zscaler/zscalertest"
)

// entitledTenant is a tenant whose token names these products.
func entitledTenant(t *testing.T, products ...string) (*zscalertest.Tenant, []zscalermcp.Option) {
	t.Helper()
	tenant := zscalertest.NewTenant(zscalertest.Options{Entitlements: products})
	t.Cleanup(tenant.Close)
	return tenant, []zscalermcp.Option{
		zscalermcp.WithEnv(nil), zscalermcp.WithCredentials(credentials(tenant)),
		zscalermcp.WithEndpoints(zscaler.Endpoints{TokenURL: tenant.TokenURL(), GatewayURL: tenant.GatewayURL()}),
	}
}

// services are those of the tools that a session lists, but the agent's.
func services(t *testing.T, session *mcp.ClientSession) string {
	t.Helper()
	var found []string
	for _, name := range toolNames(t, session) {
		service, _, _ := strings.Cut(strings.TrimPrefix(name, "get_"), "_")
		if service != "zscaler" && !slices.Contains(found, service) {
			found = append(found, service)
		}
	}
	slices.Sort(found)
	return strings.Join(found, " ")
}

// Tools of services that the tenant does not have are not offered, over HTTP and over stdio.
func TestEntitlementFilter(t *testing.T) {
	for name, tc := range map[string]struct {
		products []string
		opts     []zscalermcp.Option
		want     string
		logged   string
	}{
		"two of them":    {[]string{"ZIA", "zpa"}, nil, "zia zpa", "are not offered"},
		"other names":    {[]string{"ZIA", "ZIAM"}, nil, "zia zid", "are not offered"},
		"others besides": {[]string{"ZIA", "RISK360"}, nil, "zia", "RISK360"},
		"none known":     {[]string{"RISK360"}, nil, "all", "are offered too"},
		"no filter":      {[]string{"ZIA"}, []zscalermcp.Option{zscalermcp.WithoutEntitlementFilter()}, "all", ""},
		"a selection":    {[]string{"ZIA", "ZPA"}, []zscalermcp.Option{zscalermcp.WithServices("zpa", "zdx")}, "zpa", "zdx"},
	} {
		t.Run(name, func(t *testing.T) {
			var logs logBuffer
			_, opts := entitledTenant(t, tc.products...)
			srv := newServer(t, append(append(opts, withKey(t), logs.option()), tc.opts...)...)
			over := map[string]*mcp.ClientSession{"http": connect(t, serve(t, srv)+"/mcp", testKey, "", nil), "stdio": overStdio(t, srv)}
			for where, session := range over {
				got := services(t, session)
				if tc.want == "all" && strings.Count(got, " ") < 4 || tc.want != "all" && got != tc.want {
					t.Errorf("%s offers %s, want %s", where, got, tc.want)
				}
			}
			if !strings.Contains(logs.String(), tc.logged) {
				t.Errorf("the log does not say %q:\n%s", tc.logged, logs.String())
			}
		})
	}
}

// overStdio connects to the server's ServeStdio.
func overStdio(t *testing.T, srv *zscalermcp.Server) *mcp.ClientSession {
	t.Helper()
	in, toServer := io.Pipe()
	fromServer, out := io.Pipe()
	done := make(chan struct{})
	go func() { defer close(done); _ = srv.ServeStdio(context.Background(), in, out) }()
	t.Cleanup(func() { _ = toServer.Close(); <-done })
	session, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(), &mcp.IOTransport{Reader: fromServer, Writer: toServer}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = session.Close() })
	return session
}

// A token endpoint that refuses, or hangs, leaves every tool in place, and delays nobody for long.
func TestEntitlementFilterFailsOpen(t *testing.T) {
	t.Parallel() // it waits
	t.Run("refused", func(t *testing.T) {
		var logs logBuffer
		tenant, opts := entitledTenant(t, "ZIA")
		wrong := credentials(tenant)
		wrong.ClientSecret = "not the secret"
		srv := newServer(t, append(opts, withKey(t), logs.option(), zscalermcp.WithCredentials(wrong))...)
		if got := services(t, connect(t, serve(t, srv)+"/mcp", testKey, "", nil)); strings.Count(got, " ") < 4 {
			t.Errorf("offered: %s", got)
		}
		if !strings.Contains(logs.String(), "could not be asked") || strings.Contains(logs.String(), "not the secret") {
			t.Errorf("the log:\n%s", logs.String())
		}
	})
	t.Run("hangs", func(t *testing.T) {
		_, opts := entitledTenant(t, "ZIA")
		hangs := hanging{make(chan struct{}, 1)}
		srv := newServer(t, append(opts, withKey(t), zscalermcp.WithHTTPClient(&http.Client{Transport: hangs}))...)
		session := connect(t, serve(t, srv)+"/mcp", testKey, "", nil)
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		list, err := session.ListTools(ctx, nil)
		if err != nil || len(list.Tools) < 50 {
			t.Errorf("%v, %v", list, err)
		}
		if len(hangs.asked) == 0 {
			t.Error("the token endpoint was not asked")
		}
	})
}

// hanging is a network where answers never come.
type hanging struct{ asked chan struct{} }

func (h hanging) RoundTrip(r *http.Request) (*http.Response, error) {
	select {
	case h.asked <- struct{}{}:
	default:
	}
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// New asks nobody: the filter waits for the first who lists tools.
func TestEntitlementsAreNotAskedByNew(t *testing.T) {
	tenant, opts := entitledTenant(t, "ZIA")
	srv := newServer(t, append(opts, withKey(t))...)
	if _, err := srv.Handler(); err != nil {
		t.Fatal(err)
	}
	if n := tenant.TokenRequests(); n != 0 {
		t.Errorf("%d requests for a token", n)
	}
}
