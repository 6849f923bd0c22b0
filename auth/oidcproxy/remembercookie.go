package oidcproxy

import (
	"crypto/sha256"
	"encoding/binary"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// What is remembered is in the browser, sealed: the store learns nothing of it, and a stranger cannot fill it.
const (
	rememberCookieName = "zscalermcp-r"
	rememberPurpose    = "oidcproxy remembered consent v1"
	maxRemembered      = 25         // approvals of one browser (R72)
	maxRememberCookie  = 3800       // characters of the value: browsers keep 4096 bytes of a cookie, name and attributes among them
	maxRememberedPlain = 2800       // bytes before they are sealed, so that the text of them is no longer
	approvalBytes      = 16 + 8 + 4 // of one approval, without its scopes
	day                = 24 * time.Hour
)

// An approval is one that need not be asked for again.
type approval struct {
	of     [16]byte // clientMark, and a hash of what was approved
	at     int64    // Unix
	lasts  uint32   // seconds, as the page said
	scopes []byte   // a bit for each scope of the configuration, in the order of their names
}

// encodeApprovals is decodeApprovals reversed.
func encodeApprovals(all []approval) []byte {
	var plain []byte
	for _, a := range all {
		plain = append(plain, a.of[:]...)
		plain = binary.BigEndian.AppendUint64(plain, uint64(a.at))
		plain = binary.BigEndian.AppendUint32(plain, a.lasts)
		plain = binary.AppendUvarint(plain, uint64(len(a.scopes)))
		plain = append(plain, a.scopes...)
	}
	return plain
}

// decodeApprovals reads all approvals, or none.
func decodeApprovals(plain []byte) []approval {
	var all []approval
	for len(plain) > 0 {
		if len(plain) <= approvalBytes || len(all) == maxRemembered {
			return nil
		}
		var a approval
		copy(a.of[:], plain)
		a.at, a.lasts = int64(binary.BigEndian.Uint64(plain[16:])), binary.BigEndian.Uint32(plain[24:])
		plain = plain[approvalBytes:]
		size, n := binary.Uvarint(plain)
		if n <= 0 || size > uint64(len(plain)-n) {
			return nil
		}
		a.scopes, plain = plain[n:n+int(size)], plain[n+int(size):]
		all = append(all, a)
	}
	return all
}

// approvals are what this browser has been told to remember and is not over, the oldest first. A cookie that is not of this browser, issuer and resource, or
// was changed, holds nothing.
func (p *Provider) approvals(r *http.Request, browser string) []approval {
	text, ok := p.cookie(r, rememberCookieName)
	if !ok || len(text) > maxRememberCookie {
		return nil
	}
	plain, err := p.keys.Open(rememberPurpose, text, p.rememberAAD(browser))
	if err != nil {
		return nil
	}
	return slices.DeleteFunc(decodeApprovals(plain), func(a approval) bool {
		lasts := min(time.Duration(a.lasts)*time.Second, p.cfg.RememberConsent) // the operator may have shortened it since
		return p.remaining(a.at)+lasts <= 0
	})
}

// setApprovals replaces what is remembered. The cookie that it is bound to lasts as long.
func (p *Provider) setApprovals(w http.ResponseWriter, browser string, all []approval) error {
	all = all[max(len(all)-maxRemembered, 0):]
	plain := encodeApprovals(all)
	for len(plain) > maxRememberedPlain {
		all = all[1:]
		plain = encodeApprovals(all)
	}
	if len(all) == 0 {
		p.setCookie(w, rememberCookieName, "", 0)
		return nil
	}
	text, err := p.keys.Seal(rememberPurpose, plain, p.rememberAAD(browser))
	if err != nil {
		return err
	}
	p.setCookie(w, rememberCookieName, text, p.cfg.RememberConsent)
	p.setCookie(w, browserCookieName, browser, p.browserLasts(true))
	return nil
}

func (p *Provider) rememberAAD(browser string) []byte {
	return []byte(p.aad("remembered", hashOf(browser)))
}

// browserLasts is how long the cookie that tells browsers apart lasts: as long as a form, and as what is remembered.
func (p *Provider) browserLasts(remembers bool) time.Duration {
	lasts := max(browserCookieTime, p.cfg.Lifetimes.Consent)
	if remembers {
		lasts = max(lasts, p.cfg.RememberConsent)
	}
	return lasts
}

// approved is the hash of what a user approves in a browser, but for the scopes (R72). Whatever changes in it, the user is asked again: also all that the
// client says of itself, and the names of the configured scopes, which give the bits their meaning.
func (p *Provider) approved(browser string, c *client, uri redirectURI) [16]byte {
	registered := ""
	for _, each := range c.uris {
		if each.matches(uri) { // on loopback the port differs each time
			registered = each.raw
			break
		}
	}
	mark, sum := p.clientMark(browser, c), sha256.Sum256([]byte(hashOf("consent v1", browser, p.aad(), c.id, c.described(), registered, hashOf(p.scopesByName()...))))
	return [16]byte(append(mark[:], sum[:16-clientMarkBytes]...))
}

const clientMarkBytes = 6

// clientMark tells what a browser has approved of one client, so that all of it can be forgotten.
func (p *Provider) clientMark(browser string, c *client) [clientMarkBytes]byte {
	sum := sha256.Sum256([]byte(hashOf("consent of v1", browser, p.aad(), c.id)))
	return [clientMarkBytes]byte(sum[:clientMarkBytes])
}

// described is a hash of all that is known of a client beside its id.
func (c *client) described() string {
	var uris []string
	for _, uri := range c.uris {
		uris = append(uris, uri.raw)
	}
	slices.Sort(uris)
	return hashOf(c.version, c.name, c.method, string(c.secretHash), string(c.origin), strconv.FormatBool(c.refresh), strconv.FormatBool(c.scopes != nil), hashOf(c.scopes...), hashOf(uris...))
}

func (p *Provider) scopesByName() []string { return slices.Sorted(slices.Values(p.scopes)) }

// scopeBits are the bits of scopes. One that is no longer configured has none.
func (p *Provider) scopeBits(scopes []string) []byte {
	names := p.scopesByName()
	bits := make([]byte, (len(names)+7)/8)
	for i, name := range names {
		if slices.Contains(scopes, name) {
			bits[i/8] |= 1 << (i % 8)
		}
	}
	return bits
}

// scopesOf is scopeBits reversed.
func (p *Provider) scopesOf(bits []byte) []string {
	var scopes []string
	for i, name := range p.scopesByName() {
		if i/8 < len(bits) && bits[i/8]&(1<<(i%8)) != 0 {
			scopes = append(scopes, name)
		}
	}
	return scopes
}
