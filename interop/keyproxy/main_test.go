package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// seen is what the server behind the proxy gets.
type seen struct{ Path, Host, Origin, Authorization, Session string }

func TestProxyAddsTheKeyAndKeepsTheRest(t *testing.T) {
	var got seen
	behind := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := r.Header
		got = seen{r.URL.Path, r.Host, h.Get("Origin"), h.Get("Authorization"), h.Get("Mcp-Session-Id")}
		_, _ = io.WriteString(w, "answer")
	}))
	defer behind.Close()
	target, err := url.Parse(behind.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httptest.NewUnstartedServer(nil)
	own := proxy.Listener.Addr().String()
	proxy.Config.Handler = newProxy(target, own, "k")
	proxy.Start()
	defer proxy.Close()

	for name, test := range map[string]struct{ host, wantHost string }{
		"own address":   {own, target.Host},
		"other address": {"evil.example", "evil.example"},
	} {
		r, err := http.NewRequest(http.MethodPost, proxy.URL+"/mcp", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = test.host
		r.Header.Set("Origin", "http://"+test.host)
		r.Header.Set("Mcp-Session-Id", "s")
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(res.Body)
		if err := res.Body.Close(); err != nil {
			t.Fatal(err)
		}
		if err != nil || string(text) != "answer" {
			t.Errorf("%s: answer %q, %v", name, text, err)
		}
		want := seen{"/mcp", test.wantHost, "http://" + test.wantHost, "Bearer k", "s"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: the server behind got (-want +got):\n%s", name, diff)
		}
	}
}

func TestServeRefusesHalfAConfiguration(t *testing.T) {
	good, err := url.Parse("http://127.0.0.1:1/mcp")
	if err != nil {
		t.Fatal(err)
	}
	if check(&url.URL{Path: "/mcp"}, "k") == nil || check(good, "") == nil {
		t.Error("a target without host or an empty key was accepted")
	}
	if err := check(good, "k"); err != nil {
		t.Errorf("a target and a key were refused: %v", err)
	}
}
