package zms

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type search struct {
	Search string `json:"search,omitempty" in:"var=search" jsonschema:"Text that limits which agents are counted."`
}

type agentGroupID struct {
	EyezID string `json:"eyez_id" in:"var=eyezId" nonempty:"true" jsonschema:"The eyezId of the agent group, from zms_list_agent_groups."`
}

// pageVariables are the declared variables of the lists that take page.
const pageVariables = "page: Int, pageSize: Int, search: String, sort: String, sortDir: SortDirection"

var agents = []tool.Tool{
	list[page]("zms_list_agents",
		"List one page of microsegmentation agents: host, version, connection and upgrade status, addresses and group.",
		question{
			operation: "ListAgents", root: "agents", variables: pageVariables,
			selection: "name eyezId connectionStatus agentType hostOs currentSoftwareVersion upgradeStatus description cloudProvider publicIp privateIps adminStatus agentGroupName agentGroupType",
		}, ascOrDesc("sort_dir")),
	get[search]("zms_get_agent_connection_status_statistics",
		"Count agents by type and connection status, with percentages.",
		question{
			operation: "AgentConnectionStatusStats", root: "agentConnectionStatusStatistics", variables: "search: String",
			selection: "totalCount totalPercentage agentStatuses { agentType connectionStatus count percentage }",
		}),
	get[search]("zms_get_agent_version_statistics",
		"Count agents by type and software version, with percentages.",
		question{
			operation: "AgentVersionStats", root: "agentVersionStatistics", variables: "search: String",
			selection: "totalCount totalPercentage agentVersions { agentType version count percentage }",
		}),
	list[page]("zms_list_agent_groups",
		"List one page of agent groups with their upgrade schedule, tamper protection and number of agents.",
		question{
			operation: "ListAgentGroups", root: "agentGroups", variables: pageVariables,
			selection: "name eyezId agentGroupType cloudProvider adminStatus agentCount description policyStatus upgradeStatus tamperProtectionStatus agentAutoUpgrade agentDeletionTimeoutSeconds timezone upgradeDay upgradeTime versionProfileName",
		}, ascOrDesc("sort_dir")),
	get[agentGroupID]("zms_get_agent_group_totp_secrets",
		"Get the one-time password secret and QR code of an agent group, with the time they were made. The answer holds secrets: ask for it only when a person wants them, and do not repeat them.",
		question{
			operation: "GetAgentGroupTotpSecrets", root: "agentGroupTotpSecrets", variables: "eyezId: String!",
			selection: "eyezId totpSecret totpQrCode totpGenerationTimestamp",
		}, rest.Finish(underDataWithID)),
}
