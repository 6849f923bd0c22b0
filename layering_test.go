package zscalermcp_test

import (
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/org/zscalermcp"

// layers says which packages of this module the non-test files of each package may import. A path that
// ends in /... stands for the packages below it. Packages that match no entry may import nothing.
var layers = map[string][]string{
	".":                        {"auth", "auth/oidcproxy", "internal/address", "internal/flood", "internal/isolated", "internal/telemetry", "internal/watch", "store", "tool", "transport", "transport/tlsfiles", "zscaler", "zscaler/..."},
	"cmd/zscaler-mcp":          {".", "auth", "internal/address", "internal/spelling", "internal/watch", "store/redisstore", "zscaler", "zscaler/zscalertest"},
	"examples/...":             {".", "examples/internal/exampletest", "auth", "auth/authtest", "auth/oidcproxy", "store", "tool", "tool/rest", "transport", "zscaler", "zscaler/zscalertest"},
	"interop/...":              {".", "auth", "auth/authtest", "auth/oidcproxy", "auth/oidcproxy/safefetch", "store", "store/redisstore", "tool", "transport", "zscaler", "zscaler/zscalertest"},
	"auth":                     {"internal/address", "internal/bounded", "internal/flood", "internal/lexical", "internal/remote", "internal/strictjson"},
	"auth/authtest":            {"auth"},
	"auth/oidcproxy":           {"auth", "auth/oidcproxy/safefetch", "internal/address", "internal/bounded", "internal/flood", "internal/lexical", "internal/ratelimit", "internal/remote", "internal/strictjson", "store"},
	"auth/oidcproxy/safefetch": {"internal/address", "internal/lexical"},
	"store":                    {},
	"store/redisstore":         {"store"},
	"store/storetest":          {"store"},
	"transport":                {"auth", "internal/address", "internal/flood", "internal/isolated", "internal/ratelimit"},
	"transport/tlsfiles":       {"auth"},
	"internal/address":         {},
	"internal/bounded":         {},
	"internal/bubble":          {},
	"internal/flood":           {},
	"internal/isolated":        {"auth"},
	"internal/lexical":         {},
	"internal/ratelimit":       {},
	"internal/remote":          {"internal/address"},
	"internal/spelling":        {},
	"internal/strictjson":      {},
	"internal/telemetry":       {},
	"internal/watch":           {},
	"tool":                     {"auth", "internal/isolated", "internal/spelling", "store"},
	"tool/rest":                {"tool", "zscaler"},
	"zscaler":                  {},
	"zscaler/zscalertest":      {},
	"zscaler/zscalertest/...":  {},
	"zscaler/internal/...":     {"auth", "store", "tool", "tool/rest", "zscaler", "zscaler/zscalertest"}, // for tests
	"zscaler/...":              {"tool", "tool/rest", "zscaler"},
}

// heavy names modules that an importer of the root package must not have to compile.
var heavy = []string{"github.com/spf13/", "github.com/redis/", "github.com/joho/", "github.com/KimMachineGun/", "go.opentelemetry.io/otel/exporters"}

func TestLayering(t *testing.T) {
	for pkg, imports := range goList(t, "-f", "{{.ImportPath}} {{join .Imports \" \"}}", "./...") {
		pkg = room(pkg)
		allowed, known := allowedFor(pkg)
		if !known {
			t.Errorf("%s is no room of the house: add it to the table, or move its code", pkg)
			continue
		}
		for _, imported := range imports {
			if strings.HasPrefix(imported, module) && !permits(allowed, room(imported)) {
				t.Errorf("%s must not import %s", pkg, room(imported))
			}
		}
	}
}

func TestRootPackageIsLight(t *testing.T) {
	for dep := range goList(t, "-deps", ".") {
		for _, prefix := range heavy {
			if strings.HasPrefix(dep, prefix) {
				t.Errorf("the root package depends on %s", dep)
			}
		}
		if dep == module+"/zscaler/zscalertest" || dep == "testing" {
			t.Errorf("the root package depends on %s, which is for tests", dep)
		}
	}
}

// goList runs go list and returns, by its first word, the other words of each line.
func goList(t *testing.T, args ...string) map[string][]string {
	t.Helper()
	out, err := exec.Command("go", append([]string{"list"}, args...)...).Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	lines := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		if words := strings.Fields(line); len(words) > 0 {
			lines[words[0]] = words[1:]
		}
	}
	return lines
}

func room(importPath string) string {
	if importPath == module {
		return "."
	}
	return strings.TrimPrefix(importPath, module+"/")
}

func allowedFor(pkg string) ([]string, bool) {
	if allowed, ok := layers[pkg]; ok {
		return allowed, true
	}
	for dir := path.Dir(pkg); dir != "."; dir = path.Dir(dir) {
		if allowed, ok := layers[dir+"/..."]; ok {
			return allowed, true
		}
	}
	return nil, false
}

func permits(allowed []string, pkg string) bool {
	return slices.ContainsFunc(allowed, func(entry string) bool {
		below, tree := strings.CutSuffix(entry, "/...")
		return entry == pkg || (tree && strings.HasPrefix(pkg, below+"/"))
	})
}
