package main

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"
)

// A framed is a request that two readers could read in two ways, and the statuses that may answer it. What is behind it is never a second request
// where both is possible: one answer, and the connection ends.
type framed struct {
	name string
	sent string // HOST, PATH, KEY, BODY and LENGTH are put in
	want []string
	more bool // the connection goes on: the second request of BODY is one
}

const smuggled = "GET /health HTTP/1.1\r\nHost: HOST\r\n\r\n"

const post = "POST PATH HTTP/1.1\r\nHost: HOST\r\nAuthorization: Bearer KEY\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\n"

var framings = []framed{
	{"as it should be", post + "Content-Length: LENGTH\r\n\r\nBODY" + smuggled, []string{"200"}, true},
	{"in chunks", post + "Transfer-Encoding: chunked\r\n\r\nHEX\r\nBODY\r\n0\r\n\r\n" + smuggled, []string{"200"}, true},
	{"a chunk with an extension", post + "Transfer-Encoding: chunked\r\n\r\nHEX;a=b\r\nBODY\r\n0\r\n\r\n" + smuggled, []string{"200", "400"}, true},
	// net/http reads the chunks, as RFC 9112 section 6.3 says, hides the length, and does not close the connection, as it also says.
	{"a length and chunks", post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nHEX\r\nBODY\r\n0\r\n\r\n" + smuggled, []string{"400", "200"}, true},
	{"chunks and a length of all", post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + smuggled, []string{"400"}, false},
	{"two lengths", post + "Content-Length: LENGTH\r\nContent-Length: 5\r\n\r\nBODY" + smuggled, []string{"400"}, false},
	{"a list of lengths", post + "Content-Length: LENGTH, 5\r\n\r\nBODY" + smuggled, []string{"400"}, false},
	{"a length with a sign", post + "Content-Length: +LENGTH\r\n\r\nBODY" + smuggled, []string{"400"}, false},
	{"a coding that is not chunked", post + "Transfer-Encoding: gzip\r\n\r\nBODY" + smuggled, []string{"501", "400"}, false},
	{"chunked twice", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\nHEX\r\nBODY\r\n0\r\n\r\n" + smuggled, []string{"400", "501"}, false},
	{"a space before the colon", post + "Content-Length : LENGTH\r\n\r\nBODY" + smuggled, []string{"400"}, false},
	{"a chunk that ends in a bare LF", post + "Transfer-Encoding: chunked\r\n\r\nHEX\nBODY\r\n0\r\n\r\n" + smuggled, []string{"400"}, false},
	{"a chunk size with a prefix", post + "Transfer-Encoding: chunked\r\n\r\n0xHEX\r\nBODY\r\n0\r\n\r\n" + smuggled, []string{"400"}, false},
	{"a folded header that hides a length", post + "X-Folded: a\r\n Content-Length: 5\r\nContent-Length: LENGTH\r\n\r\nBODY", []string{"200", "400"}, false},
	{"two hosts", strings.Replace(post, "Host: HOST\r\n", "Host: HOST\r\nHost: HOST\r\n", 1) + "Content-Length: LENGTH\r\n\r\nBODY" + smuggled, []string{"400"}, false},
	{"no host", strings.Replace(post, "Host: HOST\r\n", "", 1) + "Content-Length: LENGTH\r\n\r\nBODY" + smuggled, []string{"400"}, false},
	{"an absolute target of another host", strings.Replace(post, "POST PATH", "POST http://evil.example.comPATH", 1) + "Content-Length: LENGTH\r\n\r\nBODY", []string{"421", "403", "400"}, false},
	{"an absolute target of this host", strings.Replace(post, "POST PATH", "POST http://HOSTPATH", 1) + "Content-Length: LENGTH\r\n\r\nBODY", []string{"200"}, false},
	{"a NUL in a header", post + "X-Nul: a\x00b\r\nContent-Length: LENGTH\r\n\r\nBODY" + smuggled, []string{"400"}, false},
	{"the protocol of HTTP/2 without TLS", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", []string{"505", "400", "404"}, false},
}

var statusLine = regexp.MustCompile(`(?m)^HTTP/1\.[01] (\d{3})`)

// framing sends them, each on a connection of its own.
func framing(ctx context.Context, w *world) error {
	var wrong tally
	for _, f := range framings {
		wrong.add(f.judge(ctx, w))
	}
	if err := wrong.err(); err != nil {
		return err
	}
	fmt.Printf("framing: requests=%d\n", len(framings))
	return nil
}

func (f framed) judge(ctx context.Context, w *world) error {
	conn, err := w.dial(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	path := strings.TrimPrefix(w.url, "http://"+w.host())
	length := fmt.Sprint(len(ping))
	text := strings.NewReplacer("HOST", w.host(), "PATH", path, "KEY", w.key, "BODY", ping, "LENGTH", length, "HEX", fmt.Sprintf("%x", len(ping))).Replace(f.sent)
	if _, err := io.WriteString(conn, text); err != nil {
		return err
	}
	_ = conn.CloseWrite() // ends connections that go on, too
	said, closed := rest(conn, 10*time.Second)
	var statuses []string
	for _, found := range statusLine.FindAllStringSubmatch(said, -1) {
		statuses = append(statuses, found[1])
	}
	answers := 1
	if f.more {
		answers = 2
	}
	switch {
	case !closed:
		return fmt.Errorf("%s: the connection is open", f.name)
	case len(statuses) == 0 || !slices.Contains(f.want, statuses[0]):
		return fmt.Errorf("%s: %v, want one of %v: %.300s", f.name, statuses, f.want, said)
	case len(statuses) > answers || f.more && statuses[0] == "200" && len(statuses) != 2:
		return fmt.Errorf("%s: %d answers: %v", f.name, len(statuses), statuses)
	}
	return nil
}
