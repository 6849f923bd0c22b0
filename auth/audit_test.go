package auth_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/org/zscalermcp/auth"
)

// failing is an authenticator that answers with err.
func failing(err error) auth.Authenticator {
	return auth.AuthenticatorFunc(func(*http.Request) (*auth.Principal, error) { return nil, err })
}

// R149, R151: each decision is one event with its reason, who and from where; the answer names the request as the event does.
func TestAuditEvents(t *testing.T) {
	idp := newIDP(t, "ES256")
	jwt := newJWT(t, jwtConfig(idp))
	keys := newKeys(t, auth.APIKey{Name: "ci", Key: goodKey}, auth.APIKey{Name: "old", Key: fileKey, Expires: time.Now().Add(-time.Hour)})
	down := jwtConfig(idp)
	down.HTTPClient = &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) { return nil, errors.New("down") })}
	good, expired := mint(idp, map[string]any{"sub": "alice", "client_id": "app"}), mint(idp, map[string]any{"exp": time.Now().Add(-time.Hour).Unix()})
	past := auth.AuthenticatorFunc(func(*http.Request) (*auth.Principal, error) {
		return &auth.Principal{Subject: "s", Expires: time.Now().Add(-time.Second)}, nil
	})
	admitted := func(mode, issuer, subject, client string) auth.Event {
		p := auth.Principal{Issuer: issuer, Subject: subject}
		return auth.Event{Name: auth.EventAdmitted, Mode: mode, Principal: p.Key(), Subject: subject, ClientID: client, Reason: "admitted"}
	}
	refused := func(mode string, status int, reason string) auth.Event {
		return auth.Event{Name: auth.EventRefused, Mode: mode, Status: status, Reason: reason}
	}
	insufficient := refused("jwt", 403, auth.ReasonInsufficientScope)
	insufficient.Scopes = []string{"use"}
	ownHeader := auth.AuthenticatorFunc(func(*http.Request) (*auth.Principal, error) {
		return nil, &auth.Error{Status: 401, Code: "invalid_token", Description: "No."}
	})
	const open = "?" // the only mode there is, or none
	for name, test := range map[string]struct {
		a    auth.Authenticator
		line string
		want auth.Event
	}{
		"key":                  {keys, "X-Api-Key: " + goodKey, admitted("api-key", "api-key", "ci", "ci")},
		"JWT":                  {jwt, "Authorization: Bearer " + good, admitted("jwt", idpURL, "alice", "app")},
		"nothing":              {keys, "", refused(open, 401, auth.ReasonNoCredential)},
		"nothing, two modes":   {anyOf(t, keys, jwt), "", refused("", 401, auth.ReasonNoCredential)},
		"several":              {keys, "X-Api-Key: " + goodKey + "|Authorization: Bearer " + goodKey, refused(open, 400, auth.ReasonSeveralCredentials)},
		"malformed":            {keys, "Authorization: Bearer " + goodKey + ", x", refused(open, 400, auth.ReasonMalformed)},
		"no token":             {keys, "Authorization: Bearer", refused(open, 401, auth.ReasonMalformed)},
		"half a pair":          {oneClient(t), "X-Zscaler-Client-Secret: right", refused("zscaler", 400, auth.ReasonMalformed)},
		"too long":             {keys, "X-Api-Key: " + strings.Repeat(goodKey, 1000), refused(open, 401, auth.ReasonTooLong)},
		"wrong key":            {keys, "X-Api-Key: " + otherKey, refused("api-key", 401, auth.ReasonInvalid)},
		"a header of its own":  {ownHeader, "X-Gateway-User: mallory", refused("", 401, auth.ReasonInvalid)},
		"wrong pair":           {oneClient(t), "Authorization: Basic Y2xpZW50Ondyb25n", refused("zscaler", 401, auth.ReasonInvalid)},
		"of no kind":           {anyOf(t, keys, jwt), "Authorization: Basic Y2xpZW50Ondyb25n", refused("", 401, auth.ReasonInvalid)},
		"forged JWT":           {jwt, "Authorization: Bearer " + good[:len(good)-4] + "AAAA", refused("jwt", 401, auth.ReasonInvalid)},
		"expired key":          {keys, "X-Api-Key: " + fileKey, refused("api-key", 401, auth.ReasonExpired)},
		"expired key of two":   {anyOf(t, jwt, keys), "X-Api-Key: " + fileKey, refused("api-key", 401, auth.ReasonExpired)},
		"expired JWT":          {jwt, "Authorization: Bearer " + expired, refused("jwt", 401, auth.ReasonExpired)},
		"expired JWT of two":   {anyOf(t, keys, jwt), "Authorization: Bearer " + expired, refused("jwt", 401, auth.ReasonExpired)},
		"expired principal":    {past, "X-Api-Key: " + goodKey, refused("", 401, auth.ReasonExpired)},
		"too little":           {guardedResource(t, jwt, "use"), "Authorization: Bearer " + good, insufficient},
		"forbidden":            {failing(&auth.Error{Status: 403, Code: "access_denied"}), "X-Api-Key: " + goodKey, refused("", 403, auth.ReasonForbidden)},
		"throttled":            {failing(&auth.Error{Status: 429, Code: "too_many_requests"}), "", refused("", 429, auth.ReasonThrottled)},
		"unavailable":          {newJWT(t, down), "Authorization: Bearer " + good, refused("jwt", 503, auth.ReasonUnavailable)},
		"internal":             {failing(errors.New("trouble")), "X-Api-Key: " + goodKey, refused("", 500, auth.ReasonInternal)},
		"internal, odd status": {failing(&auth.Error{Status: 302}), "", refused("", 500, auth.ReasonInternal)},
		"panic":                {auth.AuthenticatorFunc(func(r *http.Request) (*auth.Principal, error) { panic(r.Header) }), "X-Api-Key: " + goodKey, refused("", 500, auth.ReasonInternal)},
	} {
		c := recorder{proxies: parseProxies(t, "", "10.0.0.0/8")}
		began := time.Now()
		w, _ := c.serve(test.a, sentFrom("10.0.0.1:443", append(splitLines(test.line), "X-Forwarded-For: 198.51.100.1")...))
		e := c.last(t)
		if test.want.Mode == open {
			test.want.Mode = e.Mode
		}
		if diff := cmp.Diff(test.want, e, cmpopts.IgnoreFields(auth.Event{}, "Time", "ClientAddr", "RequestID")); diff != "" || len(c.all()) != 1 {
			t.Errorf("%s: %d events (-want +got):\n%s", name, len(c.all()), diff)
		}
		if e.RequestID == "" || e.RequestID != w.Header().Get("X-Request-Id") || e.ClientAddr.String() != "198.51.100.1" || e.Time.Before(began) || e.Time.After(time.Now()) {
			t.Errorf("%s: event %+v, answer %v", name, e, w.Header())
		}
		if e.Status != 0 && e.Status != w.Code {
			t.Errorf("%s: status %d in the event, %d in the answer", name, e.Status, w.Code)
		}
		written := c.log.String() + fmt.Sprintf("%+v %#v", e, e) + w.Body.String() + fmt.Sprint(w.Header())
		holdsNone(t, name, written, goodKey, fileKey, otherKey, "Y2xpZW50", "wrong\"", "right", good[:40], expired[len(expired)-20:], good[len(good)-44:len(good)-4])
		if got := strings.Count(c.log.String(), "\n"); got != 1 || !strings.Contains(c.log.String(), e.RequestID) {
			t.Errorf("%s: %d lines of log: %s", name, got, c.log.String())
		}
	}
}

// R121, R151: a refusal of what a known caller asked for names the caller, and the request as its admission does.
func TestAuditOfRefuse(t *testing.T) {
	keys := newKeys(t, auth.APIKey{Name: "ci", Key: goodKey})
	var c recorder
	w := httptest.NewRecorder()
	c.guard(keys, func(w http.ResponseWriter, r *http.Request) {
		auth.Refuse(w, r, keys, &auth.Error{Status: http.StatusForbidden, Code: "insufficient_scope", Description: "More.", Scopes: []string{"write"}, Operation: "make"})
	}).ServeHTTP(w, bearing(goodKey))
	all := c.all()
	if len(all) != 2 {
		t.Fatalf("events %+v", all)
	}
	p := auth.Principal{Issuer: "api-key", Subject: "ci"}
	want := auth.Event{Name: auth.EventRefused, Mode: "api-key", Principal: p.Key(), Subject: "ci", ClientID: "ci", Status: 403, Reason: auth.ReasonInsufficientScope, Operation: "make", Scopes: []string{"write"}}
	if diff := cmp.Diff(want, all[1], cmpopts.IgnoreFields(auth.Event{}, "Time", "ClientAddr", "RequestID")); diff != "" {
		t.Errorf("the event (-want +got):\n%s", diff)
	}
	if all[0].RequestID != all[1].RequestID || all[1].RequestID != w.Header().Get("X-Request-Id") {
		t.Errorf("request ids %q, %q, %q", all[0].RequestID, all[1].RequestID, w.Header().Get("X-Request-Id"))
	}
	w = httptest.NewRecorder() // without a middleware there is nobody to record it, and an answer all the same
	auth.Refuse(w, bearing(goodKey), keys, &auth.Error{Status: http.StatusForbidden, Code: "insufficient_scope", Description: "More."})
	if w.Code != http.StatusForbidden || len(c.all()) != 2 {
		t.Errorf("outside: %d, %d events", w.Code, len(c.all()))
	}
}

// What goes wrong in the sink is not the caller's affair.
func TestAuditSinkPanics(t *testing.T) {
	var logs logBuffer
	h := auth.Middleware(newKeys(t, auth.APIKey{Key: goodKey}), auth.MiddlewareConfig{Logger: debugLog(&logs), Audit: func(context.Context, auth.Event) { panic("PRIVATE") }})(http.HandlerFunc(whoAmI))
	for key, want := range map[string]int{goodKey: 200, otherKey: 401} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, bearing(key))
		if w.Code != want {
			t.Errorf("status %d, want %d", w.Code, want)
		}
	}
	if got := strings.Count(logs.String(), "the audit sink has panicked"); got != 2 {
		t.Errorf("told %d times: %s", got, logs.String())
	}
	holdsNone(t, "the log", logs.String(), "PRIVATE", goodKey, otherKey)
}

// R150: text that came from elsewhere cannot forge lines of a log, nor hide in it, nor fill it.
func TestAuditTextIsPlain(t *testing.T) {
	for sent, want := range map[string]string{
		"alice":                               "alice",
		"Jürgen 東京 🙂":                         "Jürgen 東京 🙂",
		"a\r\nlevel=ERROR b":                  "alevel=ERROR b",
		"\x1b[31mred\x1b[0m":                  "[31mred[0m",
		"a\u202egnp.exe\u202c":                "agnp.exe",
		"a\u2066b\u2069c\u200fd\u061ce":       "abcde",
		"a\u200bb\ufeffc\u00add\u2028e\u2029": "abcde",
		"a\x00b\x7fc\u0085d\te":               "abcde",
		strings.Repeat("x", 300):              strings.Repeat("x", 256),
		strings.Repeat("x", 255) + "é":        strings.Repeat("x", 255),
		strings.Repeat("x", 254) + "éy":       strings.Repeat("x", 254) + "é",
	} {
		a := auth.AuthenticatorFunc(func(*http.Request) (*auth.Principal, error) {
			return &auth.Principal{Subject: sent, ClientID: sent}, nil
		})
		var c recorder
		_, seen := c.serve(a, bearing("x"))
		if e := c.last(t); e.Subject != want || e.ClientID != want {
			t.Errorf("%q is written as %q and %q, want %q", sent, e.Subject, e.ClientID, want)
		}
		if strings.ContainsAny(strings.TrimSuffix(c.log.String(), "\n"), "\x1b\u202e\u2066\u200b\ufeff\n") {
			t.Errorf("the log of %q: %q", sent, c.log.String())
		}
		if p, _ := auth.PrincipalFromContext(seen.Context()); p.Subject != sent {
			t.Errorf("the handler sees %q, want %q as it came", p.Subject, sent)
		}
	}
}

// The names in the log are stable; members that are empty are left out, and the level says who should care.
func TestAuditLog(t *testing.T) {
	keys := newKeys(t, auth.APIKey{Name: "ci", Key: goodKey})
	for name, test := range map[string]struct {
		a     auth.Authenticator
		line  string
		level string
		names string
	}{
		"admitted":      {keys, "X-Api-Key: " + goodKey, "DEBUG", "client_addr client_id event level mode msg principal reason request_id subject time"},
		"no credential": {anyOf(t, keys), "", "DEBUG", "cause client_addr description event level msg reason request_id status time"},
		"wrong":         {keys, "X-Api-Key: " + otherKey, "INFO", "cause client_addr code description event level mode msg reason request_id status time"},
		"unavailable":   {failing(&auth.Error{Status: 503}), "", "WARN", "client_addr description event level msg reason request_id status time"},
		"internal":      {failing(errors.New("x")), "", "ERROR", "cause client_addr code description event level msg reason request_id status time"},
	} {
		var c recorder
		c.serve(test.a, sentFrom("203.0.113.9:1", splitLines(test.line)...))
		var line map[string]any
		if err := json.Unmarshal([]byte(c.log.String()), &line); err != nil {
			t.Fatalf("%s: %v: %s", name, err, c.log.String())
		}
		if got := strings.Join(sortedNames(line), " "); got != test.names || line["level"] != test.level {
			t.Errorf("%s: level %v, want %s; names (-want +got):\n%s", name, line["level"], test.level, cmp.Diff(test.names, got))
		}
		e := c.last(t)
		for member, want := range map[string]any{"event": e.Name, "reason": e.Reason, "request_id": e.RequestID, "client_addr": "203.0.113.9"} {
			if line[member] != want {
				t.Errorf("%s: %s is %v, want %v", name, member, line[member], want)
			}
		}
	}
}

// LogValue has the members under the names of the log.
func TestEventLogValue(t *testing.T) {
	p := auth.Principal{Issuer: "i", Subject: "s"}
	e := auth.Event{
		Time: time.Now(), Name: auth.EventRefused, Mode: "jwt", Principal: p.Key(), Subject: "s", ClientID: "c", Status: 403,
		Reason: auth.ReasonForbidden, RequestID: "r-1", Suppressed: 7, ClientAddr: auth.ClientAddr(sentFrom("203.0.113.9:1"), auth.Proxies{}),
	}
	var out logBuffer
	slog.New(slog.NewTextHandler(&out, nil)).Info("m", "e", e, "none", auth.Event{})
	_, got, _ := strings.Cut(strings.TrimSpace(out.String()), "msg=m ")
	want := "e.event=auth.refused e.mode=jwt e.principal=" + p.Key() + " e.subject=s e.client_id=c e.client_addr=203.0.113.9 e.reason=forbidden e.request_id=r-1 e.status=403 e.suppressed=7"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the line (-want +got):\n%s", diff)
	}
}

// R151: handlers know the request by the name that its answer has; a caller cannot choose it, and no two are alike.
func TestRequestID(t *testing.T) {
	if got := auth.RequestID(t.Context()); got != "" {
		t.Errorf("outside: %q", got)
	}
	if got := auth.RequestID(auth.ContextWithRequestID(t.Context(), "mine")); got != "mine" {
		t.Errorf("named by the host: %q", got)
	}
	keys, seen := newKeys(t, auth.APIKey{Key: goodKey}), map[string]bool{}
	for range 100 {
		inside, below := "", ""
		var c recorder
		w := httptest.NewRecorder()
		c.guard(keys, func(_ http.ResponseWriter, r *http.Request) {
			inside = auth.RequestID(r.Context())
			ctx, cancel := context.WithCancel(context.WithValue(r.Context(), &c, 1))
			defer cancel()
			below = auth.RequestID(ctx)
		}).ServeHTTP(w, sentFrom("203.0.113.9:1", "X-Api-Key: "+goodKey, "X-Request-Id: chosen-by-the-caller"))
		if got := w.Header()["X-Request-Id"]; len(got) != 1 || got[0] != inside || inside != below || strings.Contains(inside, "chosen") || seen[inside] || inside == "" {
			t.Fatalf("ids %q, %q, %q", got, inside, below)
		}
		seen[inside] = true
	}
}

// R150: who a principal is can be logged without forging or hiding anything.
func TestPrincipalInLogs(t *testing.T) {
	var out logBuffer
	debugLog(&out).Info("m", "p", &auth.Principal{Issuer: "i", Subject: "a\u202eb\u2066", ClientID: "c\u200bd"})
	if strings.ContainsAny(out.String(), "\u202e\u2066\u200b") {
		t.Errorf("the log: %q", out.String())
	}
}

// A request whose caller no mode has taken for its own has no mode in the record, as Event.Mode says.
func TestModeOfNobody(t *testing.T) {
	for _, r := range []*http.Request{sentFrom(strangePeer), sentFrom(strangePeer, "Authorization: Basic Y2xpZW50Ondyb25n")} {
		var c recorder
		c.serve(newKeys(t, auth.APIKey{Key: goodKey}), r)
		if got := c.last(t).Mode; got != "" {
			t.Errorf("mode %q", got)
		}
	}
}
