package main

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

// labels is a toolset of one request to OneAPI, which needs no function.
var labels = tool.Set{
	Name: "acme_labels", Doc: "Rule labels for Acme's reports.",
	Tools: []tool.Tool{
		rest.Read[labelSearch]("acme_list_labels", "GET /zia/api/v1/ruleLabels", "List the rule labels that Acme's reports group by.", rest.List),
	},
}

type labelSearch struct {
	Search *string `json:"search,omitempty" in:"query=search" jsonschema:"Part of the label's name."`
}
