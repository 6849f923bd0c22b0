package rest_test

import (
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type paging struct {
	Page     *int `json:"page,omitempty" in:"query=page" jsonschema:"Page."`
	PageSize *int `json:"page_size,omitempty" in:"query=pageSize" jsonschema:"Rows a page."`
}

type search struct {
	Name   string   `json:"name,omitempty" in:"query=search|zpa_filter" skipempty:"true"`
	Tags   []string `json:"tags,omitempty" in:"query=tag"`
	Active *bool    `json:"active,omitempty" in:"query=active"`
	Sort   string   `json:"sort,omitempty" in:"query=sort" unset:"\"name\""`
	Local  string   `json:"local,omitempty" in:"-"`
	paging
}

type newRule struct {
	Type     string         `json:"rule_type" in:"path"`
	Name     string         `json:"name" in:"body=name"`
	Enabled  *bool          `json:"enabled,omitempty" in:"body=state|state"`
	Order    *int           `json:"order,omitempty" in:"body=order" unset:"1"`
	Note     string         `json:"note,omitempty" in:"body=description" skipempty:"true"`
	City     string         `json:"city,omitempty" in:"body=place.city.name"`
	Country  string         `json:"country,omitempty" in:"body=place.country|upper"`
	Labels   []string       `json:"labels,omitempty" in:"body=labels[].id"`
	Owner    string         `json:"owner,omitempty" in:"body=owner.id"`
	Advanced map[string]any `json:"advanced,omitempty" in:"body=*" skipempty:"true"`
}

func newRuleTool(prefix string) tool.Tool {
	return rest.Create[newRule]("x_create_rule", "POST "+prefix+"/rules/{rule_type}", "d", rest.ConstBody("kind", `"RULE"`))
}

// TestRequest shows the exact request that each declaration makes of its arguments.
func TestRequest(t *testing.T) {
	list := rest.Read[search]("x_list", "GET /zpa/mgmtconfig/v1/admin/customers/{customer_id}/server", "d", rest.List, rest.ConstQuery("scope", "all"))
	zia, zpa := newRuleTool("/zia/api/v1"), newRuleTool("/zpa/v1")
	lookup := rest.Read[struct {
		URLs []string `json:"urls" in:"body=$"`
	}]("x_lookup", "POST /zia/api/v1/urlLookup", "d", rest.List, rest.Safe)
	remove := rest.Delete[struct {
		ID string `json:"id" in:"path=wild_id"`
	}]("x_delete_thing", "DELETE /zia/api/v1/things/{wild_id}", "d", rest.ConstQuery("forceDelete", "true"))
	const server = "GET /zpa/mgmtconfig/v1/admin/customers/{customer_id}/server?scope=all"
	for name, tc := range map[string]struct {
		tool      tool.Tool
		arguments string
		want      string
	}{
		"absent is not sent, unset is": {list, `{}`, server + "&sort=name"},
		"null counts as absent":        {list, `{"active":null,"sort":null}`, server + "&sort=name"},
		"lists repeat the key":         {list, `{"tags":["a","b c"]}`, server + "&sort=name&tag=a&tag=b+c"},
		"empty list sends no key":      {list, `{"tags":[]}`, server + "&sort=name"},
		"booleans in lower case":       {list, `{"active":false}`, server[:len(server)-9] + "active=false&scope=all&sort=name"},
		"numbers keep their digits":    {list, `{"page":12345678901234567890}`, server[:len(server)-9] + "page=12345678901234567890&scope=all&sort=name"},
		"skipempty":                    {list, `{"name":""}`, server + "&sort=name"},
		"skipempty keeps a value":      {list, `{"name":"x"}`, server + "&search=name%2BEQ%2Bx&sort=name"},
		"null in a list":               {list, `{"tags":["a",null]}`, server + "&sort=name&tag=a"},
		"in - is not sent":             {list, `{"local":"x"}`, server + "&sort=name"},
		"zia: ids are numbers":         {zia, `{"rule_type":"A","name":"n","labels":["1","12345678901234567890",3,"CUSTOM_01","007"],"owner":"7"}`, `POST /zia/api/v1/rules/A {"kind":"RULE","labels":[{"id":1},{"id":12345678901234567890},{"id":3},{"id":"CUSTOM_01"},{"id":"007"}],"name":"n","order":1,"owner":{"id":7}}`},
		"zpa: ids are strings":         {zpa, `{"rule_type":"A","name":"n","labels":["1",216196257331281920],"owner":7}`, `POST /zpa/v1/rules/A {"kind":"RULE","labels":[{"id":"1"},{"id":"216196257331281920"}],"name":"n","order":1,"owner":{"id":"7"}}`},
		"an empty list is sent":        {zia, `{"rule_type":"A","name":"n","labels":[]}`, `POST /zia/api/v1/rules/A {"kind":"RULE","labels":[],"name":"n","order":1}`},
		"dots nest":                    {zia, `{"rule_type":"A","name":"n","city":"Bern","country":"ch"}`, `POST /zia/api/v1/rules/A {"kind":"RULE","name":"n","order":1,"place":{"city":{"name":"Bern"},"country":"CH"}}`},
		"conversion":                   {zia, `{"rule_type":"A","name":"n","enabled":false}`, `POST /zia/api/v1/rules/A {"kind":"RULE","name":"n","order":1,"state":"DISABLED"}`},
		"non-ASCII and controls":       {zia, `{"rule_type":"A","name":"n","country":"é\"\u0001<"}`, `POST /zia/api/v1/rules/A {"kind":"RULE","name":"n","order":1,"place":{"country":"É\"\u0001<"}}`},
		"other services: ids as sent":  {newRuleTool("/zcc/v1"), `{"rule_type":"A","name":"n","labels":["1",2]}`, `POST /zcc/v1/rules/A {"kind":"RULE","labels":[{"id":"1"},{"id":2}],"name":"n","order":1}`},
		"empty text is sent":           {zia, `{"rule_type":"A","name":"","note":""}`, `POST /zia/api/v1/rules/A {"kind":"RULE","name":"","order":1}`},
		"body=* goes last, renamed":    {zia, `{"rule_type":"A","name":"n","advanced":{"order":5,"surrogate_ip":true,"sub_rules":[{"dest_ip":"a<b"}],"bigNumber":9007199254740993}}`, `POST /zia/api/v1/rules/A {"bigNumber":9007199254740993,"kind":"RULE","name":"n","order":5,"subRules":[{"destIp":"a<b"}],"surrogateIP":true}`},
		"body=$ is the whole body":     {lookup, `{"urls":["a.example","b.example"]}`, `POST /zia/api/v1/urlLookup ["a.example","b.example"]`},
		"delete, wildcard by its name": {remove, `{"id":"CUSTOM_01"}`, `DELETE /zia/api/v1/things/CUSTOM_01?forceDelete=true`},
		"a number can be an id":        {remove, `{"id":9007199254740993}`, `DELETE /zia/api/v1/things/9007199254740993?forceDelete=true`},
	} {
		t.Run(name, func(t *testing.T) {
			var f tenant
			if tc.tool.Spec().List {
				f.replies = []reply{{body: "[]"}}
			}
			if _, err := f.call(t, tc.tool, tc.arguments); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{tc.want}, f.requests); diff != "" {
				t.Errorf("request (-want +got):\n%s", diff)
			}
		})
	}
}

// TestSkipEmpty: what counts as absent, and its nearest neighbour that does not.
func TestSkipEmpty(t *testing.T) {
	tl := rest.Read[struct {
		V any `json:"v,omitempty" in:"query=v" skipempty:"true"`
	}]("x", "GET /a", "d")
	for value, want := range map[string]string{
		`""`: "GET /a", `" "`: "GET /a?v=+", `[ ]`: "GET /a", `["x"]`: "GET /a?v=x", `{ }`: "GET /a",
		`0`: "GET /a", `0.0`: "GET /a", `-0`: "GET /a", `10`: "GET /a?v=10", `false`: "GET /a?v=false",
	} {
		var f tenant
		if _, err := f.call(t, tl, `{"v":`+value+`}`); err != nil {
			t.Errorf("%s: %v", value, err)
		} else if f.requests[0] != want {
			t.Errorf("%s: request %s, want %s", value, f.requests[0], want)
		}
	}
	for _, value := range []string{`{"a":1}`, `[[1]]`} {
		var f tenant
		if _, err := f.call(t, tl, `{"v":`+value+`}`); err == nil || !strings.Contains(err.Error(), `argument "v": must be a string, number, boolean or a list`) {
			t.Errorf("%s: error %v, requests %v", value, err, f.requests)
		}
	}
}

// TestConcurrentCalls: a declaration is shared by all calls, so one call leaves nothing to the next.
func TestConcurrentCalls(t *testing.T) {
	create := newRuleTool("/zia/api/v1")
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			var f tenant
			id := strconv.Itoa(i)
			if _, err := f.call(t, create, `{"rule_type":"`+id+`","name":"`+id+`"}`); err != nil {
				t.Error(err)
			} else if want := `POST /zia/api/v1/rules/` + id + ` {"kind":"RULE","name":"` + id + `","order":1}`; f.requests[0] != want {
				t.Errorf("request %s, want %s", f.requests[0], want)
			}
		})
	}
	wg.Wait()
}

// TestArgumentErrors shows that a value that cannot be sent is refused before any request, by its name.
func TestArgumentErrors(t *testing.T) {
	for arguments, want := range map[string]string{
		`{"rule_type":"A","name":"n","labels":"1"}`:                               `argument "labels": must be a list`,
		`{"rule_type":"A","name":"n","enabled":"yes"}`:                            `argument "enabled": must be true or false`,
		`{"rule_type":"A","name":"n","country":5}`:                                `argument "country": must be a string or a list of strings`,
		`{"rule_type":"A","name":"n","advanced":[1]}`:                             `argument "advanced": must be an object`,
		`{"rule_type":["A"],"name":"n"}`:                                          `argument "rule_type": must be a string or a number`,
		`{"name":"n"}`:                                                            `argument "rule_type": is needed`,
		`{"rule_type":"A","advanced":{"place":1},"city":"x"}`:                     `argument "advanced": member "place" has another value than the argument "city": give one of them`,
		`{"rule_type":"A","advanced":{"place":{"city":{"name":"x"}}},"city":"x"}`: "",
	} {
		var f tenant
		_, err := f.call(t, newRuleTool("/zia/api/v1"), arguments)
		if want == "" {
			if err != nil {
				t.Errorf("%s: %v", arguments, err)
			}
			continue
		}
		if err == nil || err.Error() != want {
			t.Errorf("%s: error %v, want %s", arguments, err, want)
		}
		if len(f.requests) != 0 {
			t.Errorf("%s: sent %v", arguments, f.requests)
		}
	}
}

// TestDeepNesting: renaming keys is bounded, and what is not too deep passes.
func TestDeepNesting(t *testing.T) {
	for depth, refused := range map[int]bool{20: false, 2000: true} {
		value := strings.Repeat("[", depth) + strings.Repeat("]", depth)
		var f tenant
		_, err := f.call(t, newRuleTool("/zia/api/v1"), `{"rule_type":"A","name":"n","advanced":{"a_b":`+value+`}}`)
		if (err != nil) != refused {
			t.Errorf("depth %d: error %v", depth, err)
		}
	}
}

// TestSafe: a POST declared safe may be repeated, any other may not.
func TestSafe(t *testing.T) {
	type none = struct{}
	for safe, tl := range map[bool]tool.Tool{
		true:  rest.Read[none]("x_search", "POST /zcell/config/api/v1/sims/search", "d", rest.Safe),
		false: rest.Create[none]("x_create", "POST /zcell/config/api/v1/sims", "d"),
	} {
		var f tenant
		if _, err := f.call(t, tl, `{}`); err != nil {
			t.Fatal(err)
		}
		if f.safe[0] != safe || !strings.HasSuffix(f.requests[0], " {}") {
			t.Errorf("safe %v, request %s; want safe %v and an empty object", f.safe[0], f.requests[0], safe)
		}
	}
}
