package zcell

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type mapSearch struct {
	ICCIDs []string `json:"icc_ids,omitempty" in:"body=iccIds" skipempty:"true" jsonschema:"Only these SIMs, by ICCID; all when absent or empty."`
}

type countryUsage struct {
	usageDays
	Limit int `json:"limit,omitempty" in:"query=limit" min:"1" max:"20" jsonschema:"Most countries to return, 1 to 20."`
}

type dailyUsage struct {
	usageDays
	ICCID string `json:"icc_id,omitempty" in:"query=iccId" jsonschema:"Only this SIM, by ICCID; all together when absent."`
}

type simUsage struct {
	usageDays
	Limit int `json:"limit,omitempty" in:"query=limit" min:"1" max:"100" jsonschema:"Most SIMs to return, 1 to 100."`
}

const analytics = customer + "/sim/analytics"

var simAnalytics = []tool.Tool{
	rest.Read[struct{}]("zcell_list_sim_analytics_summary", "GET "+analytics+"/summary",
		"Count the SIMs of the tenant by state: all, used, active and inactive. Single SIMs are in zcell_list_sims.", rest.List, rest.OnePage),
	rest.Read[mapSearch]("zcell_list_sim_analytics_map", "POST "+analytics+"/map",
		"List where SIMs are: points with latitude and longitude, and the ICCIDs, IMSIs and tags of the SIMs at each.", rest.List, rest.OnePage, rest.JSONText, rest.Safe),
	rest.Read[countryUsage]("zcell_list_sim_usage_by_country", "GET "+analytics+"/usage/countries",
		"List the countries in which SIMs used most data in the last days, most first.", rest.List, rest.OnePage),
	rest.Read[dailyUsage]("zcell_list_sim_usage_by_day", "GET "+analytics+"/usage/day",
		"List how much data was used on each of the last days, by all SIMs or by the one in icc_id.", rest.List, rest.OnePage),
	rest.Read[simUsage]("zcell_list_sim_usage_by_sim", "GET "+analytics+"/usage/sims",
		"List the SIMs that used most data in the last days, most first; each row names the ICCID.", rest.List, rest.OnePage),
}
