package rest

import (
	"context"
	"encoding/json"
	"net/url"
	"reflect"

	"github.com/org/zscalermcp/tool"
)

// Read declares a tool that reads: usually a GET; a POST that only searches or looks up is marked [Safe].
func Read[In any](name, endpoint, doc string, opts ...Option) tool.Tool {
	return declare(tool.Read, name, endpoint, doc, reflect.TypeFor[In](), opts)
}

// Create declares a tool that adds an object.
func Create[In any](name, endpoint, doc string, opts ...Option) tool.Tool {
	return declare(tool.Create, name, endpoint, doc, reflect.TypeFor[In](), opts)
}

// Update declares a tool that changes an object. A PUT replaces the whole object in every Zscaler API,
// so the tool reads the object first (GET of the same path, or [ReadFrom]), lays the sent members over
// it, drops what the server owns, and sends the whole; [Replace] sends only what was sent. When the
// answer is empty (ZPA), the object is read again and returned.
//
// Updates of one object by callers of this process run one after the other, see [Exclusive], so that
// none undoes another. Against other processes and the portal the last writer wins: the APIs have no
// versions to compare. The id in the body is always that of the object that was read.
func Update[In any](name, endpoint, doc string, opts ...Option) tool.Tool {
	return declare(tool.Update, name, endpoint, doc, reflect.TypeFor[In](), opts)
}

// Delete declares a tool that removes an object. The result is {"success": true, "message": …}.
//
// Before the human is asked, a DELETE reads the object (GET of the same path in the same microtenant, or
// [ReadFrom]), so that the question names it, see [Question]. A read that fails, with status 404 or any
// other, is the tool's error: nobody is asked and nothing is deleted. [Unread] leaves the read out, where
// the API has none. A deletion by another method, such as a POST for many objects, reads only what
// ReadFrom names.
func Delete[In any](name, endpoint, doc string, opts ...Option) tool.Tool {
	return declare(tool.Delete, name, endpoint, doc, reflect.TypeFor[In](), opts)
}

// Query declares a tool that asks a GraphQL query of endpoint (POST) and returns data.<root>; with
// [List], the nodes or entries of it. operation is the name of the query in document.
func Query[In any](name, endpoint, operation, root, document, doc string, opts ...Option) tool.Tool {
	opts = append([]Option{graphQL(operation, root, document), Safe}, opts...)
	return declare(tool.Read, name, endpoint, doc, reflect.TypeFor[In](), opts)
}

// An Option changes the declaration of an endpoint. Those without values, such as [List], are given by
// their names: rest.Read[In](name, endpoint, doc, rest.List, rest.Untrusted).
type Option func(*endpoint)

// List is an [Option]: it marks an endpoint that answers rows; they are unwrapped from the envelope of
// its service.
func List(e *endpoint) { e.list = true }

// Rows names the member of the answer that holds the rows, where it is not that of the service.
func Rows(member string) Option { return func(e *endpoint) { e.list, e.rows = true, member } }

// OneRow is an [Option]: it marks a list whose endpoint may also answer one object, which then is the
// only row.
func OneRow(e *endpoint) { e.list, e.oneRow = true, true }

// Queried is an [Option]: it gives the argument query to an endpoint that answers a record, to take rows out of it.
func Queried(e *endpoint) { e.queried = true }

// Untrusted is an [Option]: it marks an endpoint whose answers hold text that outsiders wrote.
func Untrusted(e *endpoint) { e.untrusted = true }

// Secret marks an endpoint whose very point is a secret, such as a one-time password, so that a masked answer says how to reveal it. The
// members, if any, are names of members that hold secrets in its answers beside those that every tool masks; see [tool.Masked].
func Secret(members ...string) Option {
	return func(e *endpoint) { e.secret, e.secretMembers = true, append(e.secretMembers, members...) }
}

// JSONText is an [Option]: it keeps the text answer JSON where flat rows would else be CSV.
func JSONText(e *endpoint) { e.jsonText = true }

// Safe is an [Option]: it marks a POST that changes nothing, so that it may be repeated after a lost
// answer.
func Safe(e *endpoint) { e.safe = true }

// Replace is an [Option]: it makes an Update send only the members that were sent, without reading the
// object first.
func Replace(e *endpoint) { e.replace = true }

// Unread is an [Option]: it makes a Delete ask without reading the object, where the path has no GET. The
// question then names the arguments only.
func Unread(e *endpoint) { e.unread = true }

// ReadFrom names the path that an Update or Delete reads the object from, where it is not the path it
// writes to.
func ReadFrom(path string) Option { return func(e *endpoint) { e.readFrom = path } }

// NamedBy says which member of the object, a dotted path, names it in the question of a Delete, where it
// is none of the usual ones, such as name.
func NamedBy(member string) Option { return func(e *endpoint) { e.namedBy = member } }

// ConstQuery sends a fixed query parameter.
func ConstQuery(name, value string) Option {
	return func(e *endpoint) { e.constQuery = append(e.constQuery, [2]string{name, value}) }
}

// ConstBody sends a fixed body member (a dotted wire path as in the in tag); value is JSON.
func ConstBody(member, value string) Option {
	return func(e *endpoint) { e.constBody = append(e.constBody, [2]string{member, value}) }
}

// ConstVar sends a fixed GraphQL variable; the value "{customer_id}" in double quotes stands for the
// tenant's setting of that name.
func ConstVar(name, value string) Option {
	return func(e *endpoint) { e.constVars = append(e.constVars, [2]string{name, value}) }
}

// Prepare runs fn on the planned request before it is sent (and, for an Update that reads first, after
// the overlay). It may change the plan, or refuse the call with an error.
func Prepare(fn func(ctx context.Context, p *Plan) error) Option {
	return func(e *endpoint) { e.prepare = append(e.prepare, fn) }
}

// Finish runs fn on the answer; it may replace rows or record, or turn the answer into an error.
func Finish(fn func(ctx context.Context, p *Plan, a *Answer) error) Option {
	return func(e *endpoint) { e.finish = append(e.finish, fn) }
}

// A Plan is a request about to be sent.
type Plan struct {
	Args   tool.Args
	Method string
	Path   string // escaped
	Query  url.Values
	Body   map[string]json.RawMessage // members of the body's root; nil: no body
	Whole  json.RawMessage            // the body when it is not an object (in:"body=$"); wins over Body
	// Current is the object as it was read before an Update; nil otherwise.
	Current map[string]json.RawMessage

	one bool // see ReadOne
}

// An Answer is what came back: Rows of a list, else Record.
type Answer struct {
	Rows   []json.RawMessage
	Note   string
	Record json.RawMessage
}
