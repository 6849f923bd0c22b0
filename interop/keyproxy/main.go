// Command keyproxy stands in front of an MCP server for clients that cannot send an API key: it adds
// the key to every request. It listens on loopback and logs "listening" with its URL, as JSON on
// standard error, until it is killed.
package main

import (
	"cmp"
	"errors"
	"flag"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"time"
)

// keyVariable is the variable from which the server behind takes the key too.
const keyVariable = "ZSCALER_MCP_AUTH_API_KEY"

func main() {
	target := flag.String("target", "", "URL of the MCP endpoint behind this proxy")
	flag.Parse()
	logger := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	if err := serve(logger, *target, os.Getenv(keyVariable)); err != nil {
		logger.Error("keyproxy ended", "error", err)
		os.Exit(1)
	}
}

func serve(logger *slog.Logger, target, key string) error {
	behind, err := url.Parse(target)
	if err := cmp.Or(err, check(behind, key)); err != nil {
		return err
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	own := url.URL{Scheme: "http", Host: ln.Addr().String(), Path: behind.Path}
	logger.Info("listening", "url", own.String())
	hs := &http.Server{
		Handler: newProxy(behind, own.Host, key), ReadHeaderTimeout: 5 * time.Second,
		ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}
	return hs.Serve(ln)
}

func check(behind *url.URL, key string) error {
	switch {
	case behind == nil || behind.Host == "":
		return errors.New("-target must be a URL such as http://127.0.0.1:8000/mcp")
	case key == "":
		return errors.New(keyVariable + " is empty: set it to the key of the server behind")
	}
	return nil
}

// newProxy forwards to the host of behind. Host and Origin arrive there as the client sent them, so
// that the server behind judges them; only the proxy's own address becomes that of the server.
func newProxy(behind *url.URL, own, key string) http.Handler {
	proxy := &httputil.ReverseProxy{
		FlushInterval: -1, // events must not wait for each other
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = behind.Scheme, behind.Host
			r.Out.Host = renamed(r.In.Host, own, behind.Host)
			if origin := r.In.Header.Get("Origin"); origin != "" {
				r.Out.Header.Set("Origin", renamed(origin, own, behind.Host))
			}
			r.Out.Header.Set("Authorization", "Bearer "+key)
		},
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Without it, an answer that begins before the proxy has seen the end of the request's body
		// closes that body, which ends the request to the server behind and with it the stream.
		if err := http.NewResponseController(w).EnableFullDuplex(); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		proxy.ServeHTTP(w, r)
	})
}

// renamed puts to in the place of from at the end of name.
func renamed(name, from, to string) string {
	if rest, ok := strings.CutSuffix(name, from); ok {
		return rest + to
	}
	return name
}
