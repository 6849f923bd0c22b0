package zeasm

import "github.com/org/zscalermcp/tool"

// Sets returns the toolsets of External Attack Surface Management, ready for tool.Compile. The slice is the caller's own.
func Sets() []tool.Set {
	return []tool.Set{
		{Name: "zeasm", Doc: "Organisations whose attack surface External Attack Surface Management watches.", Tools: organizations},
		{Name: "zeasm_findings", Doc: "Findings on assets that face the internet, with their evidence and the output of the scanner.", Tools: findings},
		{Name: "zeasm_lookalike_domains", Doc: "Domains that look like those of the organisation and may serve phishing.", Tools: lookalikeDomains},
	}
}
