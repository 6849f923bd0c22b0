package zpa

import (
	"context"
	"errors"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const (
	keyPath   = customerV1 + "/associationType/{key_type}/provisioningKey"
	keyIDPath = keyPath + "/{key_id}"
)

// keyKind says what a key enrols: it is a part of the path.
type keyKind struct {
	KeyType string `json:"key_type" in:"path|zpa_key_type" enum:"connector,service_edge" jsonschema:"What the key enrols: connector for app connectors, service_edge for private service edges."`
}

type key struct {
	KeyID string `json:"key_id" in:"path" nonempty:"true" jsonschema:"Provisioning key id, from zpa_list_provisioning_keys with the same key_type."`
	keyKind
}

type keyID struct {
	key
	scope
}

type keySearch struct {
	keyKind
	search
}

type newKey struct {
	keyKind
	Name             string `json:"name" in:"body=name" nonempty:"true" jsonschema:"Name of the key, unique in the tenant."`
	MaxUsage         int    `json:"max_usage" in:"body=maxUsage|string" min:"1" jsonschema:"How many connectors or service edges may enrol with the key."`
	ComponentID      string `json:"component_id" in:"body=componentId;body=zcomponentId" nonempty:"true" jsonschema:"Group that they enrol into: from zpa_list_app_connector_groups or zpa_list_service_edge_groups."`
	EnrollmentCertID string `json:"enrollment_cert_id,omitempty" in:"body=enrollmentCertId" skipempty:"true" jsonschema:"Enrollment certificate id, from get_zpa_enrollment_certificate (names Connector and Service Edge); needed for connectors."`
	Description      string `json:"description,omitempty" in:"body=description" jsonschema:"What the key is for."`
	ownerScope
}

type keyChange struct {
	key
	Name             string `json:"name,omitempty" in:"body=name" skipempty:"true" jsonschema:"New name."`
	Description      string `json:"description,omitempty" in:"body=description" jsonschema:"New description; an empty text removes it."`
	MaxUsage         *int   `json:"max_usage,omitempty" in:"body=maxUsage|string" min:"1" jsonschema:"How many connectors or service edges may enrol with the key, those that have included."`
	ComponentID      string `json:"component_id,omitempty" in:"body=componentId;body=zcomponentId" skipempty:"true" jsonschema:"Group that they enrol into from now on."`
	EnrollmentCertID string `json:"enrollment_cert_id,omitempty" in:"body=enrollmentCertId" skipempty:"true" jsonschema:"Enrollment certificate id, from get_zpa_enrollment_certificate."`
	ownerScope
}

var provisioningKeys = tool.Set{
	Name: "zpa_provisioning_keys", Doc: "Keys with which ZPA app connectors and service edges enrol, and the certificates that sign them.",
	Tools: []tool.Tool{
		rest.Read[keySearch]("zpa_list_provisioning_keys", "GET "+keyPath,
			"List ZPA provisioning keys of one kind with their ids, groups, and how often each was and may be used (the keys are secrets, and masked); first page unless page or all is given.", rest.List),
		rest.Read[keyID]("zpa_get_provisioning_key", "GET "+keyIDPath,
			"Get one ZPA provisioning key with its group, usage and the key itself, a secret with which anybody can enrol a connector: it is masked unless the operator of this server reveals it."),
		rest.Create[newKey]("zpa_create_provisioning_key", "POST "+keyPath,
			"Create a ZPA provisioning key for an app connector group or service edge group. The key itself, for the connector's setup, is masked in the answer unless the operator of this server reveals it; the ZPA portal shows it too.",
			rest.Prepare(certificateOfKey)),
		rest.Update[keyChange]("zpa_update_provisioning_key", "PUT "+keyIDPath,
			"Change a ZPA provisioning key, at once: its name, limit, group or certificate. What is not sent stays as it is; the key itself stays valid."),
		rest.Delete[keyID]("zpa_delete_provisioning_key", "DELETE "+keyIDPath,
			"Delete a ZPA provisioning key: nothing more can enrol with it. Connectors and service edges that have enrolled stay."),
		rest.Read[enrollmentCertSearch]("get_zpa_enrollment_certificate", "GET "+enrollmentCerts.path,
			"Find ZPA enrollment certificates, which sign connectors and service edges: by name, else by id, else all of a page. Their ids go into provisioning keys and app connector groups.",
			rest.List, rest.Prepare(enrollmentCertByName), rest.Prepare(enrollmentCertByID), rest.Finish(namedCerts)),
	},
}

// certificateOfKey refuses what the service would take and no connector could enrol with.
func certificateOfKey(_ context.Context, p *rest.Plan) error {
	if p.Args.Text("key_type") == "connector" && isNull(p.Body["enrollmentCertId"]) {
		return errors.New("argument \"enrollment_cert_id\" is needed for key_type connector: take the id of Connector from get_zpa_enrollment_certificate")
	}
	return nil
}
