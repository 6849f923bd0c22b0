package main

import (
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/org/zscalermcp/internal/watch"
)

// variables are those of a run, from flags, environment and file. The file can be read again while they are in use.
type variables struct {
	path  string                                   // of the file; empty for none
	over  func(file map[string]string) environment // flags and environment, over a file
	file  map[string]string                        // as it was at start
	start environment                              // likewise
	now   atomic.Pointer[environment]
	files *watch.Files // the file, seen first before it was read
}

// readVariables reads the file, if there is one.
func readVariables(path string, over func(map[string]string) environment) (*variables, error) {
	v := &variables{path: path, over: over}
	if path != "" {
		v.files = watch.New(func() []string { return []string{path} })
	}
	var err error
	if v.file, err = readDotenv(path); err != nil {
		return nil, err
	}
	v.start = over(v.file)
	v.now.Store(&v.start)
	return v, nil
}

// current returns the variables as they are now.
func (v *variables) current() environment { return *v.now.Load() }

// lookup returns a variable as it is now.
func (v *variables) lookup(name string) (string, bool) { return v.now.Load().lookup(name) }

// sourceIPs is the variable without which callers may come from all addresses.
const sourceIPs = "ZSCALER_MCP_ALLOWED_SOURCE_IPS"

// takenAtReload are the variables that the server looks up again when it is told to reload.
var takenAtReload = []string{
	"ZSCALER_MCP_ALLOWED_HOSTS", "ZSCALER_MCP_ALLOWED_HOSTS_FILE", "ZSCALER_MCP_ALLOWED_ORIGINS", "ZSCALER_MCP_ALLOWED_ORIGINS_FILE", sourceIPs, sourceIPs + "_FILE",
	"ZSCALER_MCP_AUTH_API_KEY", "ZSCALER_MCP_AUTH_API_KEY_FILE",
}

// reread reads the file again. It returns the names of the variables that are not as they were at start and take effect at the next start only. After
// an error, also one about names that would keep the program from starting, everything is as before. A file that an editor or a full disk has cut
// off must not admit everybody: one that says nothing any more, or no longer which addresses may call, is an error too.
func (v *variables) reread() (waiting []string, err error) {
	file, err := readDotenv(v.path)
	if err != nil {
		return nil, err
	}
	if len(file) == 0 && len(v.file) > 0 {
		return nil, fmt.Errorf("variables file %s: it is empty, and was not at the start", v.path)
	}
	next := v.over(file)
	if isSet(v.lookup, sourceIPs) && !isSet(next.lookup, sourceIPs) {
		return nil, fmt.Errorf("variables file %s: %s is not there any more, and all addresses could call; give it with 0.0.0.0/0,::/0 if that is meant, or start again", v.path, sourceIPs)
	}
	if _, err := next.strangeNames(transportHTTP); err != nil {
		return nil, err
	}
	v.now.Store(&next)
	for _, name := range knownNames() {
		before, _ := v.start.lookup(name)
		if value, _ := next.lookup(name); value != before && !slices.Contains(takenAtReload, name) {
			waiting = append(waiting, name)
		}
	}
	return waiting, nil
}
