package zms

import "github.com/org/zscalermcp/tool"

type namespaceSearch struct {
	paged
	Name   string `json:"name,omitempty" in:"var=filter.name.contains" skipempty:"true" jsonschema:"Part of the namespace name."`
	Origin string `json:"origin,omitempty" in:"var=filter.origin.equals" skipempty:"true" jsonschema:"Origin of the namespace: CUSTOM, EXTERNAL, ML or UNKNOWN."`
	byName
}

type tagKeySearch struct {
	NamespaceID string `json:"namespace_id" in:"var=namespaceId" nonempty:"true" jsonschema:"Tag namespace id, from zms_list_tag_namespaces."`
	paged
	KeyName string `json:"key_name,omitempty" in:"var=filter.keyName.contains" skipempty:"true" jsonschema:"Part of the key name."`
	byName
}

type tagValueSearch struct {
	TagID           string `json:"tag_id" in:"var=tagId" nonempty:"true" jsonschema:"Tag key id, from zms_list_tag_keys."`
	NamespaceOrigin string `json:"namespace_origin" in:"var=namespaceOrigin" jsonschema:"Origin of the key's namespace: CUSTOM, EXTERNAL, ML or UNKNOWN."`
	paged
	Name string `json:"name,omitempty" in:"var=filter.name.contains" skipempty:"true" jsonschema:"Part of the value."`
	byName
}

var tags = []tool.Tool{
	list[namespaceSearch]("zms_list_tag_namespaces",
		"List one page of the namespaces of tags on workloads, with their origin (custom, external such as a cloud, or machine-learned). "+
			"Start here: their ids lead to keys with zms_list_tag_keys.",
		question{
			operation: "ListTagNamespaces", root: "tagNamespaces",
			variables: "pageNum: Int, pageSize: Int, filter: NamespaceFilter, orderBy: NamespaceQueryOrderBy",
			selection: "id name description origin",
		}, ascOrDesc("sort_order")),
	list[tagKeySearch]("zms_list_tag_keys",
		"List one page of the tag keys in one namespace from zms_list_tag_namespaces; their ids lead to values with zms_list_tag_values.",
		question{
			operation: "ListTagKeys", root: "tagKeys",
			variables: "namespaceId: String!, pageNum: Int, pageSize: Int, filter: TagKeyFilter, orderBy: TagKeyQueryOrderBy",
			selection: "id name description",
		}, ascOrDesc("sort_order")),
	list[tagValueSearch]("zms_list_tag_values",
		"List one page of the values that one tag key from zms_list_tag_keys can have; it needs the origin of the key's namespace too.",
		question{
			operation: "ListTagValues", root: "tagValues",
			variables: "tagId: String!, namespaceOrigin: NamespaceOrigin!, pageNum: Int, pageSize: Int, filter: TagValueFilter, orderBy: TagValueQueryOrderBy",
			selection: "id name",
		}, ascOrDesc("sort_order")),
}
