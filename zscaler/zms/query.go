package zms

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const endpoint = "POST /zms/graphql"

// customer is the variable that every query of the service needs; the tenant's settings hold it.
const customer = "customerId: ID!"

// A question is what differs between the queries of the service.
type question struct {
	operation string // name of the query
	root      string // field of data that holds the answer
	variables string // declared variables besides the customer, "name: Type" separated by commas
	selection string // fields of the answer; "" for a scalar
}

// document writes the GraphQL text: each variable is declared, and given to the root field as the
// argument of its own name.
func document(q question, customer string) string {
	declared := []string{customer}
	if q.variables != "" {
		declared = append(declared, strings.Split(q.variables, ", ")...)
	}
	given := make([]string, len(declared))
	for i, variable := range declared {
		name, _, _ := strings.Cut(variable, ":")
		declared[i], given[i] = "$"+variable, name+": $"+name
	}
	body := ""
	if q.selection != "" {
		body = " { " + q.selection + " }"
	}
	return fmt.Sprintf("query %s(%s) { %s(%s)%s }", q.operation, strings.Join(declared, ", "), q.root, strings.Join(given, ", "), body)
}

// list declares a tool whose rows are the nodes of the root field; the selection is that of a node.
func list[In any](name, doc string, q question, opts ...rest.Option) tool.Tool {
	q.selection = "nodes { " + q.selection + " } " + pageInfo
	opts = append([]rest.Option{rest.List, rest.ConstVar("customerId", settingCustomer)}, opts...)
	return rest.Query[In](name, endpoint, q.operation, q.root, document(q, customer), doc, opts...)
}

// get declares a tool that returns the object of the root field.
func get[In any](name, doc string, q question, opts ...rest.Option) tool.Tool {
	opts = append([]rest.Option{rest.JSONText, rest.ConstVar("customerId", settingCustomer)}, opts...)
	return rest.Query[In](name, endpoint, q.operation, q.root, document(q, customer), doc, opts...)
}

const (
	settingCustomer = `"{customer_id}"`
	pageInfo        = "pageInfo { pageNumber pageSize totalCount totalPages }"
)

// underData returns {"data": answer}. No answer stays none: nothing was found.
func underData(_ context.Context, _ *rest.Plan, a *rest.Answer) error {
	if a.Record != nil {
		a.Record = rest.Encode(map[string]json.RawMessage{"data": a.Record})
	}
	return nil
}

// underDataWithID returns {"data": answer, "eyez_id": argument}. No answer stays none.
func underDataWithID(_ context.Context, p *rest.Plan, a *rest.Answer) error {
	if a.Record != nil {
		id, _ := p.Args.Raw("eyez_id")
		a.Record = rest.Encode(map[string]json.RawMessage{"eyez_id": id, "data": a.Record})
	}
	return nil
}

// ascOrDesc refuses a sort direction that the service does not know, before it is asked. An empty
// one counts as absent.
func ascOrDesc(argument string) rest.Option {
	return rest.Prepare(func(_ context.Context, p *rest.Plan) error {
		switch strings.ToUpper(p.Args.Text(argument)) {
		case "", "ASC", "DESC":
			return nil
		}
		return fmt.Errorf("%s must be ASC or DESC", argument)
	})
}

// page and paged are the arguments of the two families of lists: the service names the page number
// differently in each.
type page struct {
	Page     int    `json:"page,omitempty" in:"var=page" default:"1" min:"1" jsonschema:"Page to return, counted from 1."`
	PageSize int    `json:"page_size,omitempty" in:"var=pageSize" default:"20" min:"1" max:"100" jsonschema:"Rows a page, 1 to 100."`
	Search   string `json:"search,omitempty" in:"var=search" jsonschema:"Text to search for, such as part of a name."`
	Sort     string `json:"sort,omitempty" in:"var=sort" jsonschema:"Field to sort by, as the rows name it, such as name."`
	SortDir  string `json:"sort_dir,omitempty" in:"var=sortDir|upper" skipempty:"true" jsonschema:"Sort direction: ASC or DESC."`
}

type paged struct {
	PageNum  int `json:"page_num,omitempty" in:"var=pageNum" default:"1" min:"1" jsonschema:"Page to return, counted from 1."`
	PageSize int `json:"page_size,omitempty" in:"var=pageSize" default:"20" min:"1" max:"100" jsonschema:"Rows a page, 1 to 100."`
}

// byName sorts the lists whose rows have a name.
type byName struct {
	SortOrder string `json:"sort_order,omitempty" in:"var=orderBy.name|upper" skipempty:"true" jsonschema:"Sort by name: ASC or DESC."`
}
