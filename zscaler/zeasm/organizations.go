package zeasm

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const base = "/easm/easm-ui/v1/organizations"

// organization names the organisation that a report is about.
type organization struct {
	OrgID string `json:"org_id" in:"path" nonempty:"true" jsonschema:"Organisation id (a UUID), from zeasm_list_organizations."`
}

var organizations = []tool.Tool{
	rest.Read[struct{}]("zeasm_list_organizations", "GET "+base,
		"List the organisations whose attack surface is watched, with their ids. Call it first: every other zeasm tool takes one of these ids as org_id.", rest.List),
}
