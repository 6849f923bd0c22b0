package zms

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type appCatalogSearch struct {
	paged
	Name      string `json:"name,omitempty" in:"var=filter.name.contains" skipempty:"true" jsonschema:"Part of the application name."`
	Category  string `json:"category,omitempty" in:"var=filter.category.contains" skipempty:"true" jsonschema:"Part of the category."`
	SortBy    string `json:"sort_by,omitempty" in:"-" jsonschema:"Field to sort by: name, category, creation_time or modified_time; needs sort_order."`
	SortOrder string `json:"sort_order,omitempty" in:"-" jsonschema:"Sort direction: ASC or DESC; needs sort_by."`
}

var appCatalog = []tool.Tool{
	list[appCatalogSearch]("zms_list_app_catalog",
		"List one page of the catalogue of applications that were discovered on workloads, with category, ports, protocols and processes. "+
			"Which workloads there are is in zms_list_resources.",
		question{
			operation: "ListAppCatalog", root: "appCatalog",
			variables: "pageNum: Int, pageSize: Int, filter: AppCatalogQueryFilter, orderBy: AppCatalogQueryOrderBy",
			selection: "id name category creationTime modifiedTime details { portAndProtocol { protocol portRanges { startPort endPort } } processes }",
		}, rest.JSONText, ascOrDesc("sort_order"), rest.Prepare(orderCatalog)),
}

// catalogOrder maps sort_by to the field of AppCatalogQueryOrderBy.
var catalogOrder = map[string]string{
	"name": "name", "category": "category", "creation_time": "creationTime", "modified_time": "modifiedTime",
}

// orderCatalog adds the orderBy variable, whose member has the name of the field that sort_by chooses.
// A direction without a field, or the reverse, does not order.
func orderCatalog(_ context.Context, p *rest.Plan) error {
	by, order := p.Args.Text("sort_by"), p.Args.Text("sort_order")
	if by == "" || order == "" {
		return nil
	}
	field, ok := catalogOrder[by]
	if !ok {
		return fmt.Errorf("sort_by must be name, category, creation_time or modified_time, not %q", by)
	}
	direction, err := json.Marshal(strings.ToUpper(order))
	if err != nil {
		return fmt.Errorf("zms: order: %w", err)
	}
	return p.SetVar("orderBy."+field, direction)
}
