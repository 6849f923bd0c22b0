package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/internal/spelling"
)

// An environment is a set of variables.
type environment struct {
	lookup zscalermcp.Lookup
	names  []string
}

func processEnvironment() environment {
	env := environment{lookup: os.LookupEnv}
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		env.names = append(env.names, name)
	}
	return env
}

// maxTypos is how far a name may be from a known one to be taken for it.
const maxTypos = 3

// knownNames are the variables of the library and of this program, sorted.
func knownNames() []string {
	known := append(zscalermcp.Variables(), "ZSCALER_MCP_DOTENV_PATH")
	for _, s := range table {
		known = append(known, s.variable)
	}
	slices.Sort(known)
	return slices.Compact(known)
}

// strangeNames returns the variables that look as if they were for this program, but are not known to it. One that is misspelt or is about
// authentication is a mistake, since it may be meant to keep somebody out; on stdio, where nobody authenticates, only the former is.
func (env environment) strangeNames(transport string) (harmless []string, err error) {
	known := knownNames()
	names := slices.Compact(slices.Sorted(slices.Values(env.names)))
	var errs []error
	for _, name := range names {
		value, _ := env.lookup(name)
		if value == "" || slices.Contains(known, name) || !strings.HasPrefix(name, "ZSCALER_MCP_") && !strings.HasPrefix(name, "OIDCPROXY_") {
			continue
		}
		meant := slices.MinFunc(known, func(a, b string) int { return spelling.Distance(name, a) - spelling.Distance(name, b) })
		switch {
		case spelling.Distance(name, meant) <= maxTypos:
			errs = append(errs, fmt.Errorf("%s is not known: did you mean %s?", name, meant))
		case strings.HasPrefix(name, "ZSCALER_MCP_AUTH_") && transport != transportStdio:
			errs = append(errs, fmt.Errorf("%s is not known to this version, and ignoring it could admit more than you want: unset it", name))
		default:
			harmless = append(harmless, name)
		}
	}
	return harmless, errors.Join(errs...)
}
