package auth_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/org/zscalermcp/auth"
)

// onTheWire writes text to addr, and returns the answers to n requests.
func onTheWire(t *testing.T, addr, text string, n int) []*http.Response {
	t.Helper()
	conn, err := net.DialTimeout("tcp", addr, 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	var answers []*http.Response
	from := bufio.NewReader(conn)
	for range n {
		resp, err := http.ReadResponse(from, nil)
		if err != nil {
			t.Fatalf("answer %d: %v", len(answers)+1, err)
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body = io.NopCloser(strings.NewReader(string(body)))
		answers = append(answers, resp)
	}
	return answers
}

// crlf is a request made of lines.
func crlf(lines ...string) string { return strings.Join(lines, "\r\n") + "\r\n\r\n" }

// smugglingTarget accepts goodKey of "key", and the Zscaler client of newZscaler.
func smugglingTarget(t *testing.T) (addr string, c *recorder) {
	t.Helper()
	c = &recorder{}
	srv := httptest.NewServer(c.guard(anyOf(t, newKeys(t, auth.APIKey{Name: "key", Key: goodKey}), oneClient(t)), whoAmI))
	t.Cleanup(srv.Close)
	return srv.Listener.Addr().String(), c
}

// R118, R131, D72: what a hop in between may have read in another way.
func TestSmuggledHeaders(t *testing.T) {
	addr, c := smugglingTarget(t)
	const bearer, key, other = "Authorization: Bearer " + goodKey, "X-Api-Key: " + goodKey, "X-Api-Key: " + otherKey
	for name, test := range map[string]struct {
		lines  []string
		status int
	}{
		"plain":                          {[]string{key}, 200},
		"two cases of one name":          {[]string{"authorization: Bearer " + goodKey, "AUTHORIZATION: Bearer " + goodKey}, 400},
		"equal keys in two cases":        {[]string{"x-api-key: " + goodKey, key}, 400},
		"empty line in front":            {[]string{"X-API-KEY:", key}, 400},
		"space before the colon":         {[]string{"X-Api-Key : " + goodKey}, 400},
		"tab before the colon":           {[]string{"Authorization\t: Bearer " + goodKey}, 400},
		"space before the name":          {[]string{"X-Other: 1", " X-Api-Key: " + goodKey}, 401},
		"NUL in the value":               {[]string{"X-Api-Key: " + goodKey + "\x00"}, 400},
		"CR in the value":                {[]string{"X-Other: 1\rX-Api-Key: " + goodKey}, 400},
		"non-ASCII letter in the name":   {[]string{"X-Api-\u212Aey: " + goodKey}, 400},
		"dotless letter in the name":     {[]string{"Author\u0131zation: Bearer " + goodKey}, 400},
		"folded into two":                {[]string{key, "\t" + otherKey}, 401},
		"list of keys":                   {[]string{"X-Api-Key: " + goodKey + ", " + otherKey}, 401},
		"quoted key":                     {[]string{`X-Api-Key: "` + goodKey + `"`}, 401},
		"key with a scheme":              {[]string{"X-Api-Key: Bearer " + goodKey}, 401},
		"Proxy-Authorization":            {[]string{"Proxy-Authorization: Bearer " + goodKey}, 401},
		"beside Proxy-Authorization":     {[]string{bearer, "Proxy-Authorization: Bearer " + otherKey}, 200},
		"X-Authorization":                {[]string{"X-Authorization: Bearer " + goodKey, "X-Original-Authorization: Bearer " + goodKey, "X-Forwarded-Access-Token: " + goodKey}, 401},
		"cookies":                        {[]string{"Cookie: Authorization=Bearer " + goodKey + "; X-Api-Key=" + goodKey + "; access_token=" + goodKey}, 401},
		"Connection, odd spelling":       {[]string{key, "Connection: ,\t x-api-KEY\t,,"}, 401},
		"Connection, several lines":      {[]string{key, "Connection: keep-alive", "connection: x-other", "CONNECTION: X-Api-Key"}, 401},
		"Connection, another name":       {[]string{key, "Connection: X-Api-Key2, X-Api, Authorization"}, 200},
		"Connection, underscores":        {[]string{key, "Connection: X_Api_Key"}, 200},
		"Connection takes the wrong one": {[]string{bearer, other, "Connection: X-Api-Key"}, 200},
		"Connection takes the right one": {[]string{bearer, other, "Connection: Authorization"}, 401},
		"Connection takes two of two":    {[]string{bearer, other, "Connection: X-Api-Key, authorization"}, 401},
		"Connection takes all lines":     {[]string{key, other, "Connection: X-Api-Key"}, 401},
		"Proxy-Connection":               {[]string{key, "Proxy-Connection: X-Api-Key"}, 200},
		"pair":                           {[]string{"X-Zscaler-Client-ID: client", "X-Zscaler-Client-Secret: right"}, 200},
		"Connection takes half a pair":   {[]string{"X-Zscaler-Client-ID: client", "X-Zscaler-Client-Secret: right", "Connection: X-Zscaler-Client-Secret"}, 400},
		"pair with an underscore":        {[]string{"X-Zscaler-Client-ID: client", "X_Zscaler_Client_Secret: right"}, 400},
	} {
		resp := onTheWire(t, addr, crlf(append([]string{"GET /mcp HTTP/1.1", "Host: h"}, test.lines...)...), 1)[0]
		body, _ := io.ReadAll(resp.Body)
		if resp.StatusCode != test.status {
			t.Errorf("%s: status %d, want %d: %s", name, resp.StatusCode, test.status, body)
		}
		if test.status != 200 || strings.HasPrefix(name, "Connection") {
			holdsNone(t, name, strings.ReplaceAll(string(body), "Cookie", "")+fmt.Sprint(resp.Header), goodKey, otherKey)
		}
	}
	holdsNone(t, "the log", c.log.String(), goodKey, otherKey, "right\"")
}

// R117, R118, D73: a credential anywhere else than in a header is none; its place is not read, and not logged.
func TestCredentialsOutsideOfHeaders(t *testing.T) {
	addr, c := smugglingTarget(t)
	form, object := "access_token="+goodKey, `{"access_token":"`+goodKey+`","authorization":"Bearer `+goodKey+`"}`
	post := func(kind, body string) string {
		return crlf("POST /mcp HTTP/1.1", "Host: h", "Content-Type: "+kind, fmt.Sprintf("Content-Length: %d", len(body))) + body
	}
	for name, text := range map[string]string{
		"query":          crlf("GET /mcp?access_token="+goodKey+"&api_key="+goodKey+"&Authorization=Bearer%20"+goodKey+" HTTP/1.1", "Host: h"),
		"path":           crlf("GET /mcp/"+goodKey+" HTTP/1.1", "Host: h"),
		"form":           post("application/x-www-form-urlencoded", form),
		"JSON":           post("application/json", object),
		"user of a URL":  crlf("GET http://client:"+strings.ReplaceAll(goodKey, "/", "%2F")+"@h/mcp HTTP/1.1", "Host: h"),
		"fragment":       crlf("GET /mcp#access_token="+goodKey+" HTTP/1.1", "Host: h"),
		"chunk":          crlf("POST /mcp HTTP/1.1", "Host: h", "Transfer-Encoding: chunked") + "1;token=" + goodKey + "\r\nx\r\n0\r\n\r\n",
		"trailer":        crlf("POST /mcp HTTP/1.1", "Host: h", "Transfer-Encoding: chunked", "Trailer: X-Api-Key, Authorization") + "1\r\nx\r\n0\r\nX-Api-Key: " + goodKey + "\r\nAuthorization: Bearer " + goodKey + "\r\n\r\n",
		"Expect":         crlf("POST /mcp HTTP/1.1", "Host: h", "Expect: 100-continue", "Content-Length: 100"),
		"never sent":     crlf("POST /mcp HTTP/1.1", "Host: h", "Content-Length: 1000000", "Connection: close"),
		"HTTP/1.0":       crlf("GET /mcp HTTP/1.0"),
		"absolute, none": crlf("GET http://other.example/mcp HTTP/1.1", "Host: h"),
	} {
		resp := onTheWire(t, addr, text, 1)[0]
		body, _ := io.ReadAll(resp.Body)
		if resp.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: status %d: %s", name, resp.StatusCode, body)
		}
		holdsNone(t, name, string(body)+fmt.Sprint(resp.Header), goodKey)
	}
	holdsNone(t, "the log", c.log.String(), goodKey, "access_token")
	lawful := strings.Replace(post("application/json", object), "Host: h", "Host: h\r\nX-Api-Key: "+goodKey, 1)
	if got := onTheWire(t, addr, lawful, 1)[0].StatusCode; got != http.StatusOK {
		t.Errorf("the lawful neighbour: status %d", got)
	}
}

// R118, D72: a connection is nobody's: each request on it brings its own credential.
func TestCredentialsDoNotOutliveTheirRequest(t *testing.T) {
	addr, _ := smugglingTarget(t)
	with, without := crlf("GET /mcp HTTP/1.1", "Host: h", "X-Api-Key: "+goodKey), crlf("GET /mcp HTTP/1.1", "Host: h")
	var got []int
	for _, resp := range onTheWire(t, addr, with+without+with+crlf("GET /mcp HTTP/1.1", "Host: h", "X-Api-Key: "+otherKey)+without, 5) {
		got = append(got, resp.StatusCode)
	}
	if want := []int{200, 401, 200, 401, 401}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("statuses %v, want %v", got, want)
	}
}

// R117, R131, D72: the same over HTTP/2, where names are in lower case and lines need no joining.
func TestSmuggledHeadersOverHTTP2(t *testing.T) {
	var c recorder
	srv := httptest.NewUnstartedServer(c.guard(newKeys(t, auth.APIKey{Name: "key", Key: goodKey}), whoAmI))
	srv.EnableHTTP2 = true
	srv.StartTLS()
	defer srv.Close()
	const bearer = "Bearer " + goodKey
	for name, test := range map[string]struct {
		header http.Header
		status int
	}{
		"plain":       {http.Header{"Authorization": {bearer}}, 200},
		"two lines":   {http.Header{"Authorization": {bearer, bearer}}, 400},
		"comma":       {http.Header{"Authorization": {bearer + ", " + bearer}}, 400},
		"two kinds":   {http.Header{"Authorization": {bearer}, "X-Api-Key": {goodKey}}, 400},
		"underscores": {http.Header{"X_api_key": {goodKey}, "Authorization_": {bearer}}, 401},
		"cookies":     {http.Header{"Cookie": {"a=b", "authorization=" + bearer}}, 401},
		"nothing":     {http.Header{}, 401},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+"/mcp", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header = test.header
		resp, err := srv.Client().Do(r)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != test.status || resp.ProtoMajor != 2 {
			t.Errorf("%s: status %d, want %d, by %s", name, resp.StatusCode, test.status, resp.Proto)
		}
	}
	holdsNone(t, "the log", c.log.String(), goodKey)
}
