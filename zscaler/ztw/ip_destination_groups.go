package ztw

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const (
	destinationGroupsPath = "/ztw/api/v1/ipDestinationGroups"
	typeOther             = "DSTN_OTHER" // the only type of groups that hold countries
)

type destinationGroupSearch struct {
	ExcludeType string `json:"exclude_type,omitempty" in:"query=excludeType" skipempty:"true" jsonschema:"Leave out groups of this type: DSTN_IP, DSTN_FQDN, DSTN_DOMAIN or DSTN_OTHER."`
}

type newDestinationGroup struct {
	Name        string   `json:"name" in:"body=name" jsonschema:"Name of the group, unique among destination groups."`
	Type        string   `json:"type" in:"body=type" enum:"DSTN_IP,DSTN_FQDN,DSTN_DOMAIN,DSTN_OTHER" jsonschema:"What the group holds: DSTN_IP (IP addresses), DSTN_FQDN (host names), DSTN_DOMAIN (domains with wildcards) or DSTN_OTHER (countries)."`
	Description string   `json:"description,omitempty" in:"body=description" unset:"null" jsonschema:"What the group is for."`
	Addresses   []string `json:"addresses,omitempty" in:"body=addresses" unset:"null" jsonschema:"IP addresses, ranges, networks, host names or domains, as the type says."`
	Countries   []string `json:"countries,omitempty" in:"body=countries" unset:"null" skipempty:"true" jsonschema:"Only with type DSTN_OTHER: countries by ISO code (DE, DEU), by English name (Germany) or as COUNTRY_DE."`
}

type destinationGroupID struct {
	GroupID string `json:"group_id" in:"path" nonempty:"true" jsonschema:"Id of the destination group, from ztw_list_ip_destination_groups."`
}

var destinationGroups = []tool.Tool{
	rest.Read[destinationGroupSearch]("ztw_list_ip_destination_groups", "GET "+destinationGroupsPath,
		"List the destination IP groups of Cloud and Branch Connector with ids, types, addresses and countries.", rest.List),
	rest.Read[destinationGroupSearch]("ztw_list_ip_destination_groups_lite", "GET "+destinationGroupsPath+"/lite",
		"List only ids, names and types of the destination IP groups; ztw_list_ip_destination_groups also has what they hold.", rest.List),
	rest.Create[newDestinationGroup]("ztw_create_ip_destination_group", "POST "+destinationGroupsPath,
		"Create a destination IP group of addresses, host names, domains or countries, and return it with its id."+staged,
		rest.Prepare(countriesOfGroup)),
	rest.Delete[destinationGroupID]("ztw_delete_ip_destination_group", "DELETE "+destinationGroupsPath+"/{group_id}",
		"Delete a destination IP group; the service refuses while a rule refers to it."+staged),
}

// countriesOfGroup writes countries as the service names them. Beside a type whose groups have none it
// refuses them, and sends no such member.
func countriesOfGroup(_ context.Context, p *rest.Plan) error {
	var given []string
	if raw, ok := p.Args.Raw("countries"); ok {
		if err := json.Unmarshal(raw, &given); err != nil {
			return err
		}
	}
	switch other := p.Args.Text("type") == typeOther; {
	case len(given) == 0 && other:
		return nil
	case len(given) == 0:
		delete(p.Body, "countries")
		return nil
	case !other:
		return errors.New("countries are for groups of type " + typeOther + ": choose that type, or leave them out")
	}
	names := make([]string, len(given))
	for i, country := range given {
		name, err := countryName(country)
		if err != nil {
			return err
		}
		names[i] = name
	}
	value, err := json.Marshal(names)
	if err != nil {
		return err
	}
	return p.SetBody("countries", value)
}
