package oidcproxy

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/org/zscalermcp/auth"
)

// Client ids.
const (
	clientPrefix  = "mcpc_"
	maxClientID   = 1024 // bytes (R17); registrations that would need more are refused
	clientPurpose = "oidcproxy client"
	maxInflated   = 16 << 10
)

// Methods of client authentication at the token endpoint (RFC 7591 section 2).
const (
	methodNone  = "none"
	methodBasic = "client_secret_basic"
	methodPost  = "client_secret_post"
)

// A client is one that has registered itself, or that the operator has registered.
type client struct {
	id         string
	name       string
	uris       []redirectURI
	method     string
	secretHash []byte    // SHA-256, nil for public clients
	scopes     []string  // that it may ask for; nil means all
	refresh    bool      // it may use refresh tokens
	expires    time.Time // for new sign-ins; zero for never
	origin     clientOrigin
	assertions *auth.JWT // verifies those of clients with keys, whose method is private_key_jwt
	version    string    // of a metadata document: another one when it says something else
}

// A registration is what a client id holds.
type registration struct {
	Redirects []string `json:"r"`
	Name      string   `json:"n,omitempty"`
	Method    string   `json:"m,omitempty"` // "" means none
	Secret    []byte   `json:"s,omitempty"`
	NoRefresh bool     `json:"f,omitempty"`
	Issued    int64    `json:"i"`

	Origin clientOrigin `json:"t,omitempty"`
}

// sealClient makes the client id, which is the registration itself (RFC 7591 appendix A.5.2): nothing is stored.
func (p *Provider) sealClient(reg registration) (string, error) {
	data, err := json.Marshal(reg)
	if err != nil {
		return "", err
	}
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		return "", err
	}
	if _, err := w.Write(data); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	token, err := p.keys.Seal(clientPurpose, packed.Bytes(), []byte(p.issuer))
	if err == nil && len(clientPrefix)+len(token) > maxClientID {
		err = errTooBig
	}
	return clientPrefix + token, err
}

var errTooBig = errors.New("the registration is too big for a client id")

// Why an id is that of no client, for the log: to those who ask, all of them are the same (D85).
var (
	errNoSuchClient    = errors.New("the id is neither one of Config.Clients nor one that a registration here gives")
	errOtherClient     = errors.New("the client id is damaged, or was given under other master keys or another issuer")
	errClientDenied    = errors.New("the client is one of Config.DeniedClients")
	errClientNotServed = errors.New("Config.Registration no longer lets such clients register themselves")
	errClientGone      = errors.New("the client is no longer one of Config.Clients")
	errClientExpired   = errors.New("the registration is older than Lifetimes.ClientID")
)

// client returns the client with this id. It reads nothing from the store: an id of a stranger costs one decryption, or a part of what its address may have
// fetched.
func (p *Provider) client(r *http.Request, id string) (*client, error) {
	if known, ok := p.clients[id]; ok {
		return known, nil
	}
	if isDocumentID(id) {
		return p.documented(r, id)
	}
	return p.registered(id)
}

// registered opens a client id that a registration here has given.
func (p *Provider) registered(id string) (*client, error) {
	token, ok := strings.CutPrefix(id, clientPrefix)
	if !ok || len(id) > maxClientID {
		return nil, errNoSuchClient
	}
	packed, err := p.keys.Open(clientPurpose, token, []byte(p.issuer))
	if err != nil {
		return nil, errOtherClient
	}
	data, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), maxInflated))
	if err != nil {
		return nil, errOtherClient
	}
	var reg registration
	if json.Unmarshal(data, &reg) != nil {
		return nil, errOtherClient
	}
	if err := p.serves(reg.Origin, fingerprint(id)); err != nil {
		return nil, err
	}
	return p.registeredClient(id, reg), nil
}

// documented returns the client whose metadata is at the address id.
func (p *Provider) documented(r *http.Request, id string) (*client, error) {
	if p.documents == nil {
		return nil, errDocumentGone
	}
	if p.denied[fingerprint(id)] {
		return nil, errClientDenied
	}
	return p.documents.get(r.Context(), p.source(r), id)
}

// A clientOrigin says who has registered a client.
type clientOrigin string

const (
	fromAnyone   clientOrigin = ""
	fromInvited  clientOrigin = "t" // who had the initial access token
	fromOperator clientOrigin = "o"
	fromDocument clientOrigin = "d" // and the host of its metadata document
)

func documentOrigin(host string) clientOrigin { return fromDocument + clientOrigin(host) }

// documentHost is the host that vouches for a client with a metadata document.
func (o clientOrigin) documentHost() (string, bool) {
	return strings.CutPrefix(string(o), string(fromDocument))
}

// serves says why the configuration, which may have changed since a client registered, has no place for it any more. What a client got while it had one is
// judged by the same rule.
func (p *Provider) serves(origin clientOrigin, fingerprint string) error {
	mode := p.cfg.Registration.Mode
	host, documented := origin.documentHost()
	switch {
	case origin == fromOperator && p.operators[fingerprint] == nil:
		return errClientGone
	case origin == fromOperator:
		return nil
	case p.denied[fingerprint]:
		return errClientDenied
	case documented:
		return p.servesHost(host)
	case mode == RegistrationOff, mode == RegistrationToken && origin != fromInvited:
		return errClientNotServed
	}
	return nil
}

// servesHost says whether clients may be named by documents of this host.
func (p *Provider) servesHost(host string) error {
	if p.documents == nil {
		return errDocumentGone
	}
	if _, err := p.documents.fetch.CheckURL(documentPrefix + host + "/client"); err != nil {
		return errors.Join(errDocumentGone, err)
	}
	return nil
}

// registeredClient is the client of a registration of ours. The operator's rules for redirect URIs may have changed since.
func (p *Provider) registeredClient(id string, reg registration) *client {
	c := &client{
		id: id, name: reg.Name, method: reg.Method, secretHash: reg.Secret, refresh: !reg.NoRefresh, origin: reg.Origin,
		expires: time.Unix(reg.Issued, 0).Add(p.cfg.Lifetimes.ClientID),
	}
	if c.method == "" {
		c.method = methodNone
	}
	for _, raw := range reg.Redirects {
		if uri, err := parseRedirectURI(raw); err == nil && p.allowsRedirect(uri) {
			c.uris = append(c.uris, uri)
		}
	}
	return c
}

// knownClients are those of the configuration, which has been checked, by id and by fingerprint.
func (p *Provider) knownClients(clients []Client) (byID, byPrint map[string]*client) {
	byID, byPrint = map[string]*client{}, map[string]*client{}
	for _, cfg := range clients {
		c := &client{id: strings.Clone(cfg.ID), name: cfg.Name, method: methodNone, scopes: slices.Clone(cfg.Scopes), refresh: true, origin: fromOperator}
		if cfg.Secret != "" {
			hash := sha256.Sum256([]byte(cfg.Secret))
			c.method, c.secretHash = methodBasic, hash[:]
		}
		if cfg.PublicKeys != "" {
			c.method = methodPrivateKey
			c.assertions, _ = p.assertionsOf(cfg.ID, cfg.PublicKeys)
		}
		for _, raw := range cfg.RedirectURIs {
			uri, _ := parseRedirectURI(raw)
			c.uris = append(c.uris, uri)
		}
		byID[c.id], byPrint[fingerprint(c.id)] = c, c
	}
	return byID, byPrint
}

// proves reports whether a secret is that of the client, in constant time.
func (c *client) proves(secret string) bool {
	hash := sha256.Sum256([]byte(secret))
	return subtle.ConstantTimeCompare(hash[:], c.secretHash) == 1
}

// accepts reports whether the client may authenticate in this way. The operator's clients may use either way for their secret.
func (c *client) accepts(method string) bool {
	return method == c.method || c.origin == fromOperator && c.secretHash != nil && method == methodPost
}

// redirect returns the redirect URI that a request asks for, as it asks (R41, R42).
func (c *client) redirect(raw string) (redirectURI, bool) {
	if raw == "" {
		if len(c.uris) == 1 && c.uris[0].kind != loopbackURI {
			return c.uris[0], true
		}
		return redirectURI{}, false
	}
	used, err := parseRedirectURI(raw)
	if err != nil {
		return redirectURI{}, false
	}
	return used, slices.ContainsFunc(c.uris, func(registered redirectURI) bool { return registered.matches(used) })
}

const fingerprintBytes = 8

// fingerprint is how logs and audit events call a client id, which may be long.
func fingerprint(id string) string {
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:fingerprintBytes])
}

// hashOf is the text of a SHA-256.
func hashOf(parts ...string) string {
	h := sha256.New()
	for _, part := range parts {
		var size [8]byte
		for i, n := 0, len(part); i < 8; i++ {
			size[i] = byte(n >> (8 * i))
		}
		h.Write(size[:])
		_, _ = io.WriteString(h, part)
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}
