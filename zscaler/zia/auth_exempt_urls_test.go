package zia_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/internal/bubble"
	"github.com/org/zscalermcp/zscaler"
	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

// The list of exempt URLs comes through in every answer about it.
func TestLifeOfExemptURLs(t *testing.T) {
	w := suite.Open(t, nil)
	if got := w.First(t, "zia_list_auth_exempt_urls", nil, "length(@)"); got != "5" {
		t.Errorf("%s URLs", got)
	}
	w.Forget()
	text := w.Must(t, "zia_add_auth_exempt_urls", args{"exempt_urls": []string{"New.example.com", "b.example.com"}})
	if !strings.Contains(text, `{"urls":[".login.example.com",`) || !strings.Contains(text, `"New.example.com","b.example.com"]}`) {
		t.Errorf("the list is %s", text)
	}
	want := "POST /zia/api/v1/authSettings/exemptedUrls?action=ADD_TO_LIST\nGET /zia/api/v1/authSettings/exemptedUrls"
	if diff := cmp.Diff(want, w.Lines()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(paritytest.JSON(t, `{"urls":["New.example.com","b.example.com"]}`), w.Last(t, "POST").Body); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
	w.Forget()
	refused(t, w, "zia_delete_auth_exempt_urls", args{"exempt_urls": []string{"other.example.com"}}, "none of these URLs is exempt")
	refused(t, w, "zia_delete_auth_exempt_urls", args{"exempt_urls": []string{}}, "exempt_urls")
	refused(t, w, "zia_add_auth_exempt_urls", args{"exempt_urls": []string{}}, "exempt_urls")
	if len(w.Asked()) > 0 || strings.Contains(w.Lines(), "POST") {
		t.Errorf("asked %q, requests:\n%s", w.Asked(), w.Lines())
	}
	text = w.Must(t, "zia_delete_auth_exempt_urls", args{"exempt_urls": []string{"new.example.com", "other.example.com"}})
	if asked := w.Asked(); len(asked) != 1 || !strings.Contains(asked[0], `["new.example.com","other.example.com"]`) || !strings.Contains(text, "None of these 2 URLs is exempt any more; 6 others are exempt now") {
		t.Errorf("asked %q: %s", asked, text)
	}
	if text := w.Must(t, "zia_list_auth_exempt_urls", nil); strings.Contains(text, "New.example.com") || !strings.Contains(text, "b.example.com") {
		t.Errorf("the list is %s", text)
	}
}

// A slow tenant shows a change of the exempt URLs only in a later answer, in words of its own.
type slow struct {
	lists []string // answers, the last one again and again; "" fails
	reads int
}

func (s *slow) Setting(string) (string, error) { return "", nil }

func (s *slow) Do(_ context.Context, req *zscaler.Request) (*zscaler.Response, error) {
	if req.Method == "POST" {
		return &zscaler.Response{Status: 204}, nil
	}
	list := s.lists[min(s.reads, len(s.lists)-1)]
	s.reads++
	if list == "" {
		return nil, errors.New("the service is down")
	}
	return &zscaler.Response{Status: 200, Body: json.RawMessage(list)}, nil
}

// The list is read a second time, two seconds later, when it does not show the change yet. A removal that
// it never shows is no success.
func TestExemptURLsReadBack(t *testing.T) {
	const with, without = `{"urls":["a.test","b.test"]}`, `{"urls":["a.test"]}`
	for name, test := range map[string]struct {
		tool  string
		lists []string
		want  string
		fails bool
		pause time.Duration
	}{
		"added":               {"zia_add_auth_exempt_urls", []string{with}, with, false, 0},
		"added, later":        {"zia_add_auth_exempt_urls", []string{without, with}, with, false, 2 * time.Second},
		"added, never shown":  {"zia_add_auth_exempt_urls", []string{without}, "does not show all of them yet", false, 2 * time.Second},
		"added, not readable": {"zia_add_auth_exempt_urls", []string{""}, "the list was changed, but reading it back failed", true, 0},
		"added, then not":     {"zia_add_auth_exempt_urls", []string{without, ""}, "the list was changed, but reading it back failed", true, 2 * time.Second},
		"added, nonsense":     {"zia_add_auth_exempt_urls", []string{`[]`}, "the list was changed, but reading it back failed", true, 0},
		"removed":             {"zia_delete_auth_exempt_urls", []string{without}, "None of these 1 URLs is exempt any more; 1 others are exempt now.", false, 0},
		"removed, later":      {"zia_delete_auth_exempt_urls", []string{with, without}, "None of these 1 URLs is exempt any more; 1 others are exempt now.", false, 2 * time.Second},
		"removed, still there": {
			"zia_delete_auth_exempt_urls", []string{with}, "its list still holds b.test", true, 2 * time.Second,
		},
		"removed, not readable": {"zia_delete_auth_exempt_urls", []string{""}, "reading it back failed", true, 0},
	} {
		bubble.Test(t, func(t *testing.T) {
			start := time.Now()
			ctx := zscaler.ContextWithDoer(t.Context(), &slow{lists: test.lists})
			answer, err := suite.Handle(ctx, t, test.tool, args{"exempt_urls": []string{"b.test"}})
			text, _ := json.Marshal(answer)
			if err != nil {
				text = []byte(err.Error())
			}
			if (err != nil) != test.fails || !strings.Contains(string(text), test.want) || time.Since(start) != test.pause {
				t.Errorf("%s: after %v: %s (%v), want %s after %v", name, time.Since(start), text, err, test.want, test.pause)
			}
		})
	}
}
