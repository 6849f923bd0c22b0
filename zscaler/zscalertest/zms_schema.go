package zscalertest

import "encoding/json"

const (
	pagingArgs = "pageNum: Int, pageSize: Int"
	searchArgs = "page: Int, pageSize: Int, search: String, sort: String, sortDir: SortDirection"
	pageInfo   = " pageInfo { pageNumber pageSize totalCount totalPages }"

	nonceFields = "eyezId name key maxUsage usageCount agentGroupEyezId agentGroupName agentGroupType product creationTime modifiedTime"
	portFields  = "{ protocol portRanges { startPort endPort } }"
)

// fields is the schema, one entry a query.
func (z *zms) fields() []rootField {
	return append(z.inventory(), z.policy()...)
}

func (z *zms) inventory() []rootField {
	return []rootField{
		z.define("agents", searchArgs, "nodes { name eyezId connectionStatus agentType hostOs currentSoftwareVersion upgradeStatus description cloudProvider publicIp privateIps adminStatus agentGroupName agentGroupType }"+pageInfo,
			z.byPage("agents")),
		z.define("agentConnectionStatusStatistics", "search: String", "totalCount totalPercentage agentStatuses { agentType connectionStatus count percentage }",
			z.statistics("agentStatuses", "connectionStatus", "connectionStatus")),
		z.define("agentVersionStatistics", "search: String", "totalCount totalPercentage agentVersions { agentType version count percentage }",
			z.statistics("agentVersions", "version", "currentSoftwareVersion")),
		z.define("agentGroups", searchArgs, "nodes { name eyezId agentGroupType cloudProvider adminStatus agentCount description policyStatus upgradeStatus tamperProtectionStatus agentAutoUpgrade agentDeletionTimeoutSeconds timezone upgradeDay upgradeTime versionProfileName }"+pageInfo,
			z.byPage("agentGroups")),
		z.define("agentGroupTotpSecrets", "eyezId: String!", "eyezId totpSecret totpQrCode totpGenerationTimestamp",
			func(args object) (any, error) { return z.find("agentGroups", args) }),
		z.define("nonces", searchArgs, "nodes { "+nonceFields+" }"+pageInfo, z.byPage("nonces")),
		z.define("nonce", "eyezId: String!", "nonce { "+nonceFields+" }", func(args object) (any, error) {
			row, err := z.find("nonces", args)
			return object{"nonce": row}, err
		}),
		z.define("resources", pagingArgs+", includeDeleted: Boolean, filter: ResourceQueryFilter, orderBy: ResourceQueryOrderBy",
			"nodes { id name resourceType status cloudProvider cloudRegion resourceHostname platformOs platformOsDistro platformOsVersion localIps deleted modifiedTime agentId appZoneIds appZoneNames appZoneMappingState }"+pageInfo,
			z.byPageNum("resources", "ResourceQueryFilter", func(row, args object) bool { return row["deleted"] != true || args["includeDeleted"] == true })),
		z.define("resourceProtectionStatus", pagingArgs, "nodes { protectedPercentage protectedResourcesCount unprotectedResourcesCount totalResources }"+pageInfo,
			z.protection("resources", "protectedResourcesCount", "unprotectedResourcesCount", "totalResources")),
		z.define("metadata", "customerId: String!", "", z.metadata),
		z.define("resourceGroups", pagingArgs+", filter: ResourceGroupsFilter", "nodes { id name description type origin resourceMemberCount modifiedTime cidrs fqdns }"+pageInfo,
			z.byPageNum("resourceGroups", "ResourceGroupsFilter", nil)),
		z.define("resourceGroupMembers", "id: String!, "+pagingArgs, "nodes { id name resourceType status cloudProvider cloudRegion resourceHostname platformOs }"+pageInfo,
			z.byPageNum("resources", "", z.isMember)),
		z.define("resourceGroupProtectionStatus", pagingArgs, "nodes { protectedPercentage protectedResourceGroupsCount unprotectedResourceGroupsCount totalResourceGroups }"+pageInfo,
			z.protection("resourceGroups", "protectedResourceGroupsCount", "unprotectedResourceGroupsCount", "totalResourceGroups")),
	}
}

func (z *zms) policy() []rootField {
	same := func(rowField, arg string) func(row, args object) bool {
		return func(row, args object) bool { return row[rowField] == args[arg] }
	}
	return []rootField{
		z.define("policyRules", pagingArgs+", fetchAll: Boolean, filter: PolicyRuleFilter",
			"nodes { id name action priority description deleted sourceTargetType destinationTargetType appZoneScopeTargetType creationTime modifiedTime lastHit portAndProtocols "+portFields+" }"+pageInfo,
			z.byPageNum("policyRules", "PolicyRuleFilter", nil)),
		z.define("defaultPolicyRules", pagingArgs, "nodes { id name action direction description scopeType modifiedTime }"+pageInfo,
			z.byPageNum("defaultPolicyRules", "", nil)),
		z.define("appZones", pagingArgs+", filter: AppZoneFilter, orderBy: AppZoneQueryOrderBy",
			"nodes { id appZoneName description memberCount includeAllVpcs includeAllSubnets }"+pageInfo, z.byPageNum("appZones", "AppZoneFilter", nil)),
		z.define("appCatalog", pagingArgs+", filter: AppCatalogQueryFilter, orderBy: AppCatalogQueryOrderBy",
			"nodes { id name category creationTime modifiedTime details { portAndProtocol "+portFields+" processes } }"+pageInfo,
			z.byPageNum("appCatalog", "AppCatalogQueryFilter", nil)),
		z.define("tagNamespaces", pagingArgs+", filter: NamespaceFilter, orderBy: NamespaceQueryOrderBy",
			"nodes { id name description origin }"+pageInfo, z.byPageNum("tagNamespaces", "NamespaceFilter", nil)),
		z.define("tagKeys", "namespaceId: String!, "+pagingArgs+", filter: TagKeyFilter, orderBy: TagKeyQueryOrderBy",
			"nodes { id name description }"+pageInfo, z.byPageNum("tagKeys", "TagKeyFilter", same("namespaceId", "namespaceId"))),
		z.define("tagValues", "tagId: String!, namespaceOrigin: NamespaceOrigin!, "+pagingArgs+", filter: TagValueFilter, orderBy: TagValueQueryOrderBy",
			"nodes { id name }"+pageInfo, z.byPageNum("tagValues", "TagValueFilter", func(row, args object) bool {
				return row["tagId"] == args["tagId"] && row["namespaceOrigin"] == args["namespaceOrigin"]
			})),
	}
}

// isMember reports whether a resource belongs to the group named by the argument id.
func (z *zms) isMember(resource, args object) bool {
	for _, group := range z.rows["resourceGroups"] {
		if group["id"] == args["id"] {
			return passes(group["resourceId"], "equals", str(resource["id"]))
		}
	}
	return false
}

// metadata is a scalar of any form. Its numbers include one above 2^53.
func (z *zms) metadata(object) (any, error) {
	return object{
		"customerId": json.Number(customerID), "revision": json.Number("9223372036854775783"),
		"cloudProviders": []any{"AWS", "AZURE", "ON_PREMISES"}, "resourceCount": len(z.rows["resources"]),
	}, nil
}

// statistics counts agents by type and one more field.
func (z *zms) statistics(key, name, field string) func(object) (any, error) {
	return func(args object) (any, error) {
		agents := z.search("agents", args)
		groups := []object{}
		for _, agent := range agents {
			groups = count(groups, object{"agentType": agent["agentType"], name: agent[field]})
		}
		total := 0.0
		for _, g := range groups {
			share := float64(g["count"].(int)*1000/len(agents)) / 10
			g["percentage"] = share
			total = 100
		}
		return object{"totalCount": len(agents), "totalPercentage": total, key: groups}, nil
	}
}

// count adds one to the group with the same fields as want, or starts it.
func count(groups []object, want object) []object {
	for _, g := range groups {
		same := true
		for field, v := range want {
			same = same && g[field] == v
		}
		if same {
			g["count"] = g["count"].(int) + 1
			return groups
		}
	}
	want["count"] = 1
	return append(groups, want)
}

// protection sums up how many rows are protected.
func (z *zms) protection(root, protected, unprotected, total string) func(object) (any, error) {
	return func(args object) (any, error) {
		safe := len(keep(z.rows[root], func(o object) bool { return o["protected"] == true }))
		all := len(z.rows[root])
		node := object{protected: safe, unprotected: all - safe, total: all, "protectedPercentage": 0}
		if all > 0 {
			node["protectedPercentage"] = safe * 100 / all
		}
		return connection([]object{node}, args, "pageNum", zmsPageSize), nil
	}
}
