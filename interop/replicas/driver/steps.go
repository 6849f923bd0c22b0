package main

import "context"

// A flow is one client with its user and the browser, and how far they have come.
type flow struct {
	w       *world
	at      func() int // the replica of the next request
	cookies map[string]string

	client, field, link, back, code string
	access, refresh, retired        string
	anew                            int // how often the user had to begin again
}

// A step is one request of a client or browser.
type step struct {
	name    string
	do      func(*flow, context.Context) error
	stored  int  // commands of Redis
	asks    bool // the identity provider
	instead bool // the user may have to begin the sign-in again when it gets no answer
}

// steps of a sign-in, and of the use of its tokens.
var steps = []step{
	{name: "register", do: (*flow).register},
	{name: "authorize", do: (*flow).authorize},
	{name: "consent", do: (*flow).consent, stored: 1, instead: true},
	{name: "callback", do: (*flow).callback, stored: 3, asks: true, instead: true},
	{name: "token", do: (*flow).redeem, stored: 2, instead: true},
	{name: "call", do: (*flow).call, stored: 1},
	{name: "refresh", do: (*flow).renew, stored: 3, asks: true},
}

const (
	atAuthorize, atConsent, atCallback, atToken, atCall, atRefresh = 1, 2, 3, 4, 5, 6
	allSteps                                                       = 7
)
