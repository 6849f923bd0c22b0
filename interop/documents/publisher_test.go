package main

import (
	"encoding/json"
	"testing"

	"github.com/org/zscalermcp/auth/oidcproxy/safefetch"
)

// The fetcher of the product finds the document, and at no other host one that it would read.
func TestDocumentIsFound(t *testing.T) {
	pub, err := publish()
	if err != nil {
		t.Fatal(err)
	}
	fetch, err := safefetch.New(pub.fetching())
	if err != nil {
		t.Fatal(err)
	}
	found, err := fetch.Get(t.Context(), "https://"+documentHost+documentPath)
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		ID string `json:"client_id"`
	}
	if err := json.Unmarshal(found.Body, &document); err != nil || document.ID != "https://"+documentHost+documentPath {
		t.Errorf("%s, %v", found.Body, err)
	}
	if _, err := fetch.Get(t.Context(), "https://other.example.com"+documentPath); err == nil {
		t.Error("another host has a document")
	}
	fetch.Close()
	if err := pub.close(); err != nil {
		t.Error(err)
	}
}
