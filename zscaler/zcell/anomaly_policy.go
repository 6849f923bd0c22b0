package zcell

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type policySearch struct {
	violationDays
	PolicyType string `json:"policy_type,omitempty" in:"query=policyType" jsonschema:"Only policies of this type, as the rows of an unfiltered call spell it."`
	page
}

type policyID struct {
	PolicyID string `json:"policy_id" in:"path" nonempty:"true" jsonschema:"Anomaly policy id, from zcell_list_anomaly_policies."`
}

type policyLogs struct {
	policyID
	page
}

type policyViolations struct {
	violationDays
	policyID
	page
}

type simViolations struct {
	violationDays
	policyID
	ICCID string `json:"iccid" in:"path" nonempty:"true" jsonschema:"ICCID of the SIM, from zcell_list_anomaly_policy_violations or zcell_list_sims."`
}

const policies = customer + "/anomaly-policy"

var anomalyPolicies = []tool.Tool{
	rest.Read[policySearch]("zcell_list_anomaly_policies", "GET "+policies,
		"List one page of anomaly policies: type, whether enabled, state of the last run, location groups they watch, and violations in the last days.", rest.List),
	rest.Read[policyLogs]("zcell_list_anomaly_policy_logs", "GET "+policies+"/{policy_id}/logs",
		"List one page of what happened to one anomaly policy, such as enabled, disabled and run, with status, message and time. "+
			"Violations are in zcell_list_anomaly_policy_violations.", rest.List),
	rest.Read[policyViolations]("zcell_list_anomaly_policy_violations", "GET "+policies+"/{policy_id}/violations",
		"List one page of the SIMs that violated an anomaly policy in the last days. For the single events of one SIM go on with zcell_list_iccid_violations.", rest.List),
	rest.Read[simViolations]("zcell_list_iccid_violations", "GET "+policies+"/{policy_id}/violations/{iccid}",
		"List the single violations of one anomaly policy by one SIM in the last days, with time and place.", rest.List, rest.OnePage),
}
