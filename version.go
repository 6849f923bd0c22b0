package zscalermcp

import (
	"runtime"
	"runtime/debug"
	"slices"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/tool"
)

// instructions are told to every client at the start of a session.
func instructions(tools []tool.Info) string {
	text := "Tools for one Zscaler tenant. Names begin with the service: zia (internet access), zpa (private access), " +
		"zdx (digital experience), zcc (client connector), ztw (cloud and branch connector), zid (identity), zins (Z-Insights reports), " +
		"zms (microsegmentation), zcell (cellular), zeasm (external attack surface). Lists return one page; the argument query takes " +
		"a JMESPath expression that narrows the rows."
	offered := func(name string) bool {
		return slices.ContainsFunc(tools, func(t tool.Info) bool { return t.Name == name })
	}
	if offered("zscaler_find_tool") && slices.ContainsFunc(tools, func(t tool.Info) bool { return !t.Listed }) {
		text += " There are more tools than tools/list shows: zscaler_find_tool finds them, and they can be called by name."
	}
	if offered("zia_activate_configuration") {
		return text + " Changes in zia take effect only after zia_activate_configuration."
	}
	return text + " Changes in zia take effect only after an administrator has activated them."
}

// Version returns the version of this module in the running program: a tag such as v0.1.0, or "devel".
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	const module = "github.com/org/zscalermcp"
	for _, dep := range append(info.Deps, &info.Main) {
		if dep.Path == module && dep.Version != "" && dep.Version != "(devel)" {
			return dep.Version
		}
	}
	return "devel"
}

func implementation() *mcp.Implementation {
	return &mcp.Implementation{Name: "zscaler-mcp", Title: "Zscaler", Version: Version()}
}

func userAgent(comment string) string {
	agent := "zscalermcp/" + Version() + " " + runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH
	if comment != "" {
		agent += " (" + comment + ")"
	}
	return agent
}
