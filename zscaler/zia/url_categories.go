package zia

import (
	"reflect"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const categoriesPath = "/zia/api/v1/urlCategories"

type categorySearch struct {
	Search      string `json:"search,omitempty" in:"-" jsonschema:"Part of the configured name, in any case; predefined categories mostly have none."`
	CustomOnly  bool   `json:"custom_only,omitempty" in:"query=customOnly" jsonschema:"Whether to leave out the predefined categories."`
	Type        string `json:"type,omitempty" in:"query=type" skipempty:"true" jsonschema:"Kind of category: URL_CATEGORY, TLD_CATEGORY or ALL."`
	ContainsURL string `json:"contains_url,omitempty" in:"-" jsonschema:"Only categories that list this URL's host or a domain above it; each row tells under _url_match which entries matched."`
}

type categoryID struct {
	CategoryID string `json:"category_id" in:"path" jsonschema:"Category id from zia_list_url_categories, such as CUSTOM_01 or NEWS_AND_MEDIA."`
}

type customCategoryID struct {
	CategoryID string `json:"category_id" in:"path" jsonschema:"Id of a custom category, from zia_list_url_categories, such as CUSTOM_01."`
}

// categoryContent is what create and update share. The advanced settings are laid over by layAdvanced.
type categoryContent struct {
	Description string         `json:"description,omitempty" in:"body=description" jsonschema:"What the category is for."`
	Keywords    []string       `json:"keywords,omitempty" in:"body=keywords" jsonschema:"Keywords that put a URL into the category: the whole list."`
	IPRanges    []string       `json:"ip_ranges,omitempty" in:"body=ipRanges" jsonschema:"Addresses in CIDR notation: the whole list."`
	Advanced    map[string]any `json:"advanced,omitempty" in:"-" skipempty:"true" jsonschema:"Lists of what counts for this category and keeps its other one too: db_categorized_urls, keywords_retaining_parent_category and ip_ranges_retaining_parent_category. Each is the whole list."`
}

type newCategory struct {
	ConfiguredName string   `json:"configured_name" in:"body=configuredName" nonempty:"true" jsonschema:"Name of the category."`
	SuperCategory  string   `json:"super_category" in:"body=superCategory" jsonschema:"Super category that it belongs to, such as USER_DEFINED."`
	URLs           []string `json:"urls,omitempty" in:"body=urls" unset:"null" jsonschema:"URLs and domains without scheme; a leading dot covers the subdomains."`
	categoryContent
}

type categoryChange struct {
	customCategoryID
	ConfiguredName string   `json:"configured_name,omitempty" in:"body=configuredName" skipempty:"true" jsonschema:"New name; the present one stays when absent or empty."`
	URLs           []string `json:"urls,omitempty" in:"body=urls" jsonschema:"The whole new list of URLs; to add or remove single ones use zia_add_urls_to_category or zia_remove_urls_from_category."`
	categoryContent
}

type categoryURLs struct {
	categoryID
	ConfiguredName string   `json:"configured_name" in:"body=configuredName" jsonschema:"Present configuredName of the category; an empty text for a predefined one that has none."`
	URLs           []string `json:"urls" in:"body=urls" jsonschema:"URLs and domains without scheme."`
}

var urlCategories = tool.Set{
	Name: "zia_url_categories", Doc: "ZIA URL categories, custom and predefined, and the look-up of a URL's category.",
	Tools: []tool.Tool{
		rest.Read[categorySearch]("zia_list_url_categories", "GET "+categoriesPath,
			"List URL categories with the URLs, keywords and addresses that administrators put into them. What Zscaler itself puts into a category is not listed: ask zia_url_lookup.",
			rest.List, rest.Finish(filterCategories)),
		rest.Read[categoryID]("zia_get_url_category", "GET "+categoriesPath+"/{category_id}",
			"Get one URL category, custom or predefined, by its id, with all that administrators put into it; to find one by a URL use zia_list_url_categories with contains_url."),
		tool.Func(tool.Read, "zia_get_url_category_predefined",
			"Get a predefined URL category by its id or name in any case, such as FINANCE; a custom one is refused, see zia_get_url_category.", getPredefined),
		rest.Create[newCategory]("zia_create_url_category", "POST "+categoriesPath,
			"Create a custom URL category of URLs, keywords and addresses, which rules then name by its id, such as CUSTOM_05. Takes effect after zia_activate_configuration.",
			rest.ConstBody("type", `"URL_CATEGORY"`), rest.ConstBody("customCategory", "true"), rest.Prepare(layAdvanced)),
		rest.Update[categoryChange]("zia_update_url_category", "PUT "+categoriesPath+"/{category_id}",
			"Change a custom URL category; what is not given stays as it is. A predefined one is refused. Takes effect after zia_activate_configuration.",
			rest.Prepare(refusePredefined), rest.Prepare(layAdvanced)),
		tool.New(tool.Spec{
			Name: "zia_update_url_category_predefined", Effect: tool.Update,
			Doc: "Change what administrators added to a predefined URL category, found by id or name; what is not given stays as it is. A custom one is refused. Takes effect after zia_activate_configuration.",
			In:  reflect.TypeFor[predefinedChange](), Handle: updatePredefined,
		}),
		rest.Update[categoryURLs]("zia_add_urls_to_category", "PUT "+categoriesPath+"/{category_id}",
			"Add URLs to a URL category, custom or predefined, and keep those it has: safer than sending the whole list by zia_update_url_category. Takes effect after zia_activate_configuration.",
			rest.Replace, rest.ConstQuery("action", "ADD_TO_LIST")),
		rest.Update[categoryURLs]("zia_remove_urls_from_category", "PUT "+categoriesPath+"/{category_id}",
			"Remove single URLs from a URL category, custom or predefined, and keep its others. Takes effect after zia_activate_configuration.",
			rest.Replace, rest.ConstQuery("action", "REMOVE_FROM_LIST")),
		deleteCategory(),
		tool.Func(tool.Read, "zia_url_lookup",
			"Look up the categories that Zscaler puts URLs into, and their security alerts. More than 100 URLs take a second for each further hundred.",
			lookUp, tool.List),
	},
}

// deleteCategory looks at the category twice: before a human is asked, so that the question names it
// and no question is asked about a predefined one, and before the deletion itself.
func deleteCategory() tool.Tool {
	spec := rest.Delete[customCategoryID]("zia_delete_url_category", "DELETE "+categoriesPath+"/{category_id}",
		"Delete a custom URL category for good, with all its URLs and keywords; a predefined one is refused. Takes effect after zia_activate_configuration.",
		rest.Prepare(refuseDeletingPredefined)).Spec()
	spec.Confirm = rest.Question("custom URL category", doomedCategory, "category_id")
	return tool.New(spec)
}
