package zms

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type nonceID struct {
	EyezID string `json:"eyez_id" in:"var=eyezId" nonempty:"true" jsonschema:"The eyezId of the nonce, from zms_list_nonces."`
}

const nonceFields = "eyezId name key maxUsage usageCount agentGroupEyezId agentGroupName agentGroupType product creationTime modifiedTime"

var nonces = []tool.Tool{
	list[page]("zms_list_nonces",
		"List one page of nonces, the provisioning keys that agents enrol with: usage so far and at most, and the agent group. "+
			"The key of each row is a secret: do not repeat it. One of them by its eyezId is in zms_get_nonce.",
		question{operation: "ListNonces", root: "nonces", variables: pageVariables, selection: nonceFields}, ascOrDesc("sort_dir"), rest.Secret("key")),
	get[nonceID]("zms_get_nonce",
		"Get one nonce (provisioning key of agents) by its eyezId, with its usage and agent group. Its key is a secret: do not repeat it. "+
			"To find nonces take zms_list_nonces.",
		question{
			operation: "GetNonce", root: "nonce", variables: "eyezId: String!",
			selection: "nonce { " + nonceFields + " }",
		}, rest.Finish(underDataWithID), rest.Secret("key")),
}
