package zscalertest

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// A Kind is a way for the tenant to fail.
type Kind int

// The kinds of fault. Those marked "after" do what the request asks and spoil only the answer.
const (
	RateLimited    Kind = iota + 1 // 429, with the headers and body of the service (Fault.RetryAfter)
	EditLock                       // ZIA's 409 EDIT_LOCK_NOT_AVAILABLE, after Fault.Delay or Options.EditLockDelay
	Unauthorized                   // the gateway's 401, as for a token revoked early
	ServerError                    // Fault.Status (default 503) with an error body of the service
	EmptyError                     // Fault.Status (default 500) without a body
	Slow                           // after: the answer comes when Fault.Delay is over
	Truncated                      // after: the connection breaks in the middle of the body
	HTML                           // an HTML page, Fault.Status (default 200), that claims to be JSON
	DropConnection                 // no answer at all: the connection breaks
	GraphQLError                   // after: HTTP 200 with errors beside null data
)

// A Fault is one planned failure.
type Fault struct {
	// PathPrefix selects requests by path, such as "/zia/api/v1/ruleLabels". Empty means every gateway
	// path; "/oauth2" is the token endpoint.
	PathPrefix string
	// Method selects requests by method. Empty means any.
	Method string
	// Kind is what happens. The zero Kind is a ServerError.
	Kind Kind
	// Times is how many requests fail: 0 means one, a negative number all until ClearFaults.
	Times int
	// Delay is the wait of Slow and EditLock. It ends early with the request or the tenant.
	Delay time.Duration
	// RetryAfter is what RateLimited tells the client, in whole seconds. Zero is sent as 0.
	RetryAfter time.Duration
	// Status is the HTTP status of ServerError, EmptyError and HTML.
	Status int
}

// Fail plans a failure. Requests meet the planned faults in order: the first that fits is used. Only
// requests with a valid token use up faults of the gateway.
func (t *Tenant) Fail(f Fault) { t.faults.add(f) }

// ClearFaults forgets every planned failure.
func (t *Tenant) ClearFaults() { t.faults.clear() }

// A faultList holds the planned faults.
type faultList struct {
	mu      sync.Mutex
	planned []Fault
}

func (l *faultList) add(f Fault) {
	if f.Times == 0 {
		f.Times = 1
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.planned = append(l.planned, f)
}

func (l *faultList) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.planned = nil
}

// take returns the fault that r meets, if any, and uses it up.
func (l *faultList) take(r *http.Request) (Fault, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.IndexFunc(l.planned, func(f Fault) bool { return f.fits(r) })
	if i < 0 {
		return Fault{}, false
	}
	f := l.planned[i]
	if f.Times > 0 {
		l.planned[i].Times--
	}
	if l.planned[i].Times == 0 {
		l.planned = slices.Delete(l.planned, i, i+1)
	}
	return f, true
}

func (f Fault) fits(r *http.Request) bool {
	if f.PathPrefix == "" && r.URL.Path == tokenPath {
		return false
	}
	return strings.HasPrefix(r.URL.Path, f.PathPrefix) && (f.Method == "" || f.Method == r.Method)
}
