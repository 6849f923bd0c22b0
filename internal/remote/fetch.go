// Package remote reads what identity providers publish.
package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/org/zscalermcp/internal/address"
)

// Bounds of a request.
const (
	MaxDocument = 256 << 10 // bytes of a key set or a discovery document (R129)
	Timeout     = 10 * time.Second
)

// A Fetcher gets documents of an identity provider: with a deadline, a size limit, and no redirect.
type Fetcher struct{ client *http.Client }

// NewFetcher copies client; nil means one of its own that honours the proxy environment.
func NewFetcher(client *http.Client) Fetcher {
	own := http.Client{Transport: &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: Timeout}).DialContext,
		ForceAttemptHTTP2:     true,
		TLSHandshakeTimeout:   Timeout,
		IdleConnTimeout:       time.Minute,
		MaxIdleConnsPerHost:   2,
		ResponseHeaderTimeout: Timeout,
	}}
	if client != nil {
		own = *client
	}
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	own.Jar = nil // what is asked on behalf of one caller has nothing to do with the next
	return Fetcher{&own}
}

// Get returns a document and its headers. The error never holds the document.
func (f Fetcher) Get(ctx context.Context, from string) ([]byte, http.Header, error) {
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		return nil, nil, err
	}
	r.Header.Set("Accept", "application/json, application/jwk-set+json")
	resp, err := f.Do(r)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return nil, nil, &StatusError{address.Shown(from), resp.StatusCode}
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, MaxDocument+1))
	switch {
	case err != nil:
		return nil, nil, fmt.Errorf("%s: %w", address.Shown(from), err)
	case len(data) > MaxDocument:
		return nil, nil, fmt.Errorf("%s is larger than %d bytes", address.Shown(from), MaxDocument)
	}
	return data, resp.Header, nil
}

// A StatusError says that there was an answer, and no document in it.
type StatusError struct {
	From   string // without what may be a secret
	Status int
}

func (e *StatusError) Error() string {
	return fmt.Sprintf("%s answered with status %d", e.From, e.Status)
}

// IsFinal reports whether the same request will be answered in the same way for as long as nobody changes something.
func (e *StatusError) IsFinal() bool {
	return e.Status >= 300 && e.Status < 500 && e.Status != http.StatusRequestTimeout && e.Status != http.StatusTooEarly && e.Status != http.StatusTooManyRequests
}

// Do sends r. The error has the address without its query, which may hold a secret.
func (f Fetcher) Do(r *http.Request) (*http.Response, error) {
	resp, err := f.client.Do(r)
	var failure *url.Error
	if errors.As(err, &failure) {
		err = fmt.Errorf("%s %s: %w", failure.Op, address.Shown(failure.URL), failure.Err)
	}
	return resp, err
}

// Close drops idle connections.
func (f Fetcher) Close() { f.client.CloseIdleConnections() }

// IsJSON reports whether a Content-Type is JSON.
func IsJSON(contentType string) bool {
	media, _, err := mime.ParseMediaType(contentType)
	return err == nil && (media == "application/json" || strings.HasSuffix(media, "+json"))
}

// CheckURL refuses addresses that would send or get something in the clear: https is needed but for loopback.
func CheckURL(raw string) error {
	u, err := url.Parse(raw)
	switch {
	case err != nil || u.Host == "" || u.Opaque != "":
		return errors.New("must be an absolute URL such as https://host.example.com/path")
	case u.User != nil || u.Fragment != "":
		return errors.New("must have neither user nor fragment")
	case u.Scheme == "https", u.Scheme == "http" && address.IsLoopback(u):
		return nil
	}
	return errors.New("must be https; http is accepted for a loopback address or localhost only")
}
