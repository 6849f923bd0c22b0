package transport_test

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/transport"
)

// A slowReader takes a little of its connection at a time, steadily.
type slowReader struct{ net.Conn }

func (s slowReader) Read(p []byte) (int, error) {
	time.Sleep(5 * time.Millisecond)
	return s.Conn.Read(p[:min(len(p), 16<<10)])
}

// smallBuffers keeps the system from taking whole answers at once.
type smallBuffers struct{ net.Listener }

func (s smallBuffers) Accept() (net.Conn, error) {
	conn, err := s.Listener.Accept()
	if err == nil {
		_ = conn.(*net.TCPConn).SetWriteBuffer(64 << 10)
	}
	return conn, err
}

// A client that takes a large answer slowly but steadily gets all of it, for as long as that takes: only a part that is not taken in time ends it.
func TestLargeAnswersForSlowClients(t *testing.T) {
	const size, limit = 4 << 20, 500 * time.Millisecond
	e, err := transport.New(transport.Config{WriteTimeout: limit, AnyHost: true, Server: newServer(map[string]handler{
		"long": func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			return text(strings.Repeat("x", size)), nil
		},
	})})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/mcp", e)
	mux.HandleFunc("/other", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, strings.Repeat("x", size)) })
	lender := httptest.NewTLSServer(nil) // of a certificate
	defer lender.Close()
	for _, protocol := range []string{"", "http/1.1", "h2"} {
		hs, scheme := &http.Server{Handler: mux}, "http://"
		if protocol != "" {
			hs.TLSConfig, scheme = &tls.Config{Certificates: lender.TLS.Certificates, NextProtos: []string{protocol}}, "https://"
		}
		front, err := transport.New(transport.Config{Server: newServer(nil), WriteTimeout: limit}) // which Serve closes
		if err != nil {
			t.Fatal(err)
		}
		ln := listen(t)
		ctx, stop := context.WithCancel(t.Context())
		served := make(chan error, 1)
		go func() { served <- transport.Serve(ctx, hs, smallBuffers{ln}, front, time.Second) }()
		client := &http.Client{Transport: &http.Transport{
			TLSClientConfig: lender.Client().Transport.(*http.Transport).TLSClientConfig, ForceAttemptHTTP2: protocol == "h2",
			DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
				conn, err := new(net.Dialer).DialContext(ctx, network, addr)
				if err != nil {
					return nil, err
				}
				_ = conn.(*net.TCPConn).SetReadBuffer(64 << 10)
				return slowReader{conn}, nil
			},
		}}
		for _, path := range []string{"/mcp", "/other"} {
			body, headers := message(modern, "", "tools/call", "long", `"name":"long"`)
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, scheme+ln.Addr().String()+path, strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			for i := 0; i < len(headers); i += 2 {
				req.Header.Set(headers[i], headers[i+1])
			}
			req.Header.Set("Content-Type", "application/json")
			resp, err := client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			n, err := io.Copy(io.Discard, resp.Body)
			if _ = resp.Body.Close(); err != nil || n < size || (resp.ProtoMajor == 2) != (protocol == "h2") {
				t.Errorf("%s over %s: %d bytes: %v", path, resp.Proto, n, err)
			}
		}
		client.CloseIdleConnections()
		stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
	}
	if err := e.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

// No limit is none for answers over HTTP/2 too.
func TestBoundAnswersWithoutALimit(t *testing.T) {
	for _, limit := range []time.Duration{transport.Off, 0, 1<<63 - 1} {
		srv := httptest.NewUnstartedServer(transport.BoundAnswers(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, strings.Repeat("x", 100_000)) }), limit))
		srv.EnableHTTP2 = true
		srv.StartTLS()
		resp, err := srv.Client().Get(srv.URL)
		if err != nil {
			t.Fatalf("%d: %v", limit, err)
		}
		body, err := io.ReadAll(resp.Body)
		if _ = resp.Body.Close(); err != nil || len(body) != 100_000 || resp.ProtoMajor != 2 {
			t.Errorf("%d: %d bytes over %s: %v", limit, len(body), resp.Proto, err)
		}
		srv.Close()
	}
}
