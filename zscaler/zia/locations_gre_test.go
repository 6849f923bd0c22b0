package zia_test

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/zscaler"
	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

func atoi(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

const createTunnel = "zia_create_gre_tunnel"

// The tunnel of an address that is not registered yet, its ends in two cities and the first free range,
// and the removal of all of it.
func TestLifeOfAGRETunnel(t *testing.T) {
	w := suite.Open(t, nil)
	free := w.First(t, "zia_list_gre_ranges", args{"limit": 1}, "[].startIPAddress")
	w.Forget()
	id := w.Member(t, createTunnel, args{"static_ip_address": "203.0.113.99", "comment": "New branch"}, "id")
	want := strings.Join([]string{
		"GET /zia/api/v1/staticIP?ipAddress=203.0.113.99", "POST /zia/api/v1/staticIP",
		"GET /zia/api/v1/greTunnels/availableInternalIpRanges?staticIp=203.0.113.99",
		"GET /zia/api/v1/vips/recommendedList?sourceIp=203.0.113.99", "POST /zia/api/v1/greTunnels",
	}, "\n")
	if w.Lines() != want {
		t.Errorf("requests:\n%s\nwant:\n%s", w.Lines(), want)
	}
	body := `{"sourceIp":"203.0.113.99","ipUnnumbered":null,"internalIpRange":"` + free + `","comment":"New branch",
		"primaryDestVip":{"id":2402901},"secondaryDestVip":{"id":2402903}}`
	if diff := cmp.Diff(paritytest.JSON(t, body), w.Last(t).Body); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
	if got := w.First(t, "zia_list_gre_tunnels", nil, "[?comment=='New branch'].secondaryDestVip.city"); got != "Marseille" {
		t.Errorf("the second end is in %s", got)
	}
	refused(t, w, "zia_delete_gre_tunnel", args{"tunnel_id": id, "static_ip_id": "99999999"}, "status 404")
	if strings.Contains(w.Lines(), "DELETE") || len(w.Asked()) > 0 {
		t.Errorf("asked %q, requests:\n%s", w.Asked(), w.Lines())
	}
	w.Must(t, "zia_delete_gre_tunnel", args{"tunnel_id": id, "static_ip_id": id})
	asked := []string{`Confirm this deletion: delete GRE tunnel and static IP "203.0.113.99" (tunnel_id ` + id + ", static_ip_id " + id + ")"}
	if diff := cmp.Diff(asked, w.Asked()); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	refused(t, w, "zia_get_gre_tunnel", args{"tunnel_id": id}, "status 404")
	refused(t, w, "zia_get_static_ip", args{"static_ip_id": id}, "status 404")
}

// greAnswers are those for a tunnel from 203.0.113.1.
func greAnswers(changes map[string]string) paritytest.Answer {
	answers := map[string]string{
		"GET /zia/api/v1/staticIP": `[]`, "POST /zia/api/v1/staticIP": `{"id":7,"ipAddress":"203.0.113.1"}`, "DELETE /zia/api/v1/staticIP/7": ``,
		"GET /zia/api/v1/greTunnels/availableInternalIpRanges": `[{"startIPAddress":"172.17.0.8","endIPAddress":"172.17.0.15"}]`,
		"GET /zia/api/v1/vips/recommendedList":                 `[{"id":1,"city":"Paris"},{"id":2,"city":"Paris"},{"id":3,"city":"Lyon"}]`,
		"POST /zia/api/v1/greTunnels":                          `{"id":7}`,
	}
	for request, answer := range changes {
		answers[request] = answer
	}
	return func(r paritytest.Request) (int, string) {
		answer, ok := answers[r.Method+" "+r.Path]
		if status, err := strconv.Atoi(answer); err == nil {
			return status, `{"code":"UNEXPECTED_ERROR","message":"no"}`
		}
		if !ok {
			return 404, `{}`
		}
		return 200, answer
	}
}

// Which static IP, range and ends a tunnel gets.
func TestGRETunnelTakesWhatItIsGiven(t *testing.T) {
	registered := map[string]string{"GET /zia/api/v1/staticIP": `[{"id":5,"ipAddress":"203.0.113.11"},{"id":6,"ipAddress":"203.0.113.1"}]`}
	for name, test := range map[string]struct {
		args     args
		answers  map[string]string
		body     string
		requests int
	}{
		"all found":       {args{}, registered, `"ipUnnumbered":null,"internalIpRange":"172.17.0.8","comment":null`, 4},
		"range given":     {args{"internal_ip_range": "172.17.9.0"}, registered, `"ipUnnumbered":null,"internalIpRange":"172.17.9.0","comment":null`, 3},
		"numbered":        {args{"internal_ip_range": "172.17.9.0", "ip_unnumbered": false}, registered, `"ipUnnumbered":false,"internalIpRange":"172.17.9.0","comment":null`, 3},
		"empty range":     {args{"internal_ip_range": ""}, registered, `"ipUnnumbered":null,"internalIpRange":"172.17.0.8","comment":null`, 4},
		"unnumbered":      {args{"ip_unnumbered": true, "comment": "c"}, registered, `"ipUnnumbered":true,"internalIpRange":null,"comment":"c"`, 3},
		"another address": {args{"comment": "c"}, map[string]string{"GET /zia/api/v1/staticIP": `[{"id":5,"ipAddress":"203.0.113.11"}]`}, `"ipUnnumbered":null,"internalIpRange":"172.17.0.8","comment":"c"`, 5},
	} {
		w := suite.Open(t, greAnswers(test.answers))
		test.args["static_ip_address"] = "203.0.113.1"
		w.Must(t, createTunnel, test.args)
		want := paritytest.JSON(t, `{"sourceIp":"203.0.113.1","primaryDestVip":{"id":1},"secondaryDestVip":{"id":3},`+test.body+`}`)
		if diff := cmp.Diff(want, w.Last(t).Body); diff != "" || len(w.Requests()) != test.requests {
			t.Errorf("%s: %d requests, body (-want +got):\n%s", name, len(w.Requests()), diff)
		}
	}
}

// A static IP that was registered for a tunnel does not stay behind when the tunnel cannot be made; one
// that was there is not touched, nor one whose tunnel may exist.
func TestGRETunnelUndoesWhatItMade(t *testing.T) {
	const undone, kept, unknown = "was removed again", "no GRE tunnel was made", "may have been made"
	there := `[{"id":7,"ipAddress":"203.0.113.1"}]`
	for name, test := range map[string]struct {
		answers map[string]string
		want    string
		deletes bool
	}{
		"no free range":           {map[string]string{"GET /zia/api/v1/greTunnels/availableInternalIpRanges": `[]`}, undone, true},
		"ranges fail":             {map[string]string{"GET /zia/api/v1/greTunnels/availableInternalIpRanges": `500`}, undone, true},
		"one city":                {map[string]string{"GET /zia/api/v1/vips/recommendedList": `[{"id":1,"city":"Paris"},{"id":2,"city":"Paris"}]`}, undone, true},
		"no ends":                 {map[string]string{"GET /zia/api/v1/vips/recommendedList": `[]`}, undone, true},
		"tunnel refused":          {map[string]string{"POST /zia/api/v1/greTunnels": `400`}, undone, true},
		"tunnel in doubt":         {map[string]string{"POST /zia/api/v1/greTunnels": `500`}, unknown, false},
		"undo fails":              {map[string]string{"POST /zia/api/v1/greTunnels": `400`, "DELETE /zia/api/v1/staticIP/7": `409`}, "the static IP 203.0.113.1 (id 7) stays", true},
		"it was there, no range":  {map[string]string{"GET /zia/api/v1/staticIP": there, "GET /zia/api/v1/greTunnels/availableInternalIpRanges": `[]`}, kept, false},
		"it was there, refused":   {map[string]string{"GET /zia/api/v1/staticIP": there, "POST /zia/api/v1/greTunnels": `400`}, kept, false},
		"static IPs not readable": {map[string]string{"GET /zia/api/v1/staticIP": `403`}, "nothing was changed", false},
		"not registered":          {map[string]string{"POST /zia/api/v1/staticIP": `400`}, "could not be registered", false},
		"registered in doubt":     {map[string]string{"POST /zia/api/v1/staticIP": `500`}, "203.0.113.1 may have been registered all the same", false},
		"registered without id":   {map[string]string{"POST /zia/api/v1/staticIP": `{}`}, "It stays", false},
	} {
		w := suite.Open(t, greAnswers(test.answers))
		refused(t, w, createTunnel, args{"static_ip_address": "203.0.113.1"}, test.want)
		if got := strings.Contains(w.Lines(), "DELETE /zia/api/v1/staticIP/7"); got != test.deletes {
			t.Errorf("%s: removed is %v:\n%s", name, got, w.Lines())
		}
	}
}

// A deletion that stops half way says what is gone.
func TestDeleteGRETunnelHalfWay(t *testing.T) {
	for name, test := range map[string]struct {
		answers   map[string]string
		want      string
		requests  string
		succeeded bool
	}{
		"both":      {nil, "Deleted GRE tunnel 4 and static IP 7", "DELETE /zia/api/v1/greTunnels/4\nDELETE /zia/api/v1/staticIP/7", true},
		"no tunnel": {map[string]string{"DELETE /zia/api/v1/greTunnels/4": "409"}, "was not touched", "DELETE /zia/api/v1/greTunnels/4", false},
		"no ip":     {map[string]string{"DELETE /zia/api/v1/staticIP/7": "409"}, "the GRE tunnel 4 was deleted, but its static IP 7 was not", "DELETE /zia/api/v1/greTunnels/4\nDELETE /zia/api/v1/staticIP/7", false},
	} {
		answers := map[string]string{"GET /zia/api/v1/greTunnels/4": `{"id":4,"sourceIp":"203.0.113.1"}`, "GET /zia/api/v1/staticIP/7": `{"id":7,"ipAddress":"203.0.113.2"}`, "DELETE /zia/api/v1/greTunnels/4": ``}
		for request, answer := range test.answers {
			answers[request] = answer
		}
		w := suite.Open(t, greAnswers(answers))
		text, failed := w.Call(t, "zia_delete_gre_tunnel", args{"tunnel_id": "4", "static_ip_id": "7"})
		before := "GET /zia/api/v1/greTunnels/4\nGET /zia/api/v1/staticIP/7\n"
		if failed == test.succeeded || !strings.Contains(text, test.want) || w.Lines() != before+test.requests {
			t.Errorf("%s: failed is %v: %s\n%s", name, failed, text, w.Lines())
		}
		if asked := w.Asked(); len(asked) != 1 || !strings.Contains(asked[0], `"203.0.113.1 and 203.0.113.2"`) {
			t.Errorf("%s: the human does not see that the addresses differ: %q", name, asked)
		}
	}
}

// A leaver is a tenant whose caller goes away while the free ranges are read.
type leaver struct {
	leave   context.CancelFunc
	deleted bool
}

func (l *leaver) Setting(string) (string, error) { return "", nil }

func (l *leaver) Do(ctx context.Context, req *zscaler.Request) (*zscaler.Response, error) {
	switch {
	case strings.HasSuffix(req.Path, "availableInternalIpRanges"):
		l.leave()
		return nil, ctx.Err()
	case req.Method == "DELETE":
		l.deleted = ctx.Err() == nil
		return &zscaler.Response{Status: 204}, nil
	case req.Method == "POST":
		return &zscaler.Response{Status: 200, Body: []byte(`{"id":7}`)}, nil
	}
	return &zscaler.Response{Status: 200, Body: []byte(`[]`)}, nil
}

func TestGRETunnelUndoesForCallersWhoLeave(t *testing.T) {
	ctx, leave := context.WithCancel(t.Context())
	l := &leaver{leave: leave}
	_, err := suite.Handle(zscaler.ContextWithDoer(ctx, l), t, createTunnel, args{"static_ip_address": "203.0.113.1"})
	if err == nil || !l.deleted || !strings.Contains(err.Error(), "removed again") {
		t.Errorf("removed is %v: %v", l.deleted, err)
	}
}
