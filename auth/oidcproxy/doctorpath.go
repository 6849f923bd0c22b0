package oidcproxy

import (
	"context"
	"net/http"
	"strings"
)

// notFoundText is in the 404 of this module for paths that it does not have (package zscalermcp), and in that for metadata that is elsewhere.
const notFoundText = "not_found"

// lost is the finding about a 404: of somebody else, or of this server for a path that was changed on the way.
func (d *doctor) lost(ctx context.Context, r reply) Finding {
	const keep = "Pass the path on as it comes. nginx: proxy_pass http://127.0.0.1:8000; with neither slash nor path behind the port; Caddy: handle, not handle_path or uri strip_prefix; Go: no http.StripPrefix."
	if prefix := d.stripped(ctx, r); prefix != "" {
		return r.finding("path.stripped", SeverityError,
			"The proxy takes "+prefix+" away from the path before it passes it on, so that this server does not know the path.",
			keep)
	}
	switch {
	case r.text("error") == notFoundText:
		return r.finding("path.changed", SeverityError,
			"The request reaches a server of this kind under another path, which is not known there: the proxy changes it, or the server has another public URL.",
			keep+" Compare the public URL of the server.")
	case strings.Contains(r.path(), "/.well-known/"):
		return r.finding("metadata.missing", SeverityError, "The answer is a 404 that is not of this server: its metadata is not passed on, and clients do not find out where to sign in.",
			"Pass /.well-known/ on too, not only the path of the endpoint. nginx: location /.well-known/ { proxy_pass http://127.0.0.1:8000; }; Caddy: reverse_proxy /.well-known/* 127.0.0.1:8000.")
	}
	return r.finding("path.missing", SeverityError,
		"The answer is a 404 that is not of this server: the path is not passed on to it.",
		"Add it to the paths of the proxy. nginx: location "+r.path()+" { proxy_pass http://127.0.0.1:8000; }; Caddy: reverse_proxy "+r.path()+"* 127.0.0.1:8000.")
}

// maxPrefixes is how many beginnings of a path are tried.
const maxPrefixes = 4

// stripped returns what a proxy takes away from the beginning of the path: with it put in front once more, the answer is that of this server, and with it in
// front of a path that nobody has, there is no such answer.
func (d *doctor) stripped(ctx context.Context, r reply) string {
	origin, path := strings.TrimSuffix(r.url, r.path()), r.path()
	tried := 0
	for i, c := range path {
		if c != '/' || i == 0 {
			continue
		}
		if tried++; tried > maxPrefixes {
			break
		}
		if d.takes(ctx, r.question, origin+path[:i], path) {
			return path[:i]
		}
	}
	if d.takes(ctx, r.question, origin+path, path) {
		return path
	}
	return ""
}

func (d *doctor) takes(ctx context.Context, q question, prefix, path string) bool {
	return d.known(ctx, q, prefix+path) && !d.known(ctx, q, prefix+"/no-such-path")
}

// known reports whether a question gets an answer of this server at another address: a document, a page, a challenge or an error, but no 404.
func (d *doctor) known(ctx context.Context, q question, at string) bool {
	q.url = at
	r := d.ask(ctx, q)
	switch {
	case r.err != nil || r.status == http.StatusNotFound:
		return false
	case r.status == http.StatusOK:
		return r.text("issuer") == d.p.issuer || r.text("resource") != "" || r.members()["keys"] != nil
	}
	return r.status == http.StatusUnauthorized && strings.Contains(r.header.Get("WWW-Authenticate"), "resource_metadata=") ||
		r.header.Get("X-Request-Id") != "" && (r.status == http.StatusBadRequest || r.status == http.StatusUnauthorized || r.status == http.StatusNoContent)
}
