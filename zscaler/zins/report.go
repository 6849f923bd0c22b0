package zins

import (
	"fmt"
	"strings"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const endpoint = "POST /zins/graphql"

// A report is what differs between the queries of the service.
type report struct {
	operation string // name of the query
	domain    string // field of data that holds the report, such as WEB_TRAFFIC
	field     string // the report below it
	arguments string // arguments of the report and the variables behind them, "wire_name=variable: Type" separated by commas
	timeless  bool   // the report takes no window
	selection string // fields of the report
}

const windowArguments = "start_time=startTime: Long!, end_time=endTime: Long!"

// document writes the GraphQL text. Every report but the summary takes limit for its entries.
func (r report) document() string {
	arguments := r.arguments
	if !r.timeless {
		arguments = strings.TrimSuffix(windowArguments+", "+arguments, ", ")
	}
	var declared, given []string
	for argument := range strings.SplitSeq(arguments, ", ") {
		if wire, variable, ok := strings.Cut(argument, "="); ok {
			name, _, _ := strings.Cut(variable, ":")
			declared, given = append(declared, "$"+variable), append(given, wire+": $"+name)
		}
	}
	if strings.Contains(r.selection, "$limit") {
		declared = append(declared, "$limit: Int")
	}
	called := r.field
	if len(given) > 0 {
		called += "(" + strings.Join(given, ", ") + ")"
	}
	return fmt.Sprintf("query %s(%s) { %s { %s { %s } } }", r.operation, strings.Join(declared, ", "), r.domain, called, r.selection)
}

// entries is the selection of a report that is a list of entries with these fields.
func entries(fields string) string { return "obfuscated entries(limit: $limit) { " + fields + " }" }

// list declares a tool whose rows are the entries of the report.
func list[In any](name, doc string, r report, opts ...rest.Option) tool.Tool {
	opts = append([]rest.Option{rest.List, rest.Prepare(setWindow), rest.Finish(tellWindow)}, opts...)
	return rest.Query[In](name, endpoint, r.operation, r.domain+"."+r.field, r.document(), doc, opts...)
}

// get declares a tool that returns the report as it is.
func get[In any](name, doc string, r report, opts ...rest.Option) tool.Tool {
	opts = append([]rest.Option{rest.JSONText}, opts...)
	return rest.Query[In](name, endpoint, r.operation, r.domain+"."+r.field, r.document(), doc, opts...)
}

// limited bounds the entries of a report.
type limited struct {
	Limit int `json:"limit,omitempty" in:"var=limit" default:"50" min:"1" max:"1000" jsonschema:"Most entries to return, 1 to 1000."`
}
