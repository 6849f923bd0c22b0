package zscalertest

import (
	"net/http"
	"slices"
	"sync"
)

const (
	maxRecorded     = 512
	maxRecordedBody = 64 << 10
)

// A Request is a gateway request as it arrived.
type Request struct {
	Method   string
	Path     string      // escaped path, as the client sent it
	RawQuery string      // query, still encoded
	Header   http.Header // without Authorization
	Body     []byte      // the first 64 KiB
	ClientID string      // of the API client whose token came with it; "" if the token was refused
}

// A recorder keeps the latest requests.
type recorder struct {
	mu   sync.Mutex
	ring []Request
}

func (r *recorder) add(req *http.Request, body []byte, clientID string) {
	header := req.Header.Clone()
	header.Del("Authorization")
	entry := Request{
		Method: req.Method, Path: req.URL.EscapedPath(), RawQuery: req.URL.RawQuery,
		Header: header, Body: slices.Clone(body[:min(len(body), maxRecordedBody)]), ClientID: clientID,
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.ring) == maxRecorded {
		r.ring = slices.Delete(r.ring, 0, 1)
	}
	r.ring = append(r.ring, entry)
}

func (r *recorder) all() []Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.ring)
}
