package oidcproxy

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/org/zscalermcp/store"
)

// Bounds of [GrantFilter.Limit].
const (
	defaultGrants = 100
	maxGrants     = 1000
)

// A GrantFilter selects grants. The zero value is the first page of all of them.
type GrantFilter struct {
	Issuer, Subject string // of a user, both or none
	Client          string // id of a client, or its fingerprint as audit events have it
	Limit           int    // grants on a page; 0 means 100, at most 1000
	Cursor          string // GrantPage.Next of the page before; "" means the first
}

// A GrantPage is a part of the grants that a filter selects, in an order of its own that does not change.
type GrantPage struct {
	Grants []GrantInfo `json:"grants"`
	Next   string      `json:"next,omitempty"` // cursor of the next page; "" after the last one. A page may be short, or empty, and not be the last
}

// A GrantInfo is what an administrator sees of a grant. It has no secret, and nothing that gives access.
type GrantInfo struct {
	ID         string `json:"id"`                   // for EndGrant, and good for nothing else
	Unreadable bool   `json:"unreadable,omitempty"` // the record is of other keys, or damaged: nothing but the ID is known, and no token of it works

	Issuer  string                     `json:"issuer,omitempty"` // who vouches for the user
	Subject string                     `json:"subject,omitempty"`
	Claims  map[string]json.RawMessage `json:"claims,omitempty"` // of the user, those of Config.Claims

	Client       string   `json:"client,omitempty"`        // fingerprint, as audit events have it
	ClientID     string   `json:"client_id,omitempty"`     // of one of Config.Clients; ids of others are not stored
	ClientOrigin string   `json:"client_origin,omitempty"` // "registered", "invited" (with the initial access token), "configured", or "document of HOST"
	Scopes       []string `json:"scopes,omitempty"`

	SignedIn time.Time `json:"signed_in,omitzero"`
	Renewed  time.Time `json:"renewed,omitzero"`  // when its refresh token was replaced last, or made; zero without one
	Lapses   time.Time `json:"lapses,omitzero"`   // when it ends, if its client does not come again
	Ends     time.Time `json:"ends,omitzero"`     // when it ends, whatever its client does
	Pending  bool      `json:"pending,omitempty"` // the client has not redeemed its code yet
}

// Grants returns a page of the grants that stand. Only what is on the page is read, so that a page costs the same however many grants there are, but for a
// list of their keys. The error wraps [ErrSelection] if the filter is malformed; any other means that the store could not be asked.
func (a *Administrator) Grants(ctx context.Context, f GrantFilter) (GrantPage, error) {
	if err := f.check(); err != nil {
		return GrantPage{}, err
	}
	s := selection{f.Issuer, f.Subject, f.Client}
	keys, err := a.keysOf(ctx, s)
	if err != nil {
		return GrantPage{}, err
	}
	from := 0
	if f.Cursor != "" {
		from, _ = slices.BinarySearch(keys, grantKeys+f.Cursor+"\x00") // the first one after it, be it still there or not
	}
	to := min(len(keys), from+cmp.Or(f.Limit, defaultGrants))
	page := GrantPage{Grants: make([]GrantInfo, 0, to-from)}
	for _, key := range keys[from:to] {
		info, err := a.p.grantInfo(ctx, key)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return GrantPage{}, a.failed(ctx, key, s.reason(), err)
		}
		page.Grants = append(page.Grants, info)
	}
	if to < len(keys) {
		page.Next = idOfKey(keys[to-1])
	}
	e := event{name: EventAdminListed, issuer: f.Issuer, subject: f.Subject, reason: s.reason()}
	if f.Client != "" {
		e.label = a.p.labelOf(f.Client)
	}
	a.tell(ctx, e)
	return page, nil
}

// check says what is wrong with a filter.
func (f GrantFilter) check() error {
	switch {
	case (f.Issuer == "") != (f.Subject == ""):
		return fmt.Errorf("%w: a user is an issuer and a subject", ErrSelection)
	case f.Limit < 0 || f.Limit > maxGrants:
		return fmt.Errorf("%w: a page has 1 to %d grants", ErrSelection, maxGrants)
	case f.Cursor != "" && !isGrantKey(f.Cursor):
		return fmt.Errorf("%w: the cursor is not one that a page has as its next", ErrSelection)
	}
	return nil
}

// grantInfo reads one grant. store.ErrNotFound: it has ended.
func (p *Provider) grantInfo(ctx context.Context, key string) (GrantInfo, error) {
	ctx, cancel := context.WithTimeout(ctx, saveTime)
	defer cancel()
	value, err := p.store.Get(ctx, key)
	if err != nil {
		return GrantInfo{}, err
	}
	var g grant
	if p.openRecord(key, value, &g.standing, &g) != nil {
		return GrantInfo{ID: idOfKey(key), Unreadable: true}, nil
	}
	info := p.infoOf(g)
	info.ID = idOfKey(key)
	if !info.Lapses.After(p.now()) {
		return GrantInfo{}, store.ErrNotFound
	}
	return info, nil
}

func (p *Provider) infoOf(g grant) GrantInfo {
	info := GrantInfo{
		Issuer: g.Issuer, Subject: g.Subject, Claims: g.UserClaims, Client: g.Label, ClientOrigin: g.Origin.name(), Scopes: g.Scopes,
		SignedIn: time.Unix(g.SignIn, 0), Ends: time.Unix(g.Latest, 0), Pending: g.Code != nil && g.Code.Spent == 0,
	}
	if known := p.operators[g.Label]; known != nil && g.Origin == fromOperator {
		info.ClientID = known.id
	}
	lapses := g.Ends
	switch {
	case info.Pending:
		lapses = min(lapses, g.Code.Expires)
	case g.Refresh:
		info.Renewed = time.Unix(g.Rotated, 0)
		lapses = min(lapses, info.Renewed.Add(p.cfg.Lifetimes.RefreshIdle).Unix())
	default: // nothing can prolong it
		info.Ends = time.Unix(g.Ends, 0)
	}
	info.Lapses = time.Unix(lapses, 0)
	return info
}

// name is what administrators see of it.
func (o clientOrigin) name() string {
	if host, ok := o.documentHost(); ok {
		return "document of " + host
	}
	return map[clientOrigin]string{fromAnyone: "registered", fromInvited: "invited", fromOperator: "configured"}[o]
}
