package ztw

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type page struct {
	Page     *int `json:"page,omitempty" in:"query=page" min:"0" jsonschema:"Page to return; the service counts from 1."`
	PageSize *int `json:"page_size,omitempty" in:"query=pageSize" min:"1" max:"1000" jsonschema:"Rows a page, 1 to 1000; 100 when absent."`
}

type publicCloudSearch struct {
	page
	Search    string `json:"search,omitempty" in:"query=search" skipempty:"true" jsonschema:"Text in the name of the account; all when absent."`
	CloudType string `json:"cloud_type,omitempty" in:"query=cloudType" skipempty:"true" jsonschema:"Only accounts of this cloud: AWS, AZURE or GCP."`
}

var publicCloud = []tool.Tool{
	rest.Read[publicCloudSearch]("ztw_list_public_cloud_info", "GET /ztw/api/v1/publicCloudInfo",
		"List the public cloud accounts whose workloads are discovered, with regions, their status, account groups and the time of the last sync (epoch seconds).", rest.List),
	rest.Read[page]("ztw_list_public_account_details", "GET /ztw/api/v1/publicCloudAccountDetails",
		"List account or subscription numbers of the public clouds that connectors run in, with their platform; "+
			"what is discovered in an account is in ztw_list_public_cloud_info.", rest.List),
	rest.Read[struct{}]("ztw_get_discovery_settings", "GET /ztw/api/v1/discoveryService/workloadDiscoverySettings",
		"Get the settings of workload discovery: the role and external id that an AWS account has to trust, and the whole record under settings.",
		rest.Finish(discoverySettings)),
}

// discoverySettings puts the record under settings and lifts the role and the external id out of it.
// The service also answers lists of settings; the first then is the one to lift from.
func discoverySettings(_ context.Context, _ *rest.Plan, a *rest.Answer) error {
	if a.Record == nil {
		return nil
	}
	var settings []map[string]json.RawMessage
	if json.Unmarshal(a.Record, &settings) != nil {
		settings = make([]map[string]json.RawMessage, 1)
		if json.Unmarshal(a.Record, &settings[0]) != nil {
			return errors.New("the service did not answer the settings of workload discovery")
		}
	}
	lifted := map[string]json.RawMessage{"settings": a.Record, "discovery_role": nil, "external_id": nil}
	if len(settings) > 0 {
		lifted["discovery_role"], lifted["external_id"] = settings[0]["discoveryRole"], settings[0]["externalId"]
	}
	a.Record = rest.Encode(lifted)
	return nil
}
