package zscaler

import (
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// TestDecodeError reads the recorded shapes of every service.
func TestDecodeError(t *testing.T) {
	for name, test := range map[string]struct {
		service       Service
		status        int
		body          string
		code, message string
		params        []string
		kind          Kind
	}{
		"gateway":      {ZIA, 401, `{"detail":"unauthorized","type":"","title":"","status":""}`, "", "unauthorized", nil, KindCredentials},
		"route miss":   {ZIA, 404, "404 page not found\n", "", "404 page not found", nil, KindNotFound},
		"ZIA":          {ZIA, 400, `{"code":"INVALID_INPUT_ARGUMENT","message":"no name"}`, "INVALID_INPUT_ARGUMENT", "no name", nil, KindInvalid},
		"ZIA HTML":     {ZIA, 406, `<html><body>secret page</body></html>`, "", "the answer is a web page", nil, KindInvalid},
		"ZIA empty":    {ZIA, 415, ``, "", "", nil, KindInvalid},
		"ZIA licence":  {ZIA, 400, `{"code":"NOT_SUBSCRIBED","message":"x"}`, "NOT_SUBSCRIBED", "x", nil, KindPermission},
		"ZIA double":   {ZIA, 400, `{"code":"DUPLICATE_ITEM","message":"x"}`, "DUPLICATE_ITEM", "x", nil, KindConflict},
		"ZPA":          {ZPA, 404, `{"id":"resource.not.found","reason":"No such","params":["a",["b",7]],"exception":"E"}`, "resource.not.found", "No such", []string{"a", "b", "7"}, KindNotFound},
		"ZPA as 400":   {ZPA, 400, `{"id":"resource.not.found","reason":"x"}`, "resource.not.found", "x", nil, KindNotFound},
		"ZCC":          {ZCC, 400, `{"title":"t","errorCode":null,"errorMessage":"bad"}`, "t", "bad", nil, KindInvalid},
		"ZCC other":    {ZCC, 400, `{"devicesRemoved":0,"errorMsg":"no udid","id":0}`, "", "no udid", nil, KindInvalid},
		"ZCell":        {ZCell, 500, `{"msgId":"m-1","detail":"boom","timestamp":1}`, "m-1", "boom", nil, KindUnavailable},
		"ZDX number":   {ZDX, 403, `{"code":1403,"message":"x"}`, "1403", "x", nil, KindPermission},
		"array":        {ZDX, 500, `["x"]`, "", `["x"]`, nil, KindUnavailable},
		"binary":       {ZDX, 500, "\xff\xfe", "", "the answer is not text", nil, KindUnavailable},
		"controls":     {ZIA, 400, `{"message":"a\u0000b\r\nc\u202ed"}`, "", "a b  cd", nil, KindInvalid},
		"credentials":  {ZIA, 400, `{"message":"https://x/y?api_token=abc123&z=1 Bearer ey.J.x"}`, "", "https://x/y?api_token=[redacted]&z=1 Bearer [redacted]", nil, KindInvalid},
		"a JWT":        {ZIA, 400, `{"message":"got eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2ln!"}`, "", "got [redacted]!", nil, KindInvalid},
		"wrong kinds":  {ZPA, 400, `{"id":{},"reason":[],"message":true,"params":{"x":1}}`, "", "", nil, KindInvalid},
		"null":         {ZPA, 400, `null`, "", "", nil, KindInvalid},
		"rate":         {ZPA, 429, ``, "", "", nil, KindRateLimit},
		"precondition": {ZIA, 412, `{"message":"other"}`, "", "other", nil, KindConflict},
	} {
		e := decodeError(test.service, test.status, http.Header{}, []byte(test.body))
		if e.Code != test.code || e.Message != test.message || e.Kind() != test.kind {
			t.Errorf("%s: %q %q %s", name, e.Code, e.Message, e.Kind())
		}
		if diff := cmp.Diff(test.params, e.Params); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestMessageIsCut(t *testing.T) {
	for text, want := range map[string]int{strings.Repeat("a", 500): 500, strings.Repeat("a", 501): 500, strings.Repeat("é", 400): 499} {
		if got := clean(text); len(got) != want || !utf8.ValidString(got) {
			t.Errorf("%d bytes of %d", len(got), len(text))
		}
	}
}

func FuzzDecodeError(f *testing.F) {
	f.Add("zia", 409, `{"code":"EDIT_LOCK_NOT_AVAILABLE"}`, "1")
	f.Add("zpa", 400, `{"id":"x","params":[[[[[["deep"]]]]]]}`, "4s")
	f.Add("zcc", 429, `<html>`, "Wed, 21 Oct 2015 07:28:00 GMT")
	f.Fuzz(func(t *testing.T, service string, status int, body, after string) {
		e := decodeError(Service(service), status, http.Header{"Retry-After": {after}}, []byte(body))
		if len(e.Message) > maxMessage || len(e.Code) > maxMessage || len(e.Params) > maxParams {
			t.Error("too long")
		}
		if e.RetryAfter < 0 || e.RetryAfter > maxAfter {
			t.Error(e.RetryAfter)
		}
		for _, r := range e.Code + e.Message + strings.Join(e.Params, "") {
			if unicode.IsControl(r) {
				t.Errorf("control character %q", r)
			}
		}
		if e.Error() == "" || e.Advice() == "" {
			t.Error("no text")
		}
	})
}

func TestParseWait(t *testing.T) {
	now := time.Date(2015, 10, 21, 7, 27, 30, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"1": time.Second, "0": 0, "4s": 4 * time.Second, "13 seconds": 13 * time.Second, "1 second": time.Second,
		" 0 SECONDS ": 0, "1m30s": 90 * time.Second, "0.5": 500 * time.Millisecond, "250ms": 250 * time.Millisecond,
		"Wed, 21 Oct 2015 07:28:00 GMT": 30 * time.Second, "Wed, 21 Oct 2015 07:00:00 GMT": 0,
		"99999999999999": maxAfter, "inf": maxAfter, "1e300": maxAfter,
	} {
		if got, ok := parseWait(value, now); !ok || got != want {
			t.Errorf("%q: %v, %v", value, got, ok)
		}
	}
	for _, value := range []string{"", "-1", "-4s", "soon", "4 minutes", "nan", "1,2", "5 seconds more", strings.Repeat("1", 65)} {
		if got, ok := parseWait(value, now); ok {
			t.Errorf("%q: %v", value, got)
		}
	}
}

func FuzzParseWait(f *testing.F) {
	for _, seed := range []string{"1", "4s", "13 seconds", "1m30s", "Wed, 21 Oct 2015 07:28:00 GMT", "-1", "1e309", "0x1p10"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		d, ok := parseWait(value, time.Now())
		if d < 0 || d > maxAfter || !ok && d != 0 {
			t.Errorf("%q: %v, %v", value, d, ok)
		}
	})
}
