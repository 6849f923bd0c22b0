package transport

import (
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
)

const (
	mediaJSON   = "application/json"
	mediaRPC    = "application/json-rpc" // what JSON-RPC over HTTP was called before MCP
	mediaStream = "text/event-stream"
	acceptAll   = mediaJSON + ", " + mediaStream
)

var (
	refuseMedia    = unsupported("send the message as Content-Type: application/json")
	refuseCharset  = unsupported("the message must be UTF-8 (RFC 8259 section 8.1); leave the charset out of the Content-Type")
	refuseEncoding = unsupported("send the message without Content-Encoding; compressed bodies are not read")
	refuseAccept   = badMessage("invalid request: the answer is JSON or an event stream, and the Accept header takes neither; send Accept: " + acceptAll)
	refuseGet      = &refusal{
		status: http.StatusMethodNotAllowed, code: jsonrpc.CodeInvalidRequest,
		text: "method not allowed: GET opens an event stream and wants Accept: text/event-stream; messages are sent with POST",
	}
	refuseGetModern = &refusal{
		status: http.StatusMethodNotAllowed, code: jsonrpc.CodeInvalidRequest,
		text: "method not allowed: protocol " + firstModern + " has no streams by GET; messages are sent with POST, and " + methodListen + " opens a stream",
	}
)

func unsupported(text string) *refusal {
	return &refusal{status: http.StatusUnsupportedMediaType, code: jsonrpc.CodeInvalidRequest, text: "unsupported media type: " + text}
}

// readable reports whether the body of a POST can be read, and puts the media type in that the SDK knows. A missing
// one is refused: browsers send such requests across origins without asking first.
func readable(h http.Header) *refusal {
	for _, value := range h["Content-Encoding"] {
		for coding := range strings.SplitSeq(value, ",") {
			if coding = strings.TrimSpace(coding); coding != "" && !strings.EqualFold(coding, "identity") {
				return refuseEncoding
			}
		}
	}
	types := h["Content-Type"]
	switch {
	case len(types) != 1:
		return refuseMedia
	case types[0] == mediaJSON:
		return nil
	}
	media, params, err := mime.ParseMediaType(types[0])
	if err != nil || media != mediaJSON && media != mediaRPC {
		return refuseMedia
	}
	if charset, ok := params["charset"]; ok && !strings.EqualFold(charset, "utf-8") && !strings.EqualFold(charset, "utf8") {
		return refuseCharset
	}
	h.Set("Content-Type", mediaJSON)
	return nil
}

// reads refuses a POST whose body cannot be read, and reports whether it did not.
func reads(w http.ResponseWriter, r *http.Request) bool {
	refused := readable(r.Header)
	if refused == nil {
		return true
	}
	if refused == refuseEncoding {
		w.Header().Set("Accept-Encoding", "identity") // RFC 9110 section 15.5.16
	}
	refused.write(w, nil)
	return false
}

// wants tells whether a POST may be answered with JSON, and with an event stream. No Accept header means anything
// (RFC 9110 section 12.5.1). It puts the one in that the SDK insists on.
func wants(h http.Header) (asJSON, asStream bool) {
	values := h["Accept"]
	if len(values) == 1 && values[0] == acceptAll {
		return true, true
	}
	asJSON, asStream = len(values) == 0 || accepts(values, mediaJSON) || accepts(values, mediaRPC), len(values) == 0 || accepts(values, mediaStream)
	h.Set("Accept", acceptAll)
	return asJSON, asStream
}

// accepts reports whether an Accept header takes a media type. The most specific range decides (RFC 9110 section 12.5.1).
func accepts(values []string, media string) (ok bool) {
	best := 0
	for _, value := range values {
		for item := range strings.SplitSeq(value, ",") {
			name, params, _ := strings.Cut(item, ";")
			switch n := matches(strings.TrimSpace(name), media); {
			case n > best:
				best, ok = n, !excluded(params)
			case n == best && n > 0:
				ok = ok || !excluded(params)
			}
		}
	}
	return ok
}

// matches tells how closely a media range names a media type; 0 means that it does not.
func matches(rang, media string) int {
	kind, _, _ := strings.Cut(media, "/")
	switch {
	case strings.EqualFold(rang, media):
		return 3
	case strings.EqualFold(rang, kind+"/*"):
		return 2
	case rang == "*/*":
		return 1
	}
	return 0
}

// excluded reports whether the parameters of a media range weigh it with 0 (RFC 9110 section 12.4.2).
func excluded(params string) bool {
	for param := range strings.SplitSeq(params, ";") {
		name, value, _ := strings.Cut(param, "=")
		if strings.EqualFold(strings.TrimSpace(name), "q") {
			q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			return err == nil && q <= 0
		}
	}
	return false
}
