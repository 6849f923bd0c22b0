package zpa

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const (
	connectorPath   = customerV1 + "/connector"
	connectorIDPath = connectorPath + "/{connector_id}"
)

type connector struct {
	ConnectorID string `json:"connector_id" in:"path" nonempty:"true" jsonschema:"App connector id, from zpa_list_app_connectors."`
}

type connectorID struct {
	connector
	scope
}

// memberChange is what can be changed of a connector or service edge: all else it tells of itself.
type memberChange struct {
	Name        string `json:"name,omitempty" in:"body=name" skipempty:"true" jsonschema:"New name."`
	Description string `json:"description,omitempty" in:"body=description" jsonschema:"New description; an empty text removes it."`
	Enabled     *bool  `json:"enabled,omitempty" in:"body=enabled" jsonschema:"Whether it takes traffic; false takes it out of service without deleting it."`
	ownerScope
}

type connectorChange struct {
	connector
	memberChange
}

type connectorIDs struct {
	ConnectorIDs []string `json:"connector_ids" in:"body=ids" nonempty:"true" jsonschema:"Ids of the app connectors, from zpa_list_app_connectors."`
	scope
}

var connectors = tool.Set{
	Name: "zpa_connectors", Doc: "The ZPA App Connectors that are enrolled: their state, versions and addresses.",
	Tools: []tool.Tool{
		rest.Read[search]("zpa_list_app_connectors", "GET "+connectorPath,
			"List enrolled ZPA app connectors with their ids, groups, control channel state, addresses, software versions and last contact; first page unless page or all is given. Finds connectors that are offline or outdated.", rest.List),
		rest.Read[connectorID]("zpa_get_app_connector", "GET "+connectorIDPath,
			"Get one ZPA app connector with its state, versions, addresses, platform, certificate and the provisioning key it enrolled with."),
		rest.Update[connectorChange]("zpa_update_app_connector", "PUT "+connectorIDPath,
			"Rename, describe, enable or disable a ZPA app connector, at once. What is not sent stays as it is. Connectors are not created here: they enrol with a provisioning key."),
		rest.Delete[connectorID]("zpa_delete_app_connector", "DELETE "+connectorIDPath,
			"Delete one ZPA app connector; to come back it must enrol again. To take it out of service for a while, disable it with zpa_update_app_connector."),
		bulk{kinds: "app connectors", list: connectorPath, argument: "connector_ids"}.asking(
			rest.Delete[connectorIDs]("zpa_bulk_delete_app_connectors", "POST "+connectorPath+"/bulkDelete",
				"Delete several ZPA app connectors in one request; they must enrol again to come back. All must exist, else none is deleted.",
				rest.Finish(countDeleted("connector_ids", "app connectors")))),
	},
}
