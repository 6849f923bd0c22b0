package zscaler_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/org/zscalermcp/zscaler"
)

// benchTenant answers a page of rows, about 4 KiB, over a loopback socket.
func benchTenant(b *testing.B) *httptest.Server {
	rows := "[" + strings.TrimSuffix(strings.Repeat(`{"id":72057594037927937,"name":"label","description":"x"},`, 70), ",") + "]"
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/token" {
			_, _ = io.WriteString(w, `{"access_token":"t","expires_in":3600}`)
			return
		}
		_, _ = io.WriteString(w, rows)
	}))
	b.Cleanup(srv.Close)
	return srv
}

// BenchmarkDo stands beside its floor, the same request through net/http alone.
func BenchmarkDo(b *testing.B) {
	b.Run("client", func(b *testing.B) {
		srv := benchTenant(b)
		cfg := testConfig(nil)
		cfg.HTTPClient = srv.Client()
		cfg.Endpoints = zscaler.Endpoints{TokenURL: srv.URL + "/token", GatewayURL: srv.URL}
		c, err := zscaler.New(cfg)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			if _, err := c.Do(context.Background(), get(labels)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("floor", func(b *testing.B) {
		srv := benchTenant(b)
		b.ReportAllocs()
		for b.Loop() {
			resp, err := srv.Client().Get(srv.URL + labels)
			if err != nil {
				b.Fatal(err)
			}
			_, err = io.ReadAll(resp.Body)
			if err != nil {
				b.Fatal(err)
			}
			_ = resp.Body.Close()
		}
	})
}
