package zcell

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type eventSearch struct {
	Days             int              `json:"days,omitempty" in:"path=start_time|days_ago;path=end_time|now" default:"7" min:"1" max:"365" jsonschema:"Look back this many days from now, 1 to 365."`
	FilterBy         []map[string]any `json:"filter_by,omitempty" in:"body=filterBy|camel" jsonschema:"Conditions, each an object with filter_name (a member of the rows), operator and values (a list of strings)."`
	SortBy           map[string]any   `json:"sort_by,omitempty" in:"body=sortBy|camel" jsonschema:"Order of the rows: an object whose name is the member of the rows to sort by."`
	ExcludeAPNConfig bool             `json:"exclude_apn_config,omitempty" in:"body=excludeApnConfig" jsonschema:"Whether to leave out the access point settings of each row."`
	pageInBody
}

var networkEvents = []tool.Tool{
	rest.Read[eventSearch]("zcell_list_network_events", "POST "+api+"/network-events/{zcell_customer_id}/search/startTime/{start_time}/endTime/{end_time}",
		"Search what SIMs did in mobile networks in the last days, one page: attach, detach and data sessions with time, outcome, SIM, country, carrier, radio technology and address. "+
			"Use it to find out why a SIM does not connect.", rest.List, rest.Safe),
}
