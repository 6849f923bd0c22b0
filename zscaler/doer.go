package zscaler

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
)

// A Doer sends requests to one Zscaler tenant. [*Client] is the one for OneAPI; tests and callers
// with credentials of their own may bring another. It must be safe for concurrent use.
type Doer interface {
	// Do sends req and returns the answer, if its status is 2xx and its body reports no failure.
	// Every other outcome is an error, an [*APIError] when the tenant answered.
	Do(ctx context.Context, req *Request) (*Response, error)
	// Setting returns a value of the tenant's configuration: [CustomerID], [ZCellCustomerID] or
	// [MicrotenantID]. It returns an error that says what to configure when a required one is not
	// set, and "" when MicrotenantID is not.
	Setting(name string) (string, error)
}

// A Locker is a [Doer] that can keep the callers of one process from changing one object at once. Most
// of Zscaler's changes are a read, a change in the caller's hands and a PUT of the whole object, and no
// API of theirs takes a version: of two such changes that overlap, the later PUT undoes the earlier one
// without an error. A Locker prevents that among its own callers. Against other processes, the portal
// among them, nothing does: there the last writer wins. [*Client] is one.
type Locker interface {
	// Lock waits until no other caller holds key, which names an object of the tenant, such as the path
	// of its PUT. The caller must call unlock when the change is done; calling it twice does no harm.
	// Lock ends with an error when ctx does, and then holds nothing. It cannot be nested for one key.
	Lock(ctx context.Context, key string) (unlock func(), err error)
}

// Names for [Doer.Setting]. They are also the placeholders that stand for the value in paths.
const (
	CustomerID      = "customer_id"
	ZCellCustomerID = "zcell_customer_id"
	MicrotenantID   = "microtenant_id"
)

// A Request is one call of the OneAPI gateway.
type Request struct {
	Method string
	Path   string          // escaped path under the gateway, such as /zia/api/v1/ruleLabels
	Query  url.Values      // spaces are sent as %20
	Body   json.RawMessage // JSON, or nil for no body
	// Safe marks a POST that changes nothing (search, lookup, GraphQL query): it may be repeated
	// after a failure of unknown outcome, as a GET may.
	Safe bool
}

// A Response is a successful answer of the gateway.
type Response struct {
	Status    int
	Header    http.Header
	Body      json.RawMessage // nil when empty; checked to be JSON otherwise
	RequestID string          // x-oneapi-request-id
}

type doerKey struct{}

// ContextWithDoer returns a context whose tool calls go to d.
func ContextWithDoer(ctx context.Context, d Doer) context.Context {
	return context.WithValue(ctx, doerKey{}, d)
}

// DoerFromContext returns the tenant that the current tool call acts on. Inside a tool of this server
// there always is one.
func DoerFromContext(ctx context.Context) (Doer, error) {
	d, ok := ctx.Value(doerKey{}).(Doer)
	if !ok || d == nil {
		return nil, errors.New("zscaler: no tenant in the context: run this tool through a zscalermcp server, or plant one with ContextWithDoer")
	}
	return d, nil
}
