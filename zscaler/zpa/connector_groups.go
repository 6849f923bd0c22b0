package zpa

import (
	"context"
	"regexp"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const (
	connectorGroupPath   = customerV1 + "/appConnectorGroup"
	connectorGroupIDPath = connectorGroupPath + "/{group_id}"
)

type connectorGroup struct {
	GroupID string `json:"group_id" in:"path" nonempty:"true" jsonschema:"App connector group id, from zpa_list_app_connector_groups."`
}

type connectorGroupID struct {
	connectorGroup
	scope
}

// site is where a group of connectors or service edges stands, and when it is upgraded.
type site struct {
	CityCountry            string `json:"city_country,omitempty" in:"body=cityCountry" jsonschema:"City and country as the portal shows them, such as San Jose, US."`
	CountryCode            string `json:"country_code,omitempty" in:"body=countryCode|upper" skipempty:"true" pattern:"^([A-Za-z]{2})?$" jsonschema:"Country as its two-letter ISO 3166 code, such as US; not the name of the country."`
	UpgradeDay             string `json:"upgrade_day,omitempty" in:"body=upgradeDay" jsonschema:"Day of the weekly software upgrade, such as SUNDAY."`
	UpgradeTimeInSecs      string `json:"upgrade_time_in_secs,omitempty" in:"body=upgradeTimeInSecs" jsonschema:"Time of the upgrade in seconds after midnight, local to the group, as text: 66600 is 18:30."`
	OverrideVersionProfile *bool  `json:"override_version_profile,omitempty" in:"body=overrideVersionProfile" jsonschema:"Whether the group has a version profile of its own; without it the tenant's default counts, whatever profile is named."`
}

// coordinates are where an app connector group stands on the map.
type coordinates struct {
	Latitude  string `json:"latitude,omitempty" in:"body=latitude" jsonschema:"Latitude in decimal degrees as text, such as 37.33874; users are led to near connectors by it."`
	Longitude string `json:"longitude,omitempty" in:"body=longitude" jsonschema:"Longitude in decimal degrees as text, such as -121.8852525."`
	Location  string `json:"location,omitempty" in:"body=location" jsonschema:"Name of the place, such as San Jose, CA, USA."`
}

// connectorGroupParts are what an app connector group holds and how it works.
type connectorGroupParts struct {
	coordinates
	site
	Description          string   `json:"description,omitempty" in:"body=description" jsonschema:"What the group is for; an empty text removes it."`
	DNSQueryType         string   `json:"dns_query_type,omitempty" in:"body=dnsQueryType" jsonschema:"Addresses that the connectors ask DNS for: IPV4_IPV6, IPV4 or IPV6."`
	ServerGroupIDs       []string `json:"server_group_ids,omitempty" in:"body=serverGroups[].id" jsonschema:"Ids of all server groups that the group serves, from zpa_list_server_groups; replaces the list."`
	ConnectorIDs         []string `json:"connector_ids,omitempty" in:"body=connectors[].id" jsonschema:"Ids of all app connectors in the group, from zpa_list_app_connectors; replaces the list."`
	LSSAppConnectorGroup *bool    `json:"lss_app_connector_group,omitempty" in:"body=lssAppConnectorGroup" jsonschema:"Whether the connectors only stream logs (LSS) and carry no user traffic."`
	VersionProfile       string   `json:"version_profile,omitempty" in:"-" skipempty:"true" jsonschema:"Version profile by id or name, such as Default, Previous Default or New Release; needs override_version_profile."`
	EnrollmentCertID     string   `json:"enrollment_cert_id,omitempty" in:"body=enrollmentCertId" skipempty:"true" jsonschema:"Enrollment certificate id, from get_zpa_enrollment_certificate; goes before enrollment_cert_name."`
	EnrollmentCertName   string   `json:"enrollment_cert_name,omitempty" in:"-" skipempty:"true" jsonschema:"Enrollment certificate by name, in any case; a new group without id and name takes Connector."`
}

type newConnectorGroup struct {
	Name    string `json:"name" in:"body=name" nonempty:"true" jsonschema:"Name of the group, unique in the tenant."`
	Enabled bool   `json:"enabled,omitempty" in:"body=enabled" default:"true" jsonschema:"Whether the group's connectors are used."`
	connectorGroupParts
	ownerScope
}

type connectorGroupChange struct {
	connectorGroup
	Name    string `json:"name,omitempty" in:"body=name" skipempty:"true" jsonschema:"New name."`
	Enabled *bool  `json:"enabled,omitempty" in:"body=enabled" jsonschema:"Whether the group's connectors are used."`
	connectorGroupParts
	ownerScope
}

var connectorGroups = tool.Set{
	Name: "zpa_app_connector_groups", Doc: "Groups of ZPA App Connectors: where they stand, which server groups they serve, and when they are upgraded.",
	Tools: []tool.Tool{
		rest.Read[search]("zpa_list_app_connector_groups", "GET "+connectorGroupPath,
			"List ZPA app connector groups with their ids, places, connectors and server groups; first page unless page or all is given. Server groups, access rules and provisioning keys refer to these ids; for single connectors use zpa_list_app_connectors.", rest.List),
		rest.Read[connectorGroupID]("zpa_get_app_connector_group", "GET "+connectorGroupIDPath,
			"Get one ZPA app connector group with its connectors, server groups, upgrade window and version profile."),
		rest.Create[newConnectorGroup]("zpa_create_app_connector_group", "POST "+connectorGroupPath,
			"Create a ZPA app connector group, effective at once. Then make a key with zpa_create_provisioning_key for it, with which connectors enrol.",
			rest.Prepare(enrollWithConnector), rest.Prepare(chooseVersionProfile)),
		rest.Update[connectorGroupChange]("zpa_update_app_connector_group", "PUT "+connectorGroupIDPath,
			"Change a ZPA app connector group, at once. What is not sent stays as it is; a list that is sent replaces the whole list.",
			rest.Prepare(enrollByName), rest.Prepare(chooseVersionProfile)),
		rest.Delete[connectorGroupID]("zpa_delete_app_connector_group", "DELETE "+connectorGroupIDPath,
			"Delete a ZPA app connector group. The service refuses while it has connectors, or server groups use it."),
	},
}

// defaultEnrollmentCert is the certificate that every tenant has for connectors.
const defaultEnrollmentCert = "Connector"

// enrollWithConnector gives a new group its enrollment certificate.
func enrollWithConnector(ctx context.Context, p *rest.Plan) error {
	return enroll(ctx, p, defaultEnrollmentCert)
}

// enrollByName replaces the enrollment certificate if the caller names another.
func enrollByName(ctx context.Context, p *rest.Plan) error { return enroll(ctx, p, "") }

// enroll looks up the certificate by its name, in the microtenant of the group, unless its id is given.
func enroll(ctx context.Context, p *rest.Plan, name string) error {
	if given := p.Args.Text("enrollment_cert_name"); given != "" {
		name = given
	}
	if name == "" || p.Args.Text("enrollment_cert_id") != "" {
		return nil
	}
	id, err := enrollmentCerts.id(ctx, name, p.Query.Get("microtenantId"))
	if err != nil {
		return err
	}
	return p.SetBody("enrollmentCertId", encode(id))
}

var digits = regexp.MustCompile(`^[0-9]+$`)

// chooseVersionProfile sends the profile by its id, since the name beside an id is the service's own.
func chooseVersionProfile(ctx context.Context, p *rest.Plan) error {
	profile := p.Args.Text("version_profile")
	if digits.MatchString(profile) {
		delete(p.Body, "versionProfileName")
		return p.SetBody("versionProfileId", encode(profile))
	}
	return versionProfileByName(ctx, p, profile)
}

// versionProfileByName sends the id of the profile of that name, unless the name is "".
func versionProfileByName(ctx context.Context, p *rest.Plan, name string) error {
	if name == "" {
		return nil
	}
	id, err := versionProfiles.id(ctx, name, p.Query.Get("microtenantId"))
	if err != nil {
		return err
	}
	delete(p.Body, "versionProfileName")
	return p.SetBody("versionProfileId", encode(id))
}
