package zscalermcp

import "slices"

// DefaultTools returns the names of the tools that toolset selection "default" lists: those that answer the commonest questions. Why these
// is in docs/adr/0007.
func DefaultTools() []string { return slices.Clone(defaultTools) }

var defaultTools = []string{
	"zia_get_activation_status",
	"zia_list_url_filtering_rules",
	"zpa_list_application_segments",
}
