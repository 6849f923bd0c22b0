package oidcproxy

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/org/zscalermcp/internal/address"
	"github.com/org/zscalermcp/internal/remote"
)

// A question is a request of the doctor.
type question struct {
	method, url, body string
	header            map[string]string
	theirs            bool // of the identity provider
}

// A reply is what came back.
type reply struct {
	question
	status int
	header http.Header
	body   []byte
	ends   time.Time // of the certificate
	err    error
}

// ask makes one request, without following redirects.
func (d *doctor) ask(ctx context.Context, q question) reply {
	select {
	case d.slots <- struct{}{}:
		defer func() { <-d.slots }()
	case <-ctx.Done():
		return reply{question: q, err: errVisitOver}
	}
	whole := ctx
	ctx, cancel := context.WithTimeout(ctx, doctorRequest)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, q.method, q.url, strings.NewReader(q.body))
	if err != nil {
		return reply{question: q, err: err}
	}
	for name, value := range q.header {
		r.Header.Set(name, value)
	}
	r.Header.Set("User-Agent", "zscaler-mcp doctor")
	resp, err := d.p.upstream.fetch.Do(r)
	if err != nil {
		if whole.Err() != nil {
			err = errVisitOver
		}
		return reply{question: q, err: err}
	}
	defer func() { _ = resp.Body.Close() }()
	limit := int64(doctorBody)
	if q.theirs {
		limit = remote.MaxDocument // as much as is read of them otherwise
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, limit))
	answer := reply{question: q, status: resp.StatusCode, header: resp.Header, body: body, err: err}
	if resp.TLS != nil && len(resp.TLS.PeerCertificates) > 0 {
		answer.ends = resp.TLS.PeerCertificates[0].NotAfter
	}
	d.compareClocks(answer)
	return answer
}

// finding is one about this reply.
func (r reply) finding(code string, severity Severity, text, advice string) Finding {
	return Finding{Code: code, Severity: severity, Text: text, Advice: advice, URL: r.shown()}
}

// shown is the address without what may be a secret.
func (r reply) shown() string { return strings.TrimSuffix(address.Shown(r.url), "?") }

// isJSON reports whether the body is one JSON object, whatever its type says.
func (r reply) isJSON() bool { return r.members() != nil }

// members are those of a JSON object, nil if there is none.
func (r reply) members() map[string]json.RawMessage {
	var members map[string]json.RawMessage
	if json.Unmarshal(r.body, &members) != nil {
		return nil
	}
	return members
}

// text is a member of the body.
func (r reply) text(name string) string { return Claims(r.members()).Text(name) }

// media is the type of the body.
func (r reply) media() string {
	media, _, _ := mime.ParseMediaType(r.header.Get("Content-Type"))
	return media
}

// values are those of a header, each once for each line and each comma.
func (r reply) values(name string) []string {
	var all []string
	for _, line := range r.header.Values(name) {
		for value := range strings.SplitSeq(line, ",") {
			all = append(all, strings.TrimSpace(value))
		}
	}
	return all
}

// path is that of the address.
func (r reply) path() string {
	u, err := url.Parse(r.url)
	if err != nil {
		return ""
	}
	return u.Path
}

// A recorded answer is one of this process, without any network.
type recorded struct {
	header http.Header
	body   bytes.Buffer
}

// Header implements http.ResponseWriter.
func (r *recorded) Header() http.Header { return r.header }

// WriteHeader implements http.ResponseWriter.
func (r *recorded) WriteHeader(int) {}

// Write implements http.ResponseWriter.
func (r *recorded) Write(data []byte) (int, error) { return r.body.Write(data) }

// ours is what this process answers to a question about one of the documents.
func (d *doctor) ours(ctx context.Context, q question) *recorded {
	answer := &recorded{header: http.Header{}}
	r, err := http.NewRequestWithContext(ctx, q.method, q.url, http.NoBody)
	if err != nil || d.local[r.URL.Path] == nil {
		return answer
	}
	for name, value := range q.header {
		r.Header.Set(name, value)
	}
	r.RequestURI = r.URL.RequestURI()
	d.local[r.URL.Path].ServeHTTP(answer, r)
	return answer
}
