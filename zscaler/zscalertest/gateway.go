package zscalertest

import (
	"crypto/rand"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

const maxBody = 1 << 20

// A route is one entry of the gateway's table. Its pattern is one of http.ServeMux.
type route struct {
	pattern string
	serve   func(*call) (reply, error)
}

// A call is a request that the gateway has let through.
type call struct {
	*http.Request
	query url.Values
	body  []byte
}

func (t *Tenant) register(routes []route) {
	for _, rt := range routes {
		t.mux.HandleFunc(rt.pattern, func(w http.ResponseWriter, r *http.Request) {
			body, _ := r.Context().Value(bodyKey{}).([]byte)
			writeReply(w, t.run(rt, &call{Request: r, query: r.URL.Query(), body: body}))
		})
	}
}

// run calls the route under the tenant's lock and encodes its answer there, since the answer may
// share memory with the state.
func (t *Tenant) run(rt route, c *call) reply {
	t.mu.Lock()
	defer t.mu.Unlock()
	answer, err := rt.serve(c)
	if err != nil {
		answer = reply{status: http.StatusInternalServerError}
		var refused *refusal
		if errors.As(err, &refused) {
			answer = refused.reply
		}
	}
	return answer.encoded()
}

func (t *Tenant) serveGateway(w http.ResponseWriter, r *http.Request) {
	setGatewayHeaders(w.Header(), r.URL.Path)
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	owner := ""
	if token, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); bearer {
		owner = t.tokens.owner(token)
	}
	t.log.add(r, body, owner)
	switch {
	case owner == "":
		writeReply(w, unauthorized())
	case err != nil:
		writeReply(w, reply{status: http.StatusRequestEntityTooLarge})
	case len(body) > 0 && !isJSON(r.Header.Get("Content-Type")):
		writeReply(w, reply{status: http.StatusUnsupportedMediaType})
	default:
		t.faulty(w, r, func(w http.ResponseWriter) { t.dispatch(w, r, body) })
	}
}

func (t *Tenant) dispatch(w http.ResponseWriter, r *http.Request, body []byte) {
	r = normalised(r, body)
	if _, pattern := t.mux.Handler(r); pattern == "" {
		writeReply(w, routeMiss())
		return
	}
	t.mux.ServeHTTP(w, r)
}

func isJSON(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	return err == nil && kind == "application/json"
}

func unauthorized() reply {
	return reply{status: http.StatusUnauthorized, body: object{"detail": "unauthorized", "type": "", "title": "", "status": ""}}
}

// routeMiss is the recorded answer for a path that no service has: text that claims to be JSON.
func routeMiss() reply {
	return reply{status: http.StatusNotFound, text: "404 page not found\n"}
}

// rateHeaders are the gateway's buckets, as recorded on every answer of a service.
var rateHeaders = map[string]string{
	"zia": "5000, 5000;w=60", "zpa": "5000, 5000;w=60", "zdx": "1000, 1000;w=1", "ziam": "500, 500;w=1, 20000;w=60",
	"zcc": "100, 100;w=3600, 100;w=3600", "zms": "1000, 1000;w=1", "ztw": "1000, 1000;w=1",
}

func setGatewayHeaders(h http.Header, path string) {
	service := serviceOf(path)
	if limit, known := rateHeaders[service]; known {
		h.Set("X-Ratelimit-Limit", limit)
		h.Set("X-Ratelimit-Remaining", "99")
		h.Set("X-Ratelimit-Reset", "37")
	}
	if service == "zia" {
		h.Set("X-Zscaler-Mode", "read-write")
	}
	h.Set("X-Oneapi-Request-Id", strings.ToLower(rand.Text()))
	h.Set("X-Oneapi-Version", "1.0")
	h.Set("X-Oneapi-Host", "api.us1.zsapi.example.net")
	h.Set("X-Transaction-Id", strings.ToLower(rand.Text()))
	h.Set("X-Envoy-Upstream-Service-Time", "23")
}

// serviceOf returns the first segment of a gateway path, such as "zia".
func serviceOf(path string) string {
	service, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return service
}
