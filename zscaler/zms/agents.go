package zms

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type search struct {
	Search string `json:"search,omitempty" in:"var=search" jsonschema:"Count only the agents that a search for this text finds."`
}

type agentGroupID struct {
	EyezID string `json:"eyez_id" in:"var=eyezId" nonempty:"true" jsonschema:"The eyezId of the agent group, from zms_list_agent_groups."`
}

// pageVariables are the declared variables of the lists that take page.
const pageVariables = "page: Int, pageSize: Int, search: String, sort: String, sortDir: SortDirection"

var agents = []tool.Tool{
	list[page]("zms_list_agents",
		"List one page of microsegmentation agents: host system, version, connection and upgrade status, addresses and group. "+
			"To count them take zms_get_agent_connection_status_statistics or zms_get_agent_version_statistics; the workloads they protect are in zms_list_resources.",
		question{
			operation: "ListAgents", root: "agents", variables: pageVariables,
			selection: "name eyezId connectionStatus agentType hostOs currentSoftwareVersion upgradeStatus description cloudProvider publicIp privateIps adminStatus agentGroupName agentGroupType",
		}, ascOrDesc("sort_dir")),
	get[search]("zms_get_agent_connection_status_statistics",
		"Count microsegmentation agents by type and connection status, with percentages: how many are connected. "+
			"Single agents, such as those that are not, are in zms_list_agents.",
		question{
			operation: "AgentConnectionStatusStats", root: "agentConnectionStatusStatistics", variables: "search: String",
			selection: "totalCount totalPercentage agentStatuses { agentType connectionStatus count percentage }",
		}),
	get[search]("zms_get_agent_version_statistics",
		"Count microsegmentation agents by type and software version, with percentages, to see how far an upgrade has come. "+
			"When groups upgrade is in zms_list_agent_groups.",
		question{
			operation: "AgentVersionStats", root: "agentVersionStatistics", variables: "search: String",
			selection: "totalCount totalPercentage agentVersions { agentType version count percentage }",
		}),
	list[page]("zms_list_agent_groups",
		"List one page of the groups of microsegmentation agents, with upgrade schedule, tamper protection, time zone and number of agents. "+
			"Their eyezId leads to zms_get_agent_group_totp_secrets.",
		question{
			operation: "ListAgentGroups", root: "agentGroups", variables: pageVariables,
			selection: "name eyezId agentGroupType cloudProvider adminStatus agentCount description policyStatus upgradeStatus tamperProtectionStatus agentAutoUpgrade agentDeletionTimeoutSeconds timezone upgradeDay upgradeTime versionProfileName",
		}, ascOrDesc("sort_dir")),
	get[agentGroupID]("zms_get_agent_group_totp_secrets",
		"Get the one-time password secret and QR code of one agent group, with the time they were made. "+
			"The answer holds secrets: ask for it only when a person wants them, and do not repeat them.",
		question{
			operation: "GetAgentGroupTotpSecrets", root: "agentGroupTotpSecrets", variables: "eyezId: String!",
			selection: "eyezId totpSecret totpQrCode totpGenerationTimestamp",
		}, rest.Finish(underDataWithID), rest.Secret()),
}
