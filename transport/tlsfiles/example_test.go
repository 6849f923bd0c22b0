package tlsfiles_test

import (
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/org/zscalermcp/transport/tlsfiles"
)

// A server of a service's own serves https with a certificate that can be replaced while it runs.
func ExampleNew() {
	files, err := tlsfiles.New(tlsfiles.Config{CertFile: "/etc/svc/tls.crt", KeyFile: "/etc/svc/tls.key"})
	if err != nil {
		log.Fatal(err) // every mistake, each with its file
	}
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	go func() {
		for range hangups {
			if err := files.Reload(); err != nil {
				log.Print(err) // what was there before stays
			}
		}
	}()
	hs := &http.Server{Addr: ":443", Handler: http.NotFoundHandler(), TLSConfig: files.TLS(), ReadHeaderTimeout: 5 * time.Second}
	log.Fatal(hs.ListenAndServeTLS("", ""))
}
