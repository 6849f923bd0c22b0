package oidcproxy

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/org/zscalermcp/store"
)

// An Administrator lists and ends grants (R116) in the name of a person or program, which every audit event has as By. It is safe for concurrent use.
//
// A grant that has ended is refused at once here, and by other replicas within Limits.StatusCache, its access tokens and its refresh tokens alike. A refresh that
// is under way does not bring it back. The identity provider's refresh token is revoked in the background, as well as it can be. Nobody is kept from signing in
// again, and who is at the identity provider at the moment gets a new grant: block a user there, or with [Config.Authorize], and a client with
// [Config.DeniedClients], before ending grants.
//
// The methods that end grants go on after a failure, and return how many they have ended and why others may still stand. They can be called again: what has
// ended already is no error. Records that cannot be read, since they are of other keys, are ended too.
type Administrator struct {
	p    *Provider
	name string
	r    *http.Request // by which it acts, if there is one
}

// Administrator returns the one who acts under this name. "" means "host", the program itself.
func (p *Provider) Administrator(name string) *Administrator {
	return &Administrator{p: p, name: cmp.Or(name, "host")}
}

// ErrSelection means that what was asked for selects no grants: it is malformed, or half of it is missing.
var ErrSelection = errors.New("oidcproxy: no selection of grants")

// How many failures one call bears before it takes the store for gone, and how many it tells of.
const (
	maxFailedInRow = 5
	maxFailedTold  = 10
	adminListTime  = 30 * time.Second
)

// EndGrant ends the grant with this [GrantInfo.ID]. It returns 1, or 0 if it has ended before. The error wraps [ErrSelection] if the ID is none.
func (a *Administrator) EndGrant(ctx context.Context, id string) (int, error) {
	if !isGrantKey(id) {
		return 0, fmt.Errorf("%w: the ID of a grant is the one that the list has", ErrSelection)
	}
	return a.end(ctx, []string{grantKeys + id}, "grant")
}

// EndUser ends every grant of a user: it signs them out everywhere. Issuer and subject are those that [GrantInfo] has. Without one of them the error wraps
// [ErrSelection].
func (a *Administrator) EndUser(ctx context.Context, issuer, subject string) (int, error) {
	if issuer == "" || subject == "" {
		return 0, fmt.Errorf("%w: a user is an issuer and a subject", ErrSelection)
	}
	return a.endSelected(ctx, selection{issuer: issuer, subject: subject})
}

// EndClient ends every grant of a client, of all users. The client is named by its id, or by the fingerprint that audit events have. "" gives an error
// that wraps [ErrSelection].
func (a *Administrator) EndClient(ctx context.Context, client string) (int, error) {
	if client == "" {
		return 0, fmt.Errorf("%w: name the client", ErrSelection)
	}
	return a.endSelected(ctx, selection{client: client})
}

// EndAll ends every grant: it signs everybody out. Access to the MCP endpoint then needs a new sign-in from each user with each client.
func (a *Administrator) EndAll(ctx context.Context) (int, error) {
	return a.endSelected(ctx, selection{})
}

func (a *Administrator) endSelected(ctx context.Context, s selection) (int, error) {
	keys, err := a.keysOf(ctx, s)
	if err != nil {
		return 0, err
	}
	return a.end(ctx, keys, s.reason())
}

// end ends grants one by one, since each has its refresh token at the identity provider.
func (a *Administrator) end(ctx context.Context, keys []string, reason string) (ended int, err error) {
	var failed []error
	for i, row := 0, 0; i < len(keys); i++ {
		was, err := a.endKey(ctx, keys[i], reason)
		if was {
			ended++
		}
		if err == nil {
			row = 0
			continue
		}
		if failed = append(failed, err); len(failed) > maxFailedTold {
			failed = append(failed[:maxFailedTold-1], err) // the first ones, and the last
		}
		if row++; row == maxFailedInRow || ctx.Err() != nil {
			failed = append(failed, fmt.Errorf("oidcproxy: given up with %d grants left; try again", len(keys)-i-1))
			break
		}
	}
	return ended, errors.Join(failed...)
}

// endKey ends one grant, and reports whether it was there. It is taken and not deleted, so that the refresh token of the identity provider that is revoked
// is the last one. Where the store may have taken it and did not say so, the one that was seen before is.
func (a *Administrator) endKey(ctx context.Context, key, reason string) (bool, error) {
	p := a.p
	ctx, cancel := context.WithTimeout(ctx, saveTime)
	defer cancel()
	value, err := p.store.Get(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, a.failed(ctx, key, reason, err)
	}
	last, err := p.store.Take(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err == nil {
		value = last
	}
	h := &held{key: key, value: value}
	if unreadable := p.openRecord(key, value, &h.standing, &h.grant); unreadable != nil {
		h.standing, h.grant = standing{}, grant{}
	}
	token := p.latestUpstream(h)
	p.unsaved.Drop(p.verifier.hash.Sum(key))
	p.revocations.Add(1)
	if token != "" {
		p.revokeUpstream(token)
	}
	if err != nil {
		return false, a.failed(ctx, key, reason, err)
	}
	a.tell(ctx, event{name: EventAdminEnded, label: h.Label, issuer: h.Issuer, subject: h.Subject, reason: reason, operation: idOfKey(key)})
	return true, nil
}

// failed tells that the store could not be asked. key is "" where it is about many.
func (a *Administrator) failed(ctx context.Context, key, reason string, cause error) error {
	a.tell(ctx, event{name: EventAdminFailed, reason: reason, operation: idOfKey(key), cause: cause})
	if key == "" {
		return fmt.Errorf("oidcproxy: the grants cannot be listed: %w", cause)
	}
	return fmt.Errorf("oidcproxy: grant %s: %w", idOfKey(key), cause)
}

func (a *Administrator) tell(ctx context.Context, e event) {
	e.by = a.name
	if a.r != nil {
		a.p.record(a.r, e)
		return
	}
	a.p.tell(ctx, e)
}

// A selection of grants. Without a user and a client it is all of them.
type selection struct{ issuer, subject, client string }

// reason is what a selection is called in audit events.
func (s selection) reason() string {
	switch {
	case s.subject != "":
		return "user"
	case s.client != "":
		return "client"
	}
	return "all"
}

// keysOf are the keys of the selected grants, sorted: nothing is read but indexes.
func (a *Administrator) keysOf(ctx context.Context, s selection) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, adminListTime)
	defer cancel()
	var indexes []string
	if s.subject != "" {
		indexes = append(indexes, a.p.userIndex(s.issuer, s.subject))
	}
	if s.client != "" {
		indexes = append(indexes, a.p.clientIndex(a.p.labelOf(s.client)))
	}
	if indexes == nil {
		indexes = []string{a.p.grantIndex()}
	}
	var keys []string
	for i, index := range indexes {
		listed, err := a.p.store.List(ctx, index)
		if err != nil {
			return nil, a.failed(ctx, "", s.reason(), err)
		}
		if i > 0 {
			listed = slices.DeleteFunc(listed, func(key string) bool { _, both := slices.BinarySearch(keys, key); return !both })
		}
		keys = listed
	}
	return keys, nil
}

// labelOf is the fingerprint of a client that is named by its id or by its fingerprint.
func (p *Provider) labelOf(client string) string {
	if _, known := p.clients[client]; !known && isFingerprint(client) {
		return client
	}
	return fingerprint(client)
}

// grantKeys is what the keys of grants begin with. The rest is the hash of the id of a grant: it says which grant, and neither code nor token can be
// made of it.
const grantKeys = "oauth/grant/"

func idOfKey(key string) string { return strings.TrimPrefix(key, grantKeys) }

// isGrantKey reports whether id can be the rest of the key of a grant.
func isGrantKey(id string) bool {
	return len(id) == secretLength && !strings.ContainsFunc(id, func(c rune) bool { return !isUnreserved(c) })
}
