package paritytest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A comparison is of one tool, over all generated calls.
type comparison struct {
	suite   *Suite
	tool    *Tool
	world   *World
	gateway *gateway
	hints   []Hint
	changed map[*Difference]bool // that changed requests
	beyond  string               // what the table cannot tell; "" when everything was compared
	// unchanged are the bodies of an update that is asked for no change.
	unchanged string
	failures  []string
}

// A use tells what of the differences the comparison of requests needed.
type use struct {
	requests  map[*Difference]bool // changed requests, or may have where the table cannot tell
	elsewhere map[*Difference]bool // covered requests that were not compared, or differ
}

// testRequests compares the requests of every tool.
func (s *Suite) testRequests(t *testing.T, table []Tool) *use {
	s.compile(t)
	u := &use{map[*Difference]bool{}, map[*Difference]bool{}}
	g := &gateway{}
	w := s.Open(t, g.answer)
	for i := range table {
		if _, declared := s.specs[table[i].Name]; !declared {
			continue // reported among the declarations
		}
		t.Run(table[i].Name, func(t *testing.T) {
			c := s.comparison(w, g, &table[i])
			c.run(t)
			c.judge(t, u)
		})
	}
	return u
}

func (s *Suite) comparison(w *World, g *gateway, ref *Tool) *comparison {
	hints := s.hints(ref.Name)
	g.tool, g.hints = ref, hints
	return &comparison{suite: s, tool: ref, world: w, gateway: g, hints: hints, changed: map[*Difference]bool{}}
}

// run makes all generated calls.
func (c *comparison) run(t testing.TB) {
	params := c.suite.expectedParams(*c.tool)
	g := &generator{tool: c.tool, hints: c.hints}
	for _, p := range c.tool.Params {
		g.params = append(g.params, params[p.Name])
		if g.beyond(p.Name) {
			c.beyond = "argument " + p.Name
		}
	}
	idle := map[string]any{}
	for _, p := range g.params {
		if g.in("path", p.Name) {
			idle[p.Name] = g.lawful(p)[0]
		}
	}
	c.unchanged = changes(c.ours(idle, expect(c.tool, idle).requests))
	for _, call := range g.instances() {
		c.call(t, call)
	}
}

// call makes one call and compares its requests.
func (c *comparison) call(t testing.TB, call instance) {
	want := expect(c.tool, call.args)
	if want.why != "" && !call.refused {
		c.beyond = want.why
		return
	}
	call.refused = call.refused || want.refused
	ours := c.ours(call.args, want.requests)
	c.world.Forget()
	c.gateway.objects = map[string]map[string]any{}
	answer, failed := c.world.Call(t, c.tool.Name, call.args)
	got := c.arrived(t, want)
	report := func(what, detail string) {
		c.failures = append(c.failures, c.tool.Name+" "+encode(call.args)+": "+what+"\n"+detail)
	}
	if call.refused || c.refuses(call.args, ours) {
		if !failed || call.refused && !onlyLooks(want.requests, got) || writes(got) || c.tool.Effect == "read" && !call.refused && len(got) > 0 {
			report(fmt.Sprintf("has to be refused; error is %v", failed), lines(got))
		}
		return
	}
	if len(got) == 0 && len(ours) > 0 {
		report("no requests", answer)
		return
	}
	if diff := c.compare(ours, got); diff != "" {
		report("requests (-vendor +ours)", diff+"\narrived:\n"+lines(got)+"\n"+answer)
	}
}

// refuses reports whether our tool has to refuse a lawful call: by a hint, by a difference, or since it would
// change nothing.
func (c *comparison) refuses(args map[string]any, ours []Request) bool {
	for _, h := range c.hints {
		if h.Refuses != nil && h.Refuses(args) {
			return true
		}
	}
	if len(ours) == 0 {
		return len(c.tool.Calls) > 0
	}
	return c.overlays() && changes(ours) == c.unchanged
}

// changes are the bodies of the PUTs.
func changes(requests []Request) string {
	var bodies []any
	for _, r := range requests {
		if r.Method == http.MethodPut {
			bodies = append(bodies, r.Body)
		}
	}
	return encode(bodies)
}

func (c *comparison) overlays() bool {
	return slices.ContainsFunc(c.tool.Calls, func(call Call) bool { return c.tool.overlays(&call) })
}

// onlyLooks reports whether got is no more than the look-ups of the vendor's tool before its last request.
func onlyLooks(want, got []Request) bool {
	if len(got) > 0 && len(got) >= len(want) {
		return false
	}
	for i := range got {
		if got[i].Method != http.MethodGet || got[i].Path != want[i].Path {
			return false
		}
	}
	return true
}

// writes reports whether a request may change something.
func writes(requests []Request) bool {
	return slices.ContainsFunc(requests, func(r Request) bool { return r.Method != http.MethodGet })
}

// ours applies the deliberate differences.
func (c *comparison) ours(args map[string]any, requests []Request) []Request {
	for i := range requests {
		requests[i] = requests[i].normal()
	}
	requests = c.lookups(requests)
	for _, d := range c.suite.differences(c.tool.Name) {
		if d.Requests == nil || len(requests) == 0 {
			continue
		}
		before := encode(requests)
		var copied []Request
		if err := decode([]byte(before), &copied); err != nil {
			continue
		}
		requests = d.Requests(maps.Clone(args), copied)
		if encode(requests) != before {
			c.changed[d] = true
		}
	}
	for i := range requests {
		requests[i] = requests[i].normal()
	}
	return requests
}

// arrived returns what the gateway got, in the words of the table.
func (c *comparison) arrived(t testing.TB, want *expectation) []Request {
	requests := c.world.Requests()
	for i, r := range requests {
		r = c.world.withPlaceholders(t, r).normal()
		for _, values := range r.Query {
			for j := range values {
				values[j] = want.settle(values[j])
			}
		}
		segments := strings.Split(r.Path, "/")
		for j := range segments {
			segments[j] = want.settle(segments[j])
		}
		r.Path, r.Body = strings.Join(segments, "/"), settled(want, r.Body)
		requests[i] = r
	}
	return requests
}

func settled(want *expectation, v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			v[key] = settled(want, value)
		}
	case []any:
		for i, value := range v {
			v[i] = settled(want, value)
		}
	case json.Number:
		return json.Number(want.settle(v.String()))
	}
	return v
}

var version = regexp.MustCompile(`/v[0-9]+/`)

// sameObject reports whether two paths are of one object: versions of the API may differ.
func sameObject(a, b string) bool {
	return version.ReplaceAllString(a, "/v/") == version.ReplaceAllString(b, "/v/")
}

// lookups drops the reads of the object that an update or a delete is about.
func (c *comparison) lookups(requests []Request) []Request {
	if c.tool.Effect != "update" && c.tool.Effect != "delete" || !writes(requests) {
		return requests
	}
	i := slices.IndexFunc(requests, func(r Request) bool { return r.Method != http.MethodGet })
	write := requests[i]
	return slices.DeleteFunc(slices.Clone(requests), func(r Request) bool {
		return r.Method == http.MethodGet && (sameObject(r.Path, write.Path) || c.readPath(r.Path))
	})
}

// readPath reports whether a hint says that the object is read from the path.
func (c *comparison) readPath(path string) bool {
	for _, h := range c.hints {
		if h.Read == "" {
			continue
		}
		pattern := placeholder.ReplaceAllStringFunc(h.Read, func(found string) string {
			if strings.HasSuffix(found, "customer_id}") {
				return regexp.QuoteMeta(found)
			}
			return `[^/]+`
		})
		if ok, err := regexp.MatchString("^"+pattern+"$", path); ok && err == nil {
			return true
		}
	}
	return false
}

// compare returns what is different. An update sends the whole object that it read, a delete reads its object
// before the human is asked.
func (c *comparison) compare(want, got []Request) string {
	var told []string
	if c.tool.Effect == "delete" {
		got, told = c.afterQuestion(want, got)
	} else if asked := c.world.Asked(); len(asked) > 0 {
		told = append(told, "the human was asked: "+asked[0])
	}
	work := c.lookups(got)
	if c.overlays() {
		told = append(told, c.overlay(want, got)...)
	}
	if diff := cmp.Diff(want, work); diff != "" {
		told = append(told, diff)
	}
	return strings.Join(told, "\n")
}

// overlay lays the bodies of PUTs over the objects that were read before.
func (c *comparison) overlay(want, got []Request) []string {
	for i, r := range want {
		if r.Method != http.MethodPut || r.Query.Has("action") {
			continue
		}
		read := slices.IndexFunc(got, func(g Request) bool {
			return g.Method == http.MethodGet && (sameObject(g.Path, r.Path) || c.readPath(g.Path))
		})
		write := slices.IndexFunc(got, func(g Request) bool { return g.Method == http.MethodPut })
		changes, ok := r.Body.(map[string]any)
		if read < 0 || write < read || !ok {
			return []string{"the object was not read before " + r.String()}
		}
		whole := map[string]any{}
		for path, object := range c.gateway.objects {
			if sameObject(Request{Path: c.world.placeholders(path)}.normal().Path, got[read].Path) {
				maps.Copy(whole, object)
			}
		}
		maps.Copy(whole, changes)
		want[i].Body = whole
	}
	return nil
}

// afterQuestion checks what comes before a deletion: that the human is asked once, and that until then the
// object is read, in the microtenant of the DELETE, and nothing else is done, look-ups apart. It returns the
// requests behind the question.
func (c *comparison) afterQuestion(want, got []Request) (after []Request, told []string) {
	c.world.mu.Lock()
	before, asked := c.world.before, len(c.world.asked)
	c.world.mu.Unlock()
	if asked != 1 {
		return got, []string{"the human was not asked once"}
	}
	after = got[before:]
	var looks []Request
	for _, r := range want {
		if r.Method == http.MethodGet {
			looks = append(looks, r)
			continue
		}
		look := Request{Method: http.MethodGet, Path: r.Path}
		if scope, ok := r.Query["microtenantId"]; ok {
			look.Query = url.Values{"microtenantId": scope}
		}
		looks = append(looks, look)
		break
	}
	if last := len(looks) - 1; last >= 0 && before > 0 && c.readPath(got[before-1].Path) {
		looks[last].Path = got[before-1].Path
	}
	if diff := cmp.Diff(lines(looks), lines(got[:before])); diff != "" {
		told = append(told, "before the question (-want +ours):\n"+diff)
	}
	return after, told
}
