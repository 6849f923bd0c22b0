package transport

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/org/zscalermcp/auth"
)

// navigates reports whether somebody has opened the address in a browser, as a page of its own. Browsers say so in Sec-Fetch-Mode, which no script can set
// (Fetch Metadata Request Headers section 2.2); what has a credential or a word of MCP in it is a client's, and stays one.
func navigates(r *http.Request) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead || r.ContentLength != 0 || !isOnly(r.Header["Sec-Fetch-Mode"], "navigate") {
		return false
	}
	if dest, told := r.Header["Sec-Fetch-Dest"]; told && !isOnly(dest, "document") { // a frame, an object, an embed
		return false
	}
	return namesHTML(r.Header["Accept"]) && !speaksMCP(r.Header) && !auth.BearsCredential(r.Header)
}

func isOnly(values []string, want string) bool { return len(values) == 1 && values[0] == want }

// speaksMCP reports whether a header is one that only clients send.
func speaksMCP(h http.Header) bool {
	for name := range h {
		if strings.HasPrefix(name, "Mcp-") || name == "Last-Event-Id" {
			return true
		}
	}
	return false
}

// namesHTML reports whether HTML is accepted by name (RFC 9110 section 12.5.1): */* is what programs send.
func namesHTML(accept []string) bool {
	for _, line := range accept {
		for one := range strings.SplitSeq(line, ",") {
			media, parameters, _ := strings.Cut(one, ";")
			if strings.EqualFold(strings.TrimSpace(media), "text/html") && !isRefused(parameters) {
				return true
			}
		}
	}
	return false
}

// isRefused reports whether the parameters of a media range have a weight of 0, or one that is none.
func isRefused(parameters string) bool {
	for parameter := range strings.SplitSeq(parameters, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(parameter), "=")
		if strings.EqualFold(name, "q") {
			q, err := strconv.ParseFloat(value, 64)
			return err != nil || !(q > 0)
		}
	}
	return false
}
