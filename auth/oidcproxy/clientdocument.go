package oidcproxy

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/org/zscalermcp/internal/strictjson"
)

// A documentError says what is wrong with a metadata document, in fixed words for the developer of the client.
type documentError struct{ reason string }

func (e *documentError) Error() string { return "the metadata document is not accepted: " + e.reason }

// A clientDocument is what a document says.
type clientDocument struct {
	client  *client
	keys    []byte // a JSON Web Key Set
	keysURL string // where it is
}

// parseDocument judges the document at the address id (R32, R37).
func (p *Provider) parseDocument(id string, data []byte) (clientDocument, error) {
	var doc clientDocument
	m, e := parseClientMetadata(data)
	if e != nil {
		return doc, &documentError{e.description}
	}
	if err := checkDocumentMembers(id, data); err != nil {
		return doc, err
	}
	e = p.checkRedirectURIs(m)
	if e == nil && slices.ContainsFunc(m.RedirectURIs, func(raw string) bool { return strings.Contains(raw, "*") }) {
		e = errInvalidRedirect.because("redirect_uris must have no wildcards.")
	}
	var grants []string
	if e == nil {
		grants, e = grantTypesOf(m)
	}
	if e != nil {
		return doc, &documentError{e.description}
	}
	doc.client = p.documentClient(id, m, slices.Contains(grants, "refresh_token"))
	switch m.AuthMethod {
	case "", methodNone:
		return doc, nil
	case methodPrivateKey:
		doc.client.method, doc.keys, doc.keysURL = methodPrivateKey, m.Keys, m.KeysURL
		if (doc.keys == nil) == (doc.keysURL == "") {
			return doc, &documentError{"private_key_jwt needs jwks or jwks_uri, and not both."}
		}
		return doc, nil
	}
	return doc, &documentError{"token_endpoint_auth_method must be none or private_key_jwt: a document cannot hold a secret."}
}

// documentClient is the client of a document.
func (p *Provider) documentClient(id string, m clientMetadata, refresh bool) *client {
	u, _ := url.Parse(id) // it was fetched from there
	c := &client{id: id, name: m.Name, method: methodNone, refresh: refresh, origin: documentOrigin(u.Host), version: hashOf(slices.Concat([]string{m.Name, m.AuthMethod, m.KeysURL}, m.RedirectURIs)...)}
	for _, raw := range m.RedirectURIs {
		uri, _ := parseRedirectURI(raw) // which checkRedirectURIs has done
		c.uris = append(c.uris, uri)
	}
	return c
}

// privateMembers are those of a JSON Web Key that are secret (RFC 7518 sections 6.2.2, 6.3.2 and 6.4).
var privateMembers = []string{"d", "p", "q", "dp", "dq", "qi", "oth", "k"}

// checkDocumentMembers demands that the document names its own address, and refuses secrets in it: they would be public.
func checkDocumentMembers(id string, data []byte) error {
	members, err := strictjson.Object(data)
	if err != nil {
		return &documentError{"It is no JSON object."}
	}
	var named string
	if json.Unmarshal(members["client_id"], &named) != nil || named != id {
		return &documentError{"Its client_id is not the address that it was fetched from, to the letter."}
	}
	for _, secret := range []string{"client_secret", "client_secret_expires_at"} {
		if _, has := members[secret]; has {
			return &documentError{"It has " + secret + ", and a document cannot hold a secret."}
		}
	}
	if raw, has := members["jwks"]; has {
		return checkPublicKeys(raw)
	}
	return nil
}

// checkPublicKeys refuses a key set with something secret in it, in the document or at its jwks_uri: whoever reads it could be the client. It is read as
// strictly as the document, and secrets are found in whatever case, since others read less strictly.
func checkPublicKeys(data []byte) error {
	set, err := strictjson.Object(data)
	var keys []json.RawMessage
	if err != nil || json.Unmarshal(set["keys"], &keys) != nil {
		return &documentError{"Its jwks is no JSON Web Key Set."}
	}
	for name := range set {
		if name != "keys" && strings.EqualFold(name, "keys") {
			return &documentError{"Its jwks has keys twice."}
		}
	}
	for _, raw := range keys {
		key, err := strictjson.Object(raw)
		if err != nil {
			return &documentError{"Its jwks is no JSON Web Key Set."}
		}
		for name := range key {
			if slices.Contains(privateMembers, strings.ToLower(name)) {
				return &documentError{"Its jwks has a private key: it is public now, and must be replaced."}
			}
		}
	}
	return nil
}
