package transport_test

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// raw sends bytes over a connection of its own and returns the status of the answer.
func raw(t *testing.T, addr, request string) int {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("%q: %v", request, err)
	}
	defer resp.Body.Close()
	return resp.StatusCode
}

// D77, D72, D74: what net/http takes for the host over the wire, and what becomes of it.
func TestHostsOverTheWire(t *testing.T) {
	srv := httptest.NewServer(newHosts(t, "good.example", "good.example:8443", "[2001:db8::7]", "[fe80::1]").Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNoContent)
	})))
	defer srv.Close()
	addr := srv.Listener.Addr().String()
	for request, want := range map[string]int{
		"GET /mcp HTTP/1.1|Host: good.example":                                 204,
		"GET /mcp HTTP/1.1|Host: GOOD.Example":                                 204,
		"GET /mcp HTTP/1.1|Host: good.example.":                                204,
		"GET /mcp HTTP/1.1|Host:good.example":                                  204,
		"GET /mcp HTTP/1.1|host: \tgood.example\t":                             204, // optional whitespace (RFC 9110 section 5.5)
		"GET /mcp HTTP/1.1|Host: good.example:8443":                            204,
		"GET /mcp HTTP/1.1|Host: [2001:DB8::7]:443":                            204,
		"GET /mcp HTTP/1.1|Host: evil.example":                                 421,
		"GET /mcp HTTP/1.1|Host: good.example..":                               421,
		"GET /mcp HTTP/1.1|Host: good.example:8000":                            421,
		"GET /mcp HTTP/1.1|Host: good.example:80:80":                           421,
		"GET /mcp HTTP/1.1|Host: good.example@evil.example":                    400,
		"GET /mcp HTTP/1.1|Host: evil.example@good.example":                    400,
		"GET /mcp HTTP/1.1|Host: good.example,evil.example":                    421,
		"GET /mcp HTTP/1.1|Host: [fe80::1%25eth0]":                             421,
		"GET /mcp HTTP/1.1|Host: [fe80::1%eth0]":                               421,
		"GET /mcp HTTP/1.1|Host: ":                                             421,
		"GET /mcp HTTP/1.1|Host: good.example/x":                               400, // net/http
		"GET /mcp HTTP/1.1|Host: good.example evil.example":                    400,
		"GET /mcp HTTP/1.1|Host: good.example|Host: good.example":              400, // RFC 9112 section 3.2
		"GET /mcp HTTP/1.1|Host: good.example|Host: evil.example":              400,
		"GET /mcp HTTP/1.1|Host: evil.example|host: good.example":              400,
		"GET /mcp HTTP/1.1|Accept: */*":                                        400, // HTTP/1.1 needs one
		"GET /mcp HTTP/1.1|Host : good.example":                                400,
		"GET /mcp HTTP/1.1|Host: evil.example|X: y|\tgood.example":             421,
		"GET /mcp HTTP/1.1|X-Forwarded-Host: good.example|Host: evil.example":  421,
		"GET /mcp HTTP/1.1|Forwarded: host=good.example|Host: evil.example":    421,
		"GET /mcp HTTP/1.0|Host: good.example":                                 204,
		"GET /mcp HTTP/1.0|Accept: */*":                                        421,
		"GET http://good.example/mcp HTTP/1.0|Accept: */*":                     204,
		"GET http://good.example/mcp HTTP/1.1|Host: good.example":              204,
		"GET http://good.example/mcp HTTP/1.1|Host: evil.example":              204, // the target counts (RFC 9112 section 3.2.2): no browser can choose it
		"GET http://evil.example/mcp HTTP/1.1|Host: good.example":              421,
		"GET HTTPS://EVIL.example/mcp HTTP/1.1|Host: good.example":             421,
		"GET http://evil.example:8443/mcp HTTP/1.1|Host: good.example:8443":    421,
		"GET http://good.example@evil.example/mcp HTTP/1.1|Host: good.example": 421,
		"GET http://evil.example@good.example/mcp HTTP/1.1|Host: good.example": 421, // a user in the target
		"GET http://good.example:8000/mcp HTTP/1.1|Host: good.example":         421,
		"GET http://[fe80::1%25eth0]/mcp HTTP/1.1|Host: good.example":          421,
		"GET http:///mcp HTTP/1.1|Host: evil.example":                          421,
		"GET //evil.example/mcp HTTP/1.1|Host: good.example":                   204, // a path that begins with two slashes
		"GET //good.example/mcp HTTP/1.1|Host: evil.example":                   421,
		"CONNECT evil.example:443 HTTP/1.1|Host: good.example":                 421,
		"OPTIONS * HTTP/1.1|Host: evil.example":                                200, // answered by net/http alone
	} {
		if got := raw(t, addr, strings.ReplaceAll(request, "|", "\r\n")+"\r\nConnection: close\r\n\r\n"); got != want {
			t.Errorf("%s: %d, want %d", request, got, want)
		}
	}
}

// D77: in HTTP/2 the host is :authority, whatever a Host header says.
func TestHostsOverHTTP2(t *testing.T) {
	srv := httptest.NewUnstartedServer(newHosts(t, "good.example").Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusNoContent)
		if r.ProtoMajor != 2 {
			t.Error(r.Proto)
		}
	})))
	srv.EnableHTTP2 = true
	srv.StartTLS()
	defer srv.Close()
	for host, want := range map[string]int{
		"good.example": 204, "GOOD.example:443": 204, "evil.example": 421, "good.example:8443": 421, "good.example..": 421, "xgood.example": 421,
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Host = host
		resp, err := srv.Client().Do(req)
		if err != nil {
			t.Fatalf("%s: %v", host, err)
		}
		if _ = resp.Body.Close(); resp.StatusCode != want || resp.ProtoMajor != 2 {
			t.Errorf("%s: %d %s, want %d", host, resp.StatusCode, resp.Proto, want)
		}
	}
}

// D77: a request of HTTP/2 with two hosts, frame by frame (RFC 9113): :authority counts, and a Host header where it is missing.
func TestTwoHostsInHTTP2(t *testing.T) {
	type seen struct {
		host   string
		status int
	}
	answers := make(chan seen, 1)
	c := newHosts(t, "good.example")
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { answers <- seen{r.Host, through(c.Wrap, r)} }))
	srv.EnableHTTP2 = true
	srv.StartTLS()
	defer srv.Close()
	for _, test := range []struct {
		authority, host string
		want            seen
	}{
		{"good.example", "", seen{"good.example", 204}},
		{"good.example", "good.example", seen{"good.example", 204}},
		{"evil.example", "good.example", seen{"evil.example", 421}},
		{"good.example", "evil.example", seen{"good.example", 204}},
		{"", "good.example", seen{"good.example", 204}},
		{"", "evil.example", seen{"evil.example", 421}},
		{"good.example:80:80", "", seen{"good.example:80:80", 421}},
	} {
		conn := srv.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
		conn.NextProtos = []string{"h2"}
		sendHTTP2(t, srv.Listener.Addr().String(), conn, test.authority, test.host)
		select {
		case got := <-answers:
			if got != test.want {
				t.Errorf("%q and %q: %+v, want %+v", test.authority, test.host, got, test.want)
			}
		case <-time.After(5 * time.Second):
			t.Errorf("%q and %q: the request did not arrive", test.authority, test.host)
		}
	}
}

// sendHTTP2 sends one request in frames of its own making.
func sendHTTP2(t *testing.T, addr string, cfg *tls.Config, authority, host string) {
	t.Helper()
	conn, err := tls.Dial("tcp", addr, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	var block []byte
	for _, field := range [][2]string{{":method", "GET"}, {":scheme", "https"}, {":path", "/"}, {":authority", authority}, {"host", host}} {
		if field[1] != "" { // a literal without indexing (RFC 7541 section 6.2.2)
			block = append(append(append(block, 0, byte(len(field[0]))), field[0]...), byte(len(field[1])))
			block = append(block, field[1]...)
		}
	}
	const settings, headers, endOfBoth = 4, 1, 4 | 1
	frames := append([]byte("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 0, 0, 0, settings, 0, 0, 0, 0, 0)
	frames = append(append(frames, 0, 0, byte(len(block)), headers, endOfBoth, 0, 0, 0, 1), block...)
	if _, err := conn.Write(frames); err != nil {
		t.Fatal(err)
	}
}
