package zscaler

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"go.opentelemetry.io/otel/propagation"
)

// A call is one Do with what all its attempts share.
type call struct {
	req    *Request
	policy *policy
	url    string
	write  bool
}

func (c *call) service() Service { return c.policy.service }

// prepare checks req and resolves its URL.
func (c *Client) prepare(req *Request) (*call, error) {
	path, err := c.expand(req.Path)
	if err != nil {
		return nil, err
	}
	if err := checkPath(path); err != nil {
		return nil, fmt.Errorf("zscaler: path %q: %w", req.Path, err)
	}
	if !all(req.Method, func(b byte) bool { return b >= 'A' && b <= 'Z' }) || req.Method == "" {
		return nil, fmt.Errorf("zscaler: method %q is not one of HTTP", req.Method)
	}
	if req.Body != nil && !json.Valid(req.Body) {
		return nil, errors.New("zscaler: the request body is not JSON")
	}
	p := policyOf(ServiceOf(path))
	target := c.base + path
	if query := c.query(p.service, req); len(query) > 0 {
		// A literal plus is already %2B here, so every plus is a space.
		target += "?" + strings.ReplaceAll(query.Encode(), "+", "%20")
	}
	return &call{req: req, policy: p, url: target, write: isWrite(req)}, nil
}

// expand puts the tenant's settings in the place of their placeholders.
func (c *Client) expand(path string) (string, error) {
	for _, name := range []string{CustomerID, ZCellCustomerID, MicrotenantID} {
		placeholder := "{" + name + "}"
		if !strings.Contains(path, placeholder) {
			continue
		}
		value, err := c.Setting(name)
		if err != nil {
			return "", err
		}
		path = strings.ReplaceAll(path, placeholder, url.PathEscape(value))
	}
	return path, nil
}

// checkPath refuses every path that the gateway, or a server behind it, could read as another one.
func checkPath(path string) error {
	if !strings.HasPrefix(path, "/") {
		return errors.New("must be absolute")
	}
	for i := range len(path) {
		if b := path[i]; b <= ' ' || b >= 0x7f || strings.IndexByte(`?#\{}"<>^|`+"`", b) >= 0 {
			return fmt.Errorf("holds %q, which must be escaped", b)
		}
	}
	for segment := range strings.SplitSeq(path[1:], "/") {
		if err := checkSegment(segment); err != nil {
			return err
		}
	}
	return nil
}

// checkSegment decodes a segment until nothing changes, as servers behind servers do, and refuses
// what at any step is empty, a dot segment, or more than one segment. Text from a semicolon on is a
// path parameter to some servers (RFC 3986 section 3.3), so "..;x" is a dot segment too.
func checkSegment(segment string) error {
	for {
		name, _, _ := strings.Cut(segment, ";")
		switch {
		case name == "", name == ".", name == "..":
			return fmt.Errorf("has the segment %q, which could lead elsewhere", segment)
		case strings.ContainsAny(segment, `/\`):
			return errors.New("has an encoded slash in a segment")
		case !all(segment, func(b byte) bool { return b >= ' ' && b != 0x7f }):
			return errors.New("has a control character")
		}
		decoded, err := url.PathUnescape(segment)
		if err != nil || decoded == segment {
			return nil
		}
		segment = decoded
	}
}

// query returns the query to send: the request's, and the microtenant where ZPA needs it and neither
// the query nor the body names one. A body names one by a non-empty string only: null, or a value of
// another kind, would leave the choice to the service, and part the write from the reads before it.
func (c *Client) query(s Service, req *Request) url.Values {
	microtenant := c.credentials.MicrotenantID
	if s != ZPA || microtenant == "" || req.Query.Get("microtenantId") != "" {
		return req.Query
	}
	if body, err := members(req.Body); err == nil {
		var named string
		if json.Unmarshal(body["microtenantId"], &named) == nil && named != "" {
			return req.Query
		}
	}
	query := maps.Clone(req.Query)
	if query == nil {
		query = url.Values{}
	}
	query.Set("microtenantId", microtenant)
	return query
}

// httpRequest builds one attempt, with the whole body again.
func (c *Client) httpRequest(ctx context.Context, call *call, token string) (*http.Request, error) {
	var body io.Reader // nil interface without a body, so that none is sent
	if call.req.Body != nil {
		body = bytes.NewReader(call.req.Body)
	}
	r, err := http.NewRequestWithContext(ctx, call.req.Method, call.url, body)
	if err != nil {
		return nil, fmt.Errorf("zscaler: path %q makes no valid URL", call.req.Path)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", c.userAgent)
	propagation.TraceContext{}.Inject(ctx, propagation.HeaderCarrier(r.Header)) // nothing without a span
	r.Header.Del("Tracestate")                                                  // what the callers' own systems have to say of them stays here
	if id := c.credentials.PartnerID; id != "" {
		r.Header.Set("X-Partner-Id", id)
	}
	return r, nil
}
