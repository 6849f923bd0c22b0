package rest

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/org/zscalermcp/zscaler"
)

// ownership says what of an object belongs to the server, so that a PUT does not send it back.
type ownership struct {
	members    map[string]bool // root members that the server sets
	references map[string]bool // root members that point to other objects
	// decoration are the members that may stand beside the id of a reference that is reduced to
	// {"id"}; nil: any, since the service embeds whole objects.
	decoration map[string]bool
	names      bool // xName beside xId is the server's
}

// numbered is the ownership of the services that ZIA and ZTW share the form of.
var numbered = ownership{
	members: words(`lastModifiedTime lastModifiedBy lastModificationTime createdBy creationTime createTime
		modifiedTime modifiedBy accessControl predefined defaultRule readOnly zscalerManaged`),
	references: words(`appServices appServiceGroups auditor departments destIpGroups destIpv6Groups
		deviceGroups devices dlpEngines ecGroups excludedDepartments excludedGroups excludedUsers
		groups labels locationGroups locations notificationTemplate nwApplicationGroups nwServiceGroups
		nwServices services sourceIpGroups srcIpGroups srcIpv6Groups timeWindows urlCategories users
		workloadGroups`),
	decoration: words("name isNameL10nTag nameL10nTag extensions deleted"),
}

// owned is the table of the services' ownership; services without an entry own nothing. Never modified.
var owned = map[zscaler.Service]ownership{
	zscaler.ZIA: numbered,
	zscaler.ZTW: numbered,
	zscaler.ZPA: {
		members: words("creationTime modifiedTime modifiedBy readOnly zscalerManaged"),
		references: words(`applications appConnectorGroups appServerGroups connectorGroups connectors
			serverGroups servers serviceEdgeGroups serviceEdges trustedNetworks`),
		names: true,
	},
	zscaler.ZID: {members: words("creationTime modifiedTime modifiedBy createdBy")},
}

// unwritable are root members that a PUT to the path must not hold although the read answers them.
// The ZPA server group refuses the applications that point to it. The groups of destinations of ZIA and ZTW
// answer their addresses twice: sent back, the second would contradict new ones. Never modified.
var unwritable = map[string][]string{"/serverGroup/": {"applications"}, "/ipDestinationGroups/": {"ipAddresses"}}

// StripOwned returns a copy of object, as the service answered it, without what the server owns (times,
// authors, flags), and with the references to other objects reduced to their ids. All else stays byte
// for byte, members that this package does not know included. For services without an entry in its
// table it is a plain copy.
func StripOwned(service zscaler.Service, object map[string]json.RawMessage) map[string]json.RawMessage {
	o := owned[service]
	kept := make(map[string]json.RawMessage, len(object))
	for name, value := range object {
		switch {
		case o.members[name], o.names && besideID(object, name):
		case o.references[name]:
			kept[name] = o.reduce(value)
		default:
			kept[name] = value
		}
	}
	return kept
}

// writable is StripOwned, less what the path of the PUT does not take.
func writable(service zscaler.Service, path string, object map[string]json.RawMessage) map[string]json.RawMessage {
	kept := StripOwned(service, object)
	for part, names := range unwritable {
		if strings.Contains(path, part) {
			maps.DeleteFunc(kept, func(name string, _ json.RawMessage) bool { return slices.Contains(names, name) })
		}
	}
	return kept
}

// besideID reports whether name is the display name beside an id, such as segmentGroupName.
func besideID(object map[string]json.RawMessage, name string) bool {
	stem, ok := strings.CutSuffix(name, "Name")
	if !ok {
		return false
	}
	id, ok := plainText(object[stem+"Id"])
	return ok && id != ""
}

// reduce reduces a reference, or each of a list.
func (o ownership) reduce(value json.RawMessage) json.RawMessage {
	switch first(value) {
	case '{':
		return o.reduceOne(value)
	case '[':
		var items []json.RawMessage
		if json.Unmarshal(value, &items) != nil {
			return value
		}
		for i, item := range items {
			items[i] = o.reduceOne(item)
		}
		return encodeList(items)
	}
	return value
}

// reduceOne reduces {"id", …} to {"id"}, the id byte for byte. An object with members that are more
// than decoration may be more than a reference, so it stays.
func (o ownership) reduceOne(value json.RawMessage) json.RawMessage {
	object, err := decodeObject(value)
	if err != nil {
		return value
	}
	id, ok := object["id"]
	if !ok {
		return value
	}
	for name := range object {
		if name != "id" && o.decoration != nil && !o.decoration[name] {
			return value
		}
	}
	return encodeObject(map[string]json.RawMessage{"id": id})
}
