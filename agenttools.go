package zscalermcp

import (
	"slices"

	"github.com/org/zscalermcp/tool"
)

// agentSet are the tools that help an agent with the others. Its service is none of the tenant's.
var agentSet = tool.Set{
	Name: tool.AgentService, Doc: "Help with the other tools: finding them, having them listed, and whether Zscaler answers.",
	Tools: slices.Concat(tool.AgentTools(), []tool.Tool{
		tool.Func(tool.Read, "zscaler_check_connectivity", "Ask one small question of each service whose tools are offered, and report which answer, how fast, and why the others do not: wrong credentials, a missing role, a service that the tenant does not have. "+
			"Use it when calls fail, before looking for the fault in the arguments.", checkConnectivity, tool.List),
	}),
}

// known tells the names of tools and prompts.
func (s *Server) known() func(name string) bool {
	names := map[string]bool{}
	for _, info := range s.tools.Tools() {
		names[info.Name] = true
	}
	for _, p := range s.prompts.offered {
		names[p.name] = true
	}
	return func(name string) bool { return names[name] }
}
