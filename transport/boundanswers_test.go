package transport_test

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/transport"
)

// Over HTTP/2 a client that takes nothing of its answers (a window of 0, RFC 9113 section 6.9.2) loses them, small and large ones, while the connection goes on.
func TestAnswersThatAreNotTakenOverHTTP2(t *testing.T) {
	e, err := transport.New(transport.Config{Server: newServer(nil), Auth: byToken, AnyHost: true, WriteTimeout: 100 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/mcp", e) // 401
	mux.Handle("/health", e.Bounded(e.Health()))
	mux.HandleFunc("/large", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, strings.Repeat("x", 100_000)) })
	mux.HandleFunc("/rests", func(w http.ResponseWriter, _ *http.Request) {
		for range 3 {
			_, _ = io.WriteString(w, "x")
			_ = http.NewResponseController(w).Flush()
			time.Sleep(300 * time.Millisecond)
		}
	})
	lender := httptest.NewTLSServer(nil) // of a certificate
	defer lender.Close()
	ln := listen(t)
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() {
		served <- transport.Serve(ctx, &http.Server{Handler: mux, TLSConfig: &tls.Config{Certificates: lender.TLS.Certificates, NextProtos: []string{"h2"}}}, ln, e, time.Second)
	}()
	trusting := lender.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	trusting.NextProtos = []string{"h2"}
	conn, err := tls.Dial("tcp", ln.Addr().String(), trusting)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	const settings, headers, ping, reset = 4, 1, 6, 3
	paths := []string{"/mcp", "/health", "/large", "/rests"}
	frames := append([]byte("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), frameOf(settings, 0, 0, []byte{0, 4, 0, 0, 0, 0})...)
	for i, path := range paths {
		var block []byte
		for _, field := range [][2]string{{":method", "GET"}, {":scheme", "https"}, {":path", path}, {":authority", "good.example"}} {
			block = append(append(append(block, 0, byte(len(field[0]))), field[0]...), byte(len(field[1])))
			block = append(block, field[1]...)
		}
		frames = append(frames, frameOf(headers, 4|1, uint32(2*i+1), block)...)
	}
	if _, err := conn.Write(frames); err != nil {
		t.Fatal(err)
	}
	for ended := 0; ended < len(paths); {
		if kind, err := readFrame(conn); err != nil {
			t.Fatalf("%d of %d answers were ended: %v", ended, len(paths), err)
		} else if kind == reset {
			ended++
		}
	}
	if _, err := conn.Write(frameOf(ping, 0, 0, make([]byte, 8))); err != nil {
		t.Fatal(err)
	}
	for kind := byte(0); kind != ping; {
		if kind, err = readFrame(conn); err != nil {
			t.Fatalf("the connection has ended: %v", err)
		}
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: trusting, ForceAttemptHTTP2: true}}
	defer client.CloseIdleConnections()
	for path, want := range map[string]int{"/large": 100_000, "/rests": 3} {
		resp, err := client.Get("https://" + ln.Addr().String() + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		if _ = resp.Body.Close(); err != nil || len(body) != want || resp.ProtoMajor != 2 {
			t.Errorf("%s: who takes the answer gets %d bytes over %s: %v", path, len(body), resp.Proto, err)
		}
	}
	client.CloseIdleConnections()
	stop()
	if err := <-served; err != nil {
		t.Error(err)
	}
}

// frameOf is a frame of HTTP/2 (RFC 9113 section 4.1).
func frameOf(kind, flags byte, stream uint32, payload []byte) []byte {
	frame := binary.BigEndian.AppendUint32(nil, uint32(len(payload))<<8|uint32(kind))
	frame = binary.BigEndian.AppendUint32(append(frame, flags), stream)
	return append(frame, payload...)
}

// readFrame reads a frame and returns its kind.
func readFrame(r io.Reader) (kind byte, err error) {
	head := make([]byte, 9)
	if _, err := io.ReadFull(r, head); err != nil {
		return 0, err
	}
	_, err = io.CopyN(io.Discard, r, int64(binary.BigEndian.Uint32(head)>>8))
	return head[3], err
}
