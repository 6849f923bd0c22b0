package zcell

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type auditSearch struct {
	Days             int    `json:"days,omitempty" in:"body=startDate|days_ago;body=endDate|now" default:"7" min:"1" max:"365" jsonschema:"Look back this many days from now, 1 to 365."`
	OperationType    string `json:"operation_type,omitempty" in:"body=operationType" jsonschema:"What was done, as zcell_list_audit_metadata spells it."`
	ObjectType       string `json:"object_type,omitempty" in:"body=objectType" jsonschema:"Kind of object it was done to, as zcell_list_audit_metadata spells it."`
	ObjectName       string `json:"object_name,omitempty" in:"body=objectName" jsonschema:"Name of the object."`
	ObjectID         string `json:"object_id,omitempty" in:"body=objectId" jsonschema:"Id of the object."`
	Visibility       string `json:"visibility,omitempty" in:"body=visibility" jsonschema:"Only entries of this visibility, as the rows of an unfiltered call spell it."`
	ModifiedByUserID string `json:"modified_by_user_id,omitempty" in:"body=modifiedByUserId" jsonschema:"Id of the administrator who did it."`
	page
}

var audit = []tool.Tool{
	rest.Read[auditSearch]("zcell_list_audit_customers_search", "POST "+api+"/audit/customers/{zcell_customer_id}/search",
		"Search the audit log of Zscaler Cellular, one page: who did what to which object in the last days, with the object before and after where the service tells it.",
		rest.List, rest.Safe),
	rest.Read[struct{}]("zcell_list_audit_metadata", "GET "+api+"/audit/metadata",
		"List the operation types and object types that zcell_list_audit_customers_search can filter by.", rest.List, rest.OnePage),
}
