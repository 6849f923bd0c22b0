package safefetch

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
)

const (
	userAgent         = "zscalermcp"
	maxHeader         = 16 << 10 // bytes of status lines and headers
	mostInformational = 4        // answers of 1xx before the final one
	wirePerByte       = 8        // bytes of a connection for one of a body, since chunks may be small
)

// exchange sends the request and judges the answer. An http.Transport would pool, retry, and read in goroutines of its own; one request on one connection
// needs none of that, and here nothing can be left over.
func (f *Fetcher) exchange(ctx context.Context, conn net.Conn, u *url.URL) (*Document, error) {
	r := &http.Request{Method: http.MethodGet, URL: u, Host: u.Host, Close: true, Header: http.Header{
		"User-Agent": {userAgent}, "Accept": {"application/json"}, "Accept-Encoding": {"identity"},
	}}
	if err := r.Write(conn); err != nil {
		return nil, unavailable(ctx, "send the request", err)
	}
	from := &wire{conn: conn, left: maxHeader}
	resp, err := readHead(bufio.NewReader(from), r)
	if err != nil {
		return nil, from.problem(ctx, "its headers are longer than 16 KiB")
	}
	if err := f.judgeHead(ctx, resp); err != nil {
		return nil, err
	}
	from.left = maxHeader + wirePerByte*f.cfg.MaxBytes
	body, err := io.ReadAll(io.LimitReader(resp.Body, f.cfg.MaxBytes+1)) // never closed: that would read the rest
	switch {
	case err != nil:
		return nil, from.problem(ctx, "it is far longer than its body")
	case int64(len(body)) > f.cfg.MaxBytes:
		return nil, noDocument("it is larger than %d bytes", f.cfg.MaxBytes)
	}
	return &Document{Body: body, Header: kept(resp.Header)}, nil
}

// readHead reads the final answer up to its body.
func readHead(from *bufio.Reader, r *http.Request) (resp *http.Response, err error) {
	for range 1 + mostInformational {
		resp, err = http.ReadResponse(from, r)
		if err != nil || resp.StatusCode >= 200 || resp.StatusCode == http.StatusSwitchingProtocols {
			break
		}
	}
	return resp, err
}

// judgeHead demands a document that says what it is (R32).
func (f *Fetcher) judgeHead(ctx context.Context, resp *http.Response) error {
	switch status := resp.StatusCode; {
	case resp.ProtoMajor != 1:
		return noDocument("it is not HTTP/1.1")
	case isPassing(status):
		return unavailable(ctx, "get it", fmt.Errorf("status %d", status))
	case status != http.StatusOK:
		return noDocument("it has status %d, and not 200", status)
	case !isPlain(resp.Header.Values("Content-Encoding")):
		return noDocument("it is encoded, although that was not accepted")
	case !isJSON(resp.Header.Values("Content-Type")):
		return noDocument("its media type is neither application/json nor one that ends in +json")
	case resp.ContentLength > f.cfg.MaxBytes:
		return noDocument("it is larger than %d bytes", f.cfg.MaxBytes)
	}
	return nil
}

// isPassing tells statuses of servers that may answer otherwise later: their own troubles, and what stands before them and takes us for a robot.
func isPassing(status int) bool {
	switch status {
	case http.StatusForbidden, http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return true
	}
	return status >= 500
}

func isPlain(encodings []string) bool {
	for _, value := range encodings {
		if !strings.EqualFold(strings.TrimSpace(value), "identity") {
			return false
		}
	}
	return true
}

// isJSON demands one media type, of JSON.
func isJSON(types []string) bool {
	if len(types) != 1 {
		return false
	}
	media, _, err := mime.ParseMediaType(types[0])
	sub, ok := strings.CutPrefix(media, "application/")
	return err == nil && ok && (sub == "json" || len(sub) > len("+json") && strings.HasSuffix(sub, "+json"))
}

// kept are the headers that a Document has.
func kept(all http.Header) http.Header {
	some := http.Header{}
	for _, name := range []string{"Content-Type", "Cache-Control", "Age", "Date", "Expires"} {
		if values := all.Values(name); len(values) > 0 {
			some[name] = values
		}
	}
	return some
}

var errFull = errors.New("more was sent than is read")

// A wire reads a connection up to a limit, and knows why reading ended. What parsers say of it repeats what was sent.
type wire struct {
	conn net.Conn
	left int64
	err  error
}

func (w *wire) Read(p []byte) (n int, err error) {
	if w.left <= 0 {
		w.err = errFull
		return 0, errFull
	}
	n, w.err = w.conn.Read(p[:min(int64(len(p)), w.left)])
	w.left -= int64(n)
	return n, w.err
}

// problem is why an answer could not be read.
func (w *wire) problem(ctx context.Context, tooLong string) error {
	switch {
	case errors.Is(w.err, errFull):
		return noDocument("%s", tooLong)
	case w.err != nil:
		return unavailable(ctx, "read the answer", w.err)
	}
	return noDocument("it is not HTTP/1.1")
}
