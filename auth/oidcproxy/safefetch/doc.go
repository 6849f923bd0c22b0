// Package safefetch gets small JSON documents over https from addresses that strangers name, and from nowhere else.
//
// A client of an authorization server may call itself by the URL of a document about it (draft-ietf-oauth-client-id-metadata-document). The server then
// fetches what somebody unknown tells it to, from within its own network: the cloud's metadata service, a neighbour's admin page and the server itself
// are all an address away (server-side request forgery). A [Fetcher] is made for that one situation, and for no other: it is no general HTTP client.
//
//	f, err := safefetch.New(safefetch.Config{})
//	…
//	doc, err := f.Get(ctx, clientID)
//
// # Addresses
//
// [Fetcher.CheckURL] judges the text, without any lookup. A URL is an identity here and is compared byte by byte, so there is one way to write it: https, a
// host in lower case, no port that goes without saying, a path, and neither user, query, fragment, dot segments nor escapes that hide something. Ports
// other than 443, names of local networks and hosts outside the policy are refused.
//
// A host may be an IP address, in its canonical spelling, if that is globally reachable: certificates for those exist. Every other way to write one
// (decimal, octal, hexadecimal, short, mapped) is refused, since readers differ on it.
//
// # Names
//
// A name is resolved once. If any one of its addresses is not globally reachable ([IsGlobal]), nothing is dialled, not even the others: a mixed answer is an
// attack or a mistake. What is dialled are the addresses that were judged and never the name, so a resolver that changes its mind has no second
// chance (DNS rebinding). The dialer judges what it is about to connect to once more. TLS then proves the name: a machine that an attacker points
// at has no certificate for the attacker's name.
//
// # Answers
//
// One request has one connection, HTTP/1.1 over TLS 1.2 or newer, without cookies, credentials, proxies of the environment or anything else that
// another request left behind. An answer counts if it has status 200, a JSON media type, no encoding and no more than [Config.MaxBytes]. Redirects are not
// followed. All of it, from the lookup to the last byte, has the time of [Config.Timeout].
//
// # Errors
//
// [errors.Is] tells four kinds: [ErrRefused], [ErrBusy], [ErrUnavailable], [ErrDocument]. Their texts are for a log. They hold nothing of the
// body, and the URL without user and query; they do say to what a name resolves, so they must not be shown to strangers.
//
// # What is left to the caller
//
// Nothing is remembered here. Caching, waiting after a failure, and limits for each caller belong to who calls; so does reading the document.
package safefetch
