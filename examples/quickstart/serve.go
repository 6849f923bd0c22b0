package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/org/zscalermcp"
)

// serve mounts the server on an http.Server of its own and returns the endpoint's URL.
func serve(srv *zscalermcp.Server) (string, func(), error) {
	handler, err := srv.Handler()
	if err != nil {
		return "", nil, err
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	hs := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	hs.RegisterOnShutdown(srv.Drain)
	go func() { _ = hs.Serve(ln) }() // ends with Shutdown
	stop := func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = hs.Shutdown(ctx)
	}
	return fmt.Sprintf("http://%s/mcp", ln.Addr()), stop, nil
}

func closeServer(srv *zscalermcp.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return srv.Close(ctx)
}
