package zpa

import "encoding/json"

// criteria is what a rule looks at.
type criteria struct {
	Conditions json.RawMessage `json:"conditions,omitempty" jsonschema:"When the rule applies: a list of {operator: AND or OR, operands: [{objectType, values or entryValues}]}, or its JSON text. All conditions must hold. Short form: pairs such as [app, [segment id]], [scim_group, [[idp id, group id]]] or [AND, [posture, [[udid, true]]]]. Ids come from zpa_list_application_segments (APP), zpa_list_segment_groups (APP_GROUP), get_zpa_scim_group, get_zpa_scim_attribute, get_zpa_saml_attribute, get_zpa_posture_profile (postureUdid) and get_zpa_trusted_network (networkId). On update it replaces all conditions; leave it out to keep them."`
}

type ruleID struct {
	RuleID string `json:"rule_id" nonempty:"true" jsonschema:"Rule id, from the list tool of this kind of policy."`
	ruleScope
}

type ruleScope struct {
	MicrotenantID string `json:"microtenant_id,omitempty" jsonschema:"Microtenant to act in; leave out for the configured one."`
}

// newRule is what every new rule but a timeout rule has.
type newRule struct {
	Name       string `json:"name" nonempty:"true" jsonschema:"Name of the rule, unique in its policy."`
	ActionType string `json:"action_type" nonempty:"true" jsonschema:"What the rule does, in any case. Access: ALLOW, DENY, REQUIRE_APPROVAL; forwarding: BYPASS, INTERCEPT, INTERCEPT_ACCESSIBLE; isolation: ISOLATE, BYPASS_ISOLATE; app protection: INSPECT, BYPASS_INSPECT."`
}

// ruleChange is what every changed rule has.
type ruleChange struct {
	Name       *string `json:"name,omitempty" jsonschema:"New name."`
	ActionType *string `json:"action_type,omitempty" jsonschema:"New action, in any case; a timeout rule always has RE_AUTH."`
}

type ruleText struct {
	Description *string `json:"description,omitempty" jsonschema:"What the rule is for; an empty text removes it."`
}

type accessGroups struct {
	AppConnectorGroupIDs []string `json:"app_connector_group_ids,omitempty" jsonschema:"Ids of app connector groups to which the rule is limited, from zpa_list_app_connector_groups; an empty list removes the limit."`
	AppServerGroupIDs    []string `json:"app_server_group_ids,omitempty" jsonschema:"Ids of server groups to which the rule is limited, from zpa_list_server_groups; an empty list removes the limit."`
}

type isolationProfile struct {
	ZPNIsolationProfileID *string `json:"zpn_isolation_profile_id,omitempty" jsonschema:"Isolation profile id, from get_zpa_isolation_profile; an ISOLATE rule needs one."`
}

type inspectionProfile struct {
	ZPNInspectionProfileID *string `json:"zpn_inspection_profile_id,omitempty" jsonschema:"App protection (inspection) profile id, from get_zpa_app_protection_profile; an INSPECT rule needs one."`
}

type timeoutMessage struct {
	CustomMsg *string `json:"custom_msg,omitempty" jsonschema:"Message shown to users who must sign in again."`
}

type newAccessRule struct {
	newRule
	ruleText
	accessGroups
	criteria
	ruleScope
}

type accessRuleChange struct {
	ruleChange
	ruleText
	accessGroups
	criteria
	ruleID
}

type newForwardingRule struct {
	newRule
	ruleText
	criteria
	ruleScope
}

type forwardingRuleChange struct {
	ruleChange
	ruleText
	criteria
	ruleID
}

type newIsolationRule struct {
	newRule
	isolationProfile
	ruleText
	criteria
	ruleScope
}

type isolationRuleChange struct {
	ruleChange
	isolationProfile
	ruleText
	criteria
	ruleID
}

type newProtectionRule struct {
	newRule
	inspectionProfile
	ruleText
	criteria
	ruleScope
}

type protectionRuleChange struct {
	ruleChange
	inspectionProfile
	ruleText
	criteria
	ruleID
}

type newTimeoutRule struct {
	Name       string `json:"name" nonempty:"true" jsonschema:"Name of the rule, unique in its policy."`
	ActionType string `json:"action_type,omitempty" default:"RE_AUTH" jsonschema:"Accepted and not used: a timeout rule always has RE_AUTH."`
	ruleText
	timeoutMessage
	ReauthTimeout     string `json:"reauth_timeout,omitempty" default:"172800" jsonschema:"Seconds until users must sign in again, as text; -1 for never."`
	ReauthIdleTimeout string `json:"reauth_idle_timeout,omitempty" default:"600" jsonschema:"Idle seconds until users must sign in again, as text; -1 for never."`
	criteria
	ruleScope
}

type timeoutRuleChange struct {
	ruleChange
	ruleText
	timeoutMessage
	ReauthTimeout     *string `json:"reauth_timeout,omitempty" jsonschema:"Seconds until users must sign in again, as text; -1 for never."`
	ReauthIdleTimeout *string `json:"reauth_idle_timeout,omitempty" jsonschema:"Idle seconds until users must sign in again, as text; -1 for never."`
	criteria
	ruleID
}
