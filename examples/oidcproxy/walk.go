package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// walk does what a client and its user do, step by step, against a server of its own.
func walk(ctx context.Context, out io.Writer) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0") // a port that is free
	if err != nil {
		return err
	}
	address := listener.Addr().String()
	serving, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- run(serving, io.Discard, listener) }()
	token, err := signIn(ctx, out, "http://"+address)
	if err == nil {
		err = list(ctx, out, "http://"+address+"/mcp", token)
	}
	stop()
	return errors.Join(err, <-ended)
}

const (
	callback = "http://127.0.0.1/callback" // of the client; nobody listens there, since the code is read from the redirect
	verifier = "an-example-of-a-verifier-which-must-be-random-0123456789"
	s256     = "iaEnbYhggdlgL8IYq-DH0wK2DiVbDFu5coKtWOgOTNY"
)

var (
	field = regexp.MustCompile(`name="request" value="([^"]*)"`)
	link  = regexp.MustCompile(`<a class="button main" href="([^"]*)"`)
)

// signIn registers, asks, consents, signs in, and redeems the code.
func signIn(ctx context.Context, out io.Writer, origin string) (string, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return "", err
	}
	browser := &http.Client{Jar: jar, Timeout: 10 * time.Second, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), callback) {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	if err := await(ctx, origin); err != nil {
		return "", err
	}
	var registered struct {
		ClientID string `json:"client_id"`
	}
	_, body, err := send(ctx, browser, origin+"/register", "application/json", `{"client_name":"Example client","redirect_uris":["`+callback+`"]}`)
	if err == nil {
		err = json.Unmarshal([]byte(body), &registered)
	}
	if err != nil || registered.ClientID == "" {
		return "", missing("a client id", err, body)
	}
	fmt.Fprintln(out, "1. registered: the client id is the registration itself, sealed; nothing is stored")
	query := url.Values{"response_type": {"code"}, "client_id": {registered.ClientID}, "redirect_uri": {callback}, "code_challenge": {s256}, "code_challenge_method": {"S256"}}
	_, page, err := send(ctx, browser, origin+"/authorize?"+query.Encode(), "", "")
	if err != nil || field.FindStringSubmatch(page) == nil {
		return "", missing("the consent page", err, page)
	}
	fmt.Fprintln(out, "2. the user is asked: which server, which client, where it leads, for what")
	form := url.Values{"request": {html.UnescapeString(field.FindStringSubmatch(page)[1])}, "action": {"approve"}}
	_, page, err = send(ctx, browser, origin+"/consent", "application/x-www-form-urlencoded", form.Encode())
	if err != nil || link.FindStringSubmatch(page) == nil {
		return "", missing("the way to the identity provider", err, page)
	}
	resp, _, err := send(ctx, browser, html.UnescapeString(link.FindStringSubmatch(page)[1]), "", "")
	if err != nil {
		return "", err
	}
	back, err := resp.Location()
	if err != nil || back.Query().Get("code") == "" {
		return "", missing("the code", err, resp.Status)
	}
	fmt.Fprintln(out, "3. the user has signed in at the identity provider, and the client has a code")
	form = url.Values{"grant_type": {"authorization_code"}, "client_id": {registered.ClientID}, "code": {back.Query().Get("code")}, "code_verifier": {verifier}}
	_, body, err = send(ctx, browser, origin+"/token", "application/x-www-form-urlencoded", form.Encode())
	var tokens struct {
		AccessToken string `json:"access_token"`
		Scope       string `json:"scope"`
	}
	if err == nil {
		err = json.Unmarshal([]byte(body), &tokens)
	}
	if err != nil || tokens.AccessToken == "" {
		return "", missing("the token", err, body)
	}
	fmt.Fprintf(out, "4. the client has a token of this server, good here and nowhere else, with scope %s\n", tokens.Scope)
	return tokens.AccessToken, nil
}

// missing says what did not come, and what did.
func missing(what string, err error, got string) error {
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return fmt.Errorf("%s is not in the answer: %s", what, got)
}

// await waits until the server answers.
func await(ctx context.Context, origin string) error {
	for range 100 {
		if _, _, err := send(ctx, http.DefaultClient, origin+"/.well-known/oauth-authorization-server", "", ""); err == nil {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return errors.New("the server does not answer")
}

// send makes a GET, or a POST where there is a body.
func send(ctx context.Context, client *http.Client, to, contentType, body string) (*http.Response, string, error) {
	method := http.MethodGet
	if body != "" {
		method = http.MethodPost
	}
	r, err := http.NewRequestWithContext(ctx, method, to, strings.NewReader(body))
	if err != nil {
		return nil, "", err
	}
	r.Header.Set("Accept", "text/html, application/json")
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	resp, err := client.Do(r)
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	return resp, string(data), err
}

// list calls the endpoint with the token.
func list(ctx context.Context, out io.Writer, endpoint, token string) error {
	const body = `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}`
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint, strings.NewReader(body))
	if err != nil {
		return err
	}
	for name, value := range map[string]string{"Authorization": "Bearer " + token, "Content-Type": "application/json", "Mcp-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/list"} {
		r.Header.Set(name, value)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		return fmt.Errorf("tools/list: %s: %s", resp.Status, data)
	}
	fmt.Fprintf(out, "5. and calls the endpoint: it may use %d tools\n", strings.Count(string(data), `"inputSchema"`))
	return nil
}
