package zeasm

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type finding struct {
	organization
	FindingID string `json:"finding_id" in:"path" nonempty:"true" jsonschema:"Finding id (32 hexadecimal digits), from zeasm_list_findings."`
}

const onFinding = base + "/{org_id}/findings/{finding_id}"

var findings = []tool.Tool{
	rest.Read[organization]("zeasm_list_findings", "GET "+base+"/{org_id}/findings",
		"List the weaknesses found on assets of an organisation that face the internet: affected asset, category, risk level and score, status, first and last seen. "+
			"Narrow it with query, such as [?risk_level=='CRITICAL'], and go on with zeasm_get_finding_details.", rest.List),
	rest.Read[finding]("zeasm_get_finding_details", "GET "+onFinding+"/details",
		"Get one finding in full: description, affected asset, severity and risk, and how likely it is to be exploited (CISA, EPSS). The scanner's proof is in zeasm_get_finding_evidence."),
	rest.Read[finding]("zeasm_get_finding_evidence", "GET "+onFinding+"/evidence",
		"Get the evidence for one finding: the part of the scanned host's own answer that shows the weakness, and what kind of source it is. The host wrote the text.",
		rest.JSONText, rest.Untrusted),
	rest.Read[finding]("zeasm_get_finding_scan_output", "GET "+onFinding+"/scan-output",
		"Get all that the scanner recorded for one finding. "+
			"It is longer than zeasm_get_finding_evidence, which is the part to read first; the scanned host wrote much of it.",
		rest.JSONText, rest.Untrusted),
}
