package rest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
	"github.com/org/zscalermcp/zscaler"
)

// A book is a tenant with one list.
type book struct {
	answer func(r *zscaler.Request) (string, error)

	mu   sync.Mutex
	seen []string // requests
}

func (b *book) Do(_ context.Context, r *zscaler.Request) (*zscaler.Response, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seen = append(b.seen, r.Query.Encode()+string(r.Body))
	body, err := b.answer(r)
	if err != nil {
		return nil, err
	}
	return &zscaler.Response{Status: http.StatusOK, Body: json.RawMessage(body)}, nil
}

func (*book) Setting(string) (string, error) { return "1", nil }

// A listing is the answer of a list, and the steps that the caller was told of.
type listing struct {
	text   string
	rows   int
	failed bool
	steps  []string
}

// list calls a tool of the book through a server.
func (b *book) list(t *testing.T, declared tool.Tool, args string) (answer listing) {
	t.Helper()
	catalogue, err := tool.Compile(tool.Set{Name: "x_set", Doc: "Tests.", Tools: []tool.Tool{declared}})
	if err != nil {
		t.Fatal(err)
	}
	selected, err := catalogue.Select(tool.Selection{})
	if err != nil {
		t.Fatal(err)
	}
	server := mcp.NewServer(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	plant := func(ctx context.Context) (context.Context, error) { return zscaler.ContextWithDoer(ctx, b), nil }
	if err := tool.Bind(server, selected, tool.Runtime{Context: plant}); err != nil {
		t.Fatal(err)
	}
	near, far := mcp.NewInMemoryTransports()
	serving, err := server.Connect(t.Context(), far, nil)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	session, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, &mcp.ClientOptions{
		ProgressNotificationHandler: func(_ context.Context, r *mcp.ProgressNotificationClientRequest) {
			mu.Lock()
			defer mu.Unlock()
			answer.steps = append(answer.steps, fmt.Sprintf("%v/%v %s", r.Params.Progress, r.Params.Total, r.Params.Message))
		},
	}).Connect(t.Context(), near, nil)
	if err != nil {
		t.Fatal(err)
	}
	params := &mcp.CallToolParams{Name: "x_list", Arguments: json.RawMessage(args)}
	params.SetProgressToken("p")
	result, err := session.CallTool(t.Context(), params)
	if err != nil {
		t.Fatal(err)
	}
	_ = session.Close()
	_ = serving.Wait()
	var parts []string
	for _, content := range result.Content {
		parts = append(parts, content.(*mcp.TextContent).Text)
	}
	if structured, ok := result.StructuredContent.(map[string]any); ok {
		rows, _ := structured["result"].([]any)
		answer.rows = len(rows)
	}
	mu.Lock()
	defer mu.Unlock()
	answer.text, answer.failed = strings.Join(parts, "\n"), result.IsError
	return answer
}

// numbers answers the rows from first to last in an array.
func numbers(first, last int) string {
	var rows []string
	for i := first; i <= last; i++ {
		rows = append(rows, fmt.Sprintf(`{"id":%d}`, i))
	}
	return "[" + strings.Join(rows, ",") + "]"
}

// ziaPages answers a list of so many rows in pages of two.
func ziaPages(total int) func(*zscaler.Request) (string, error) {
	return func(r *zscaler.Request) (string, error) {
		page := max(atoi(r.Query.Get("page")), 1)
		return numbers(2*page-1, min(2*page, total)), nil
	}
}

func atoi(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}

// With all=true a list follows its pages, whatever way its service counts them.
func TestAllPages(t *testing.T) {
	graph := rest.Query[graphPage]("x_list", "/zms/graphql", "Q", "xs", "query Q($page: Int) { xs(page: $page) { nodes { id } pageInfo { pageNumber totalPages totalCount } } }", "List the xs of the test.", rest.List)
	for name, tc := range map[string]struct {
		declared tool.Tool
		answer   func(*zscaler.Request) (string, error)
		args     string
		rows     int
		requests int
	}{
		"full pages":        {lister[paging]("/zia/api/v1/x"), ziaPages(5), `{"all":true,"page_size":2}`, 5, 3},
		"from a later page": {lister[paging]("/zia/api/v1/x"), ziaPages(5), `{"all":true,"page_size":2,"page":2}`, 3, 2},
		"the last is full":  {lister[paging]("/zia/api/v1/x"), ziaPages(4), `{"all":true,"page_size":2}`, 4, 3},
		"one page":          {lister[paging]("/zia/api/v1/x"), ziaPages(1), `{"all":true,"page_size":2}`, 1, 1},
		"not asked for":     {lister[paging]("/zia/api/v1/x"), ziaPages(5), `{"page_size":2}`, 2, 1},
		"asked not to":      {lister[paging]("/zia/api/v1/x"), ziaPages(5), `{"all":false,"page_size":2}`, 2, 1},
		"ignores the page":  {lister[paging]("/zia/api/v1/x"), func(*zscaler.Request) (string, error) { return numbers(1, 2), nil }, `{"all":true,"page_size":2}`, 2, 2},
		"no page argument": {lister[none]("/zia/api/v1/x"), func(r *zscaler.Request) (string, error) {
			return numbers(max(100*atoi(r.Query.Get("page"))-99, 1), min(100*max(atoi(r.Query.Get("page")), 1), 250)), nil
		}, `{"all":true}`, 250, 3},
		"counted in strings": {lister[none]("/zpa/x"), func(r *zscaler.Request) (string, error) {
			page := max(atoi(r.Query.Get("page")), 1)
			return fmt.Sprintf(`{"totalPages":"3","totalCount":"50","list":%s}`, numbers(20*page-19, min(20*page, 50))), nil
		}, `{"all":true}`, 50, 3},
		"opaque positions": {lister[position]("/zdx/v1/devices"), func(r *zscaler.Request) (string, error) {
			return map[string]string{"": `{"devices":[{"id":1}],"next_offset":"b"}`, "b": `{"devices":[{"id":2}],"next_offset":"c"}`, "c": `{"devices":[{"id":3}],"next_offset":""}`}[r.Query.Get("offset")], nil
		}, `{"all":true}`, 3, 3},
		"an object has moved": {lister[paging]("/zia/api/v1/x"), func(r *zscaler.Request) (string, error) {
			return map[string]string{"": `[{"id":1},{"id":2}]`, "2": `[{"id":2},{"id":3}]`, "3": `[{"id":4}]`}[r.Query.Get("page")], nil
		}, `{"all":true,"page_size":2}`, 4, 3},
		"rows without ids": {lister[paging]("/zia/api/v1/x"), func(r *zscaler.Request) (string, error) {
			return map[string]string{"": `["a","a"]`, "2": `["b","b"]`, "3": `["c"]`}[r.Query.Get("page")], nil
		}, `{"all":true,"page_size":2}`, 5, 3},
		"GraphQL": {graph, func(r *zscaler.Request) (string, error) {
			page := 1
			if _, after, ok := strings.Cut(string(r.Body), `"page":`); ok {
				page = atoi(strings.TrimRight(after[:1], "}"))
			}
			return fmt.Sprintf(`{"data":{"xs":{"nodes":[{"id":%d}],"pageInfo":{"pageNumber":%d,"totalPages":3,"totalCount":3}}}}`, page, page), nil
		}, `{"all":true}`, 3, 3},
	} {
		t.Run(name, func(t *testing.T) {
			b := &book{answer: tc.answer}
			answer := b.list(t, tc.declared, tc.args)
			if answer.failed || answer.rows != tc.rows || len(b.seen) != tc.requests {
				t.Errorf("%d rows by %d requests, want %d by %d: %s\n%s", answer.rows, len(b.seen), tc.rows, tc.requests, answer.text, strings.Join(b.seen, "\n"))
			}
			all := strings.Contains(tc.args, "true")
			if all == strings.Contains(answer.text, "call again") || len(answer.steps) != tc.requests-1 {
				t.Errorf("steps %q, and the answer %s", answer.steps, answer.text)
			}
		})
	}
}

// Rows that are missing from all of a list are told of.
func TestAllPagesTellWhatIsMissing(t *testing.T) {
	capped := func(limit int) func(*zscaler.Request) (string, error) {
		return func(r *zscaler.Request) (string, error) {
			page := max(atoi(r.Query.Get("page")), 1)
			return fmt.Sprintf(`{"totalPages":"5","totalCount":"450","list":%s}`, numbers(limit*page-limit+1, min(limit*page, 450))), nil
		}
	}
	graph := rest.Query[graphPage]("x_list", "/zms/graphql", "Q", "xs", "query Q($page: Int) { xs(page: $page) { nodes { id } pageInfo { pageNumber totalPages } } }", "List the xs of the test.", rest.List)
	last := func(*zscaler.Request) (string, error) {
		return `{"data":{"xs":{"nodes":[{"id":3}],"pageInfo":{"pageNumber":3,"totalPages":3}}}}`, nil
	}
	const begin, count = "begin at the page", "counts 450 rows and has sent 200"
	for name, tc := range map[string]struct {
		declared tool.Tool
		answer   func(*zscaler.Request) (string, error)
		args     string
		says     string
	}{
		"pages as asked for":       {lister[paging]("/zpa/x"), capped(20), `{"all":true}`, ""},
		"smaller pages":            {lister[zpaPaging]("/zpa/x"), capped(100), `{"all":true,"page_size":500}`, count},
		"a later page":             {lister[paging]("/zia/api/v1/x"), ziaPages(5), `{"all":true,"page_size":2,"page":2}`, begin},
		"the last page":            {lister[paging]("/zia/api/v1/x"), ziaPages(5), `{"all":true,"page_size":2,"page":3}`, begin},
		"the first page":           {lister[paging]("/zia/api/v1/x"), ziaPages(5), `{"all":true,"page_size":2,"page":1}`, ""},
		"the last page of GraphQL": {graph, last, `{"all":true,"page":3}`, begin},
	} {
		answer := (&book{answer: tc.answer}).list(t, tc.declared, tc.args)
		told := strings.Contains(answer.text, begin) || strings.Contains(answer.text, "counts")
		if answer.failed || told != (tc.says != "") || !strings.Contains(answer.text, tc.says) {
			t.Errorf("%s: %s", name, answer.text[max(len(answer.text)-400, 0):])
		}
	}
}

type zpaPaging struct {
	PageSize *int `json:"page_size,omitempty" in:"query=pagesize" jsonschema:"Rows a page."`
}

type graphPage struct {
	Page *int `json:"page,omitempty" in:"var=page" jsonschema:"Page to return."`
}

// A page that fails fails the call: nobody would know of the missing rows. So does a list without end.
func TestAllPagesOrNone(t *testing.T) {
	b := &book{answer: func(r *zscaler.Request) (string, error) {
		if r.Query.Get("page") == "3" {
			return "", fmt.Errorf("out of order")
		}
		return ziaPages(9)(r)
	}}
	answer := b.list(t, lister[paging]("/zia/api/v1/x"), `{"all":true,"page_size":2}`)
	if !answer.failed || !strings.Contains(answer.text, "page 3 failed, after 4 rows") || !strings.Contains(answer.text, "out of order") {
		t.Errorf("failed %v: %s", answer.failed, answer.text)
	}
	b = &book{answer: ziaPages(1 << 30)}
	answer = b.list(t, lister[paging]("/zia/api/v1/x"), `{"all":true,"page_size":2,"query":"[?id == `+"`399`"+`].id"}`)
	if answer.failed || !strings.Contains(answer.text, "399") || !strings.Contains(answer.text, "the first 400 rows") || len(b.seen) != 200 {
		t.Errorf("%d requests: %s", len(b.seen), answer.text)
	}
}

// Rows that are huge are collected up to the size of one answer, not for 200 pages.
func TestAllPagesOfHugeRows(t *testing.T) {
	for size, want := range map[int]int{4 << 20: 8, 1 << 10: 20} {
		b := &book{answer: func(r *zscaler.Request) (string, error) {
			page := max(atoi(r.Query.Get("page")), 1)
			if page > 20 {
				return "[]", nil
			}
			return fmt.Sprintf(`[{"id":%d,"text":"%s"}]`, page, strings.Repeat("x", size)), nil
		}}
		answer := b.list(t, lister[paging]("/zia/api/v1/x"), `{"all":true,"page_size":1,"query":"[].id"}`)
		if answer.failed || answer.rows != want || strings.Contains(answer.text, "narrow the search") != (size > 1<<20) {
			t.Errorf("rows of %d bytes: %d rows by %d requests, want %d: %.300s", size, answer.rows, len(b.seen), want, answer.text)
		}
	}
}
