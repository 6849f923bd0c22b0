package oidcproxy

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/org/zscalermcp/auth/oidcproxy/safefetch"
	"github.com/org/zscalermcp/internal/bounded"
)

// Bounds of what is kept of metadata documents (R39).
const (
	documentPrefix   = "https://"
	documentBytes    = 8 << 20 // of all documents, with what they cost here
	documentOverhead = 4 << 10 // bytes, beside its text and keys
	documentMinFresh = 5 * time.Minute
	documentMaxFresh = 24 * time.Hour
	documentStale    = 24 * time.Hour // for which the last good one serves while its host cannot be reached
	documentBackOff  = 30 * time.Second
	documentTime     = 11 * time.Second // for the document and its keys
	maxFailures      = 10_000
	maxKeyDocument   = 64 << 10
)

// documents are the clients that are named by the address of their metadata (draft-ietf-oauth-client-id-metadata-document), as far as they are known here.
type documents struct {
	p           *Provider
	fetch, keys *safefetch.Fetcher
	hash        *bounded.Hash
	known       *bounded.Cache[*edition]
	failures    *bounded.Cache[failedFetch]
	shares      *fetchShares

	mu     sync.Mutex
	flying map[string]*documentFlight // by id
}

// A documentFlight is a fetch that is under way, for all who wait for it. Its end is set before done is closed.
type documentFlight struct {
	source netip.Prefix // on whose behalf it was begun
	done   chan struct{}
	client *client
	err    error
}

// An edition is a client as its document was last seen.
type edition struct {
	client         *client
	fetched, fresh time.Time // of this machine: nobody else is told
}

// A failedFetch keeps others from asking again at once. It is no document: what counted before counts still, where its host could not be reached.
type failedFetch struct {
	err   error
	until time.Time
}

var (
	errDocumentLimit = errors.New("too many metadata documents were asked for from this address")
	errDocumentGone  = errors.New("Config.MetadataDocuments no longer lets such clients in")
)

// newDocuments returns nil where such clients are not served.
func (p *Provider) newDocuments() (*documents, error) {
	if !p.servesDocuments() {
		return nil, nil
	}
	fetch, err := safefetch.New(p.cfg.MetadataDocuments.Fetch)
	if err != nil {
		return nil, err
	}
	cfg := p.cfg.MetadataDocuments.Fetch
	cfg.MaxBytes = maxKeyDocument
	keys, err := safefetch.New(cfg)
	return &documents{
		p: p, fetch: fetch, keys: keys, hash: bounded.NewHash(), known: bounded.NewCache[*edition](documentBytes), failures: bounded.NewCache[failedFetch](maxFailures),
		flying: map[string]*documentFlight{}, shares: newFetchShares(cfg),
	}, err
}

// servesDocuments reports whether clients may be named by the address of a document: where anybody may register, unless the operator says otherwise.
func (p *Provider) servesDocuments() bool {
	if mode := p.cfg.MetadataDocuments.Mode; mode != DocumentsAuto {
		return mode == DocumentsOn
	}
	return p.cfg.Registration.Mode == RegistrationOpen
}

// isDocumentID reports whether a client id is the address of a document (R31); which addresses are accepted is judged later.
func isDocumentID(id string) bool { return strings.HasPrefix(id, documentPrefix) }

// get returns the client whose metadata is at id. On behalf of one source few documents are fetched, and each by one request at a time for all who wait.
func (d *documents) get(ctx context.Context, source netip.Prefix, id string) (*client, error) {
	if _, err := d.fetch.CheckURL(id); err != nil {
		return nil, err
	}
	key, now := d.hash.Sum(id), time.Now()
	last, _ := d.known.Get(key)
	if last != nil && now.Before(last.fresh) {
		return last.client, nil
	}
	failed, ok := d.failures.Get(key)
	if !ok || !now.Before(failed.until) {
		return d.renew(ctx, source, id)
	}
	if last.outlasts(failed.err, now) {
		return last.client, nil
	}
	return nil, failed.err
}

// renew fetches a document, or waits for who does.
func (d *documents) renew(ctx context.Context, source netip.Prefix, id string) (*client, error) {
	flight := d.flight(source, id)
	if flight == nil {
		return d.unasked(id)
	}
	select {
	case <-flight.done:
		return flight.client, flight.err
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: %w", safefetch.ErrUnavailable, ctx.Err())
	}
}

// flight is the fetch that is under way, which costs nothing to those who join it, or else a new one, which is counted for who asks: nil if that is one too many.
func (d *documents) flight(source netip.Prefix, id string) *documentFlight {
	d.mu.Lock()
	defer d.mu.Unlock()
	if flight, ok := d.flying[id]; ok {
		return flight
	}
	if _, ok := d.p.limits.document.take(source); !ok || !d.shares.take(source) {
		return nil
	}
	flight := &documentFlight{source: source, done: make(chan struct{})}
	d.flying[id] = flight
	go d.fly(id, flight)
	return flight
}

// fly fetches, and lets nobody join any more before those who have joined are told.
func (d *documents) fly(id string, flight *documentFlight) {
	defer close(flight.done)
	defer d.landed(id, flight)
	if !d.p.begin() {
		flight.err = fmt.Errorf("%w: the server ends", safefetch.ErrUnavailable)
		return
	}
	defer d.p.running.Done()
	flight.client, flight.err = d.safely(id)
}

func (d *documents) landed(id string, flight *documentFlight) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.shares.give(flight.source)
	delete(d.flying, id)
}

// unasked is what is known of a client that may not be asked for now.
func (d *documents) unasked(id string) (*client, error) {
	if last, _ := d.known.Get(d.hash.Sum(id)); last.outlasts(safefetch.ErrUnavailable, time.Now()) {
		return last.client, nil
	}
	return nil, errDocumentLimit
}

// safely makes an error of a panic: in the goroutine of a flight it would end the process.
func (d *documents) safely(id string) (c *client, err error) {
	defer func() {
		if v := recover(); v != nil {
			d.p.logger.ErrorContext(d.p.life, "panic in reading a metadata document", "stack", string(debug.Stack()))
			c, err = nil, safefetch.ErrUnavailable
		}
	}()
	return d.download(id)
}

// download fetches a document with the keys that it names, and keeps what comes of it.
func (d *documents) download(id string) (*client, error) {
	ctx, cancel := context.WithTimeout(d.p.life, documentTime)
	defer cancel()
	key := d.hash.Sum(id)
	last, _ := d.known.Get(key)
	next, cost, err := d.read(ctx, id)
	now := time.Now()
	if err == nil {
		d.known.Put(key, next, cost)
		d.failures.Drop(key)
		if last != nil && last.client.version != next.client.version {
			d.p.tell(ctx, event{name: EventClientChanged, client: id})
		}
		return next.client, nil
	}
	if !errors.Is(err, safefetch.ErrBusy) {
		d.failures.Put(key, failedFetch{err, now.Add(documentBackOff)}, 1)
	}
	if last.outlasts(err, now) {
		return last.client, nil
	}
	d.known.Drop(key) // its host has taken it back, or it is too old
	return nil, err
}

// outlasts reports whether a document that was seen before still counts after such a failure: where its host could not be asked, for a day from when it was to
// be asked again.
func (e *edition) outlasts(failure error, now time.Time) bool {
	return e != nil && now.Before(e.fresh.Add(documentStale)) && (errors.Is(failure, safefetch.ErrUnavailable) || errors.Is(failure, safefetch.ErrBusy))
}

// read makes a client of the document at id.
func (d *documents) read(ctx context.Context, id string) (*edition, int64, error) {
	found, err := d.fetch.Get(ctx, id)
	if err != nil {
		return nil, 0, unreachable(err)
	}
	doc, err := d.p.parseDocument(id, found.Body)
	if err != nil {
		return nil, 0, err
	}
	keys, fresh := doc.keys, documentFresh(found.Header)
	if doc.keysURL != "" {
		set, lasts, err := d.keysAt(ctx, doc.keysURL)
		if err != nil {
			return nil, 0, err
		}
		keys, fresh = set, min(fresh, lasts) // a key that was taken back there is good no longer than that says
	}
	if doc.client.method == methodPrivateKey {
		if doc.client.assertions, err = d.p.assertionsOf(id, string(keys)); err != nil {
			return nil, 0, &documentError{"Its keys are not ones that can be used: " + keyAdvice + "."}
		}
	}
	now := time.Now()
	doc.client.version = hashOf(doc.client.version, string(keys))
	return &edition{doc.client, now, now.Add(fresh)}, documentOverhead + int64(len(found.Body)+len(keys)), nil
}

// unreachable is the error of a fetch whose address was good as a text: where its name leads to what may not be fetched from, it is as if it led nowhere.
// Strangers do not learn which names there are in this network (R34), and no client is forgotten for an answer of the resolver (R100).
func unreachable(err error) error {
	if errors.Is(err, safefetch.ErrRefused) {
		return fmt.Errorf("%w: %w", safefetch.ErrUnavailable, err)
	}
	return err
}

// keysAt fetches the keys that a document has elsewhere, which are judged as if they were in it (R37), and for how long they are fresh.
func (d *documents) keysAt(ctx context.Context, address string) ([]byte, time.Duration, error) {
	if _, err := d.keys.CheckURL(address); err != nil {
		return nil, 0, &documentError{"Its jwks_uri is not an address that keys are fetched from."}
	}
	set, err := d.keys.Get(ctx, address)
	if err != nil {
		return nil, 0, fmt.Errorf("jwks_uri: %w", unreachable(err))
	}
	return set.Body, documentFresh(set.Header), checkPublicKeys(set.Body)
}

// documentFresh is for how long a document need not be asked for again (RFC 9111 section 5.2.2), within our bounds.
func documentFresh(h http.Header) time.Duration {
	for directive := range strings.SplitSeq(strings.ToLower(strings.Join(h["Cache-Control"], ",")), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(directive), "=")
		if seconds, err := strconv.ParseUint(value, 10, 31); name == "max-age" && err == nil {
			age, _ := strconv.ParseUint(h.Get("Age"), 10, 31)
			return min(max(time.Duration(int64(seconds)-int64(age))*time.Second, documentMinFresh), documentMaxFresh)
		}
	}
	return documentMinFresh
}

// newer fetches a document again, where the last time is a while ago: its keys may be others by now. It is nil, too, where that was tried in vain a moment
// ago; the error says that nobody can tell at the moment.
func (d *documents) newer(ctx context.Context, source netip.Prefix, id string) (*client, error) {
	key := d.hash.Sum(id)
	last, ok := d.known.Get(key)
	if !ok || time.Since(last.fetched) < documentBackOff {
		return nil, nil
	}
	if failed, ok := d.failures.Get(key); ok && time.Now().Before(failed.until) {
		return nil, failed.err
	}
	c, err := d.renew(ctx, source, id)
	if err == nil && c == last.client {
		err = fmt.Errorf("%w: what is known of it is from before", safefetch.ErrUnavailable)
	}
	return c, err
}

// close ends connections; fetches have ended with the life of the provider.
func (d *documents) close() {
	if d != nil {
		d.fetch.Close()
		d.keys.Close()
	}
}
