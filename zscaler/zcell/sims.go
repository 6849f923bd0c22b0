package zcell

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type simSearch struct {
	ICCID           []string `json:"iccid,omitempty" in:"body=iccid" jsonschema:"Only these SIMs, by ICCID."`
	Status          string   `json:"status,omitempty" in:"body=status" jsonschema:"Only SIMs of this status, as the answer to an unfiltered call spells it."`
	NetworkStatus   string   `json:"network_status,omitempty" in:"body=networkStatus" jsonschema:"Only SIMs of this state in the mobile network, as the answer to an unfiltered call spells it."`
	IPAddress       []string `json:"ip_address,omitempty" in:"body=ipAddress" jsonschema:"Only SIMs with one of these IP addresses."`
	LocationCountry string   `json:"location_country,omitempty" in:"body=locationCountry" jsonschema:"Only SIMs in this country, as the answer to an unfiltered call spells it."`
	Tag             []string `json:"tag,omitempty" in:"body=tag" jsonschema:"Only SIMs with one of these tags, from zcell_list_tags."`
	DeviceType      string   `json:"device_type,omitempty" in:"body=deviceType" jsonschema:"Only SIMs in devices of this type."`
	BrandName       string   `json:"brand_name,omitempty" in:"body=brandName" jsonschema:"Only SIMs in devices of this brand."`
	MarketingName   string   `json:"marketing_name,omitempty" in:"body=marketingName" jsonschema:"Only SIMs in devices sold under this name."`
	ModelName       string   `json:"model_name,omitempty" in:"body=modelName" jsonschema:"Only SIMs in devices of this model."`
	FormFactor      string   `json:"form_factor,omitempty" in:"body=formFactor" jsonschema:"Only SIMs of this form, as the answer to an unfiltered call spells it."`
	IMEIStatus      string   `json:"imei_status,omitempty" in:"body=imeiStatus" jsonschema:"Only SIMs with this lock to a device, as the answer to an unfiltered call spells it."`
	pageInBody
}

type simID struct {
	ICCID string `json:"icc_id" in:"query=iccId" nonempty:"true" jsonschema:"ICCID of the SIM, from zcell_list_sims."`
}

var sims = []tool.Tool{
	rest.Read[simSearch]("zcell_list_sims", "POST "+customer+"/sims/search",
		"Search the inventory of SIMs. The answer is one object: a page of SIMs with status, network, device, tags and usage, how many there are, and the data that all of them used. "+
			"Filters are joined by AND.", rest.JSONText, rest.Safe, rest.Queried),
	rest.Read[simID]("zcell_get_sim_details", "GET "+customer+"/sims/details",
		"Get all that is known of one SIM: IMSI and IMEI, status, network, access point, IP address, device, tags and data used.", rest.JSONText),
}
