package auth

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

const (
	maxDocument  = 256 << 10 // bytes of a key set or a discovery document (R129)
	fetchTimeout = 10 * time.Second
)

// A fetcher gets documents of an identity provider: with a deadline, a size limit, and no redirect.
type fetcher struct{ client *http.Client }

// newFetcher copies client; nil means one of its own that honours the proxy environment.
func newFetcher(client *http.Client) fetcher {
	own := http.Client{Transport: &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: fetchTimeout}).DialContext,
		ForceAttemptHTTP2:     true,
		TLSHandshakeTimeout:   fetchTimeout,
		IdleConnTimeout:       time.Minute,
		MaxIdleConnsPerHost:   2,
		ResponseHeaderTimeout: fetchTimeout,
	}}
	if client != nil {
		own = *client
	}
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	own.Jar = nil // what is asked on behalf of one caller has nothing to do with the next
	return fetcher{&own}
}

// get returns a document and its headers. The error never holds the document.
func (f fetcher) get(ctx context.Context, from string) ([]byte, http.Header, error) {
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		return nil, nil, err
	}
	r.Header.Set("Accept", "application/json, application/jwk-set+json")
	resp, err := f.do(r)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return nil, nil, fmt.Errorf("%s answered with status %d", address.Shown(from), resp.StatusCode)
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxDocument+1))
	switch {
	case err != nil:
		return nil, nil, fmt.Errorf("%s: %w", address.Shown(from), err)
	case len(data) > maxDocument:
		return nil, nil, fmt.Errorf("%s is larger than %d bytes", address.Shown(from), maxDocument)
	}
	return data, resp.Header, nil
}

// do sends r. The error has the address without its query, which may hold a secret.
func (f fetcher) do(r *http.Request) (*http.Response, error) {
	resp, err := f.client.Do(r)
	var failure *url.Error
	if errors.As(err, &failure) {
		err = fmt.Errorf("%s %s: %w", failure.Op, address.Shown(failure.URL), failure.Err)
	}
	return resp, err
}

// close drops idle connections.
func (f fetcher) close() { f.client.CloseIdleConnections() }

// isJSON reports whether a Content-Type is JSON.
func isJSON(contentType string) bool {
	media, _, err := mime.ParseMediaType(contentType)
	return err == nil && (media == "application/json" || strings.HasSuffix(media, "+json"))
}

// checkURL refuses addresses that would send or get something in the clear: https is needed but for loopback.
func checkURL(raw string) error {
	u, err := url.Parse(raw)
	switch {
	case err != nil || u.Host == "" || u.Opaque != "":
		return errors.New("must be an absolute URL such as https://idp.example.com/path")
	case u.User != nil || u.Fragment != "":
		return errors.New("must have neither user nor fragment")
	case u.Scheme == "https", u.Scheme == "http" && address.IsLoopback(u):
		return nil
	}
	return errors.New("must be https; http is accepted for a loopback address or localhost only")
}
