package zcell

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type tagSearch struct {
	Name string `json:"name,omitempty" in:"query=name" jsonschema:"Name of the tag, or part of it."`
	page
}

var tags = []tool.Tool{
	rest.Read[tagSearch]("zcell_list_tags", "GET "+customer+"/tag",
		"List one page of the tags that SIMs can carry, with their ids; zcell_list_sims filters by them.", rest.List),
}
