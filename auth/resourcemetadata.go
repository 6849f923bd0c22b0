package auth

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// wellKnownResource is where metadata is (RFC 9728 section 3); the path of the resource comes behind it.
const wellKnownResource = "/.well-known/oauth-protected-resource"

// issuersTimeout bounds the wait for an identity provider that has not yet said its name.
const issuersTimeout = 3 * time.Second

// A resourceMetadata is the document (RFC 9728 section 2).
type resourceMetadata struct {
	Resource               string   `json:"resource"`
	AuthorizationServers   []string `json:"authorization_servers"`
	ScopesSupported        []string `json:"scopes_supported,omitempty"`
	BearerMethodsSupported []string `json:"bearer_methods_supported"`
	ResourceName           string   `json:"resource_name,omitempty"`
	ResourceDocumentation  string   `json:"resource_documentation,omitempty"`
}

// Routes implements [Router]: the metadata at the place that belongs to the path, with and without a slash at its end, and at the root, for
// clients that look there only.
func (p *ProtectedResource) Routes() []Route {
	handler := http.HandlerFunc(p.serveMetadata)
	routes := []Route{{wellKnownResource, handler}, {wellKnownResource + "/{$}", handler}}
	if p.path != "" {
		routes = append(routes, Route{wellKnownResource + p.path, handler}, Route{wellKnownResource + p.path + "/{$}", handler})
	}
	return append(routes, p.members.Routes()...)
}

// serveMetadata answers whoever asks, browsers of other origins too: the document is public, and no credential is looked at.
func (p *ProtectedResource) serveMetadata(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("X-Content-Type-Options", "nosniff")
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		p.writeMetadata(w, r)
	case http.MethodOptions:
		h.Set("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
		h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Accept, MCP-Protocol-Version, Mcp-Session-Id, Last-Event-ID, Mcp-Method, Mcp-Name")
		h.Set("Access-Control-Max-Age", "600")
		w.WriteHeader(http.StatusNoContent)
	default:
		h.Set("Allow", "GET, HEAD, OPTIONS")
		h.Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusMethodNotAllowed)
		_, _ = w.Write([]byte(`{"error":"invalid_request","error_description":"The metadata is read with GET."}`))
	}
}

func (p *ProtectedResource) writeMetadata(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), issuersTimeout)
	defer cancel()
	servers := p.Issuers(ctx)
	if len(servers) == 0 { // the document must name one (R5); clients go on after a 404 and stop at 5xx
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte(`{"error":"not_found","error_description":"No authorization server is known at the moment."}`))
		return
	}
	resource := p.cfg.Resource
	if p.cfg.EchoSlash && p.path != "" && strings.HasSuffix(r.URL.Path, p.path+"/") {
		resource += "/"
	}
	document, err := json.Marshal(resourceMetadata{
		Resource: resource, AuthorizationServers: servers, ScopesSupported: p.cfg.Scopes,
		BearerMethodsSupported: []string{"header"}, ResourceName: p.cfg.Name, ResourceDocumentation: p.cfg.DocumentationURL,
	})
	if err != nil { // strings always marshal
		document = []byte("{}")
	}
	w.Header().Set("Content-Type", "application/json")
	if p.isCertain() {
		w.Header().Set("Cache-Control", fmt.Sprintf("public, max-age=%d", int(p.cfg.MaxAge/time.Second)))
	} else {
		w.Header().Set("Cache-Control", "no-store")
	}
	_, _ = w.Write(document) // without a body for HEAD
}
