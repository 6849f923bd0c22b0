package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"
)

// resolved are the variables of a command line, an environment and a file.
func resolved(t *testing.T, file string, env map[string]string, args ...string) *variables {
	t.Helper()
	flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
	settings := declareSettings(flags)
	if err := flags.Parse(args); err != nil {
		t.Fatal(err)
	}
	vars, err := settings.resolve(flags, of(env), file, transportHTTP)
	if err != nil {
		t.Fatal(err)
	}
	return vars
}

func wantVariables(t *testing.T, vars *variables, want map[string]string) {
	t.Helper()
	for name, value := range want {
		if got, ok := vars.lookup(name); got != value || ok != (value != "") {
			t.Errorf("%s = %q, %v; want %q", name, got, ok, value)
		}
	}
}

// A file that is read again replaces its old values, below flags and environment. What takes effect at the next start only is named.
func TestVariablesFileIsReadAgain(t *testing.T) {
	file := filepath.Join(t.TempDir(), "vars")
	const hosts, sources, tools, toolsets, client = "ZSCALER_MCP_ALLOWED_HOSTS", "ZSCALER_MCP_ALLOWED_SOURCE_IPS", "ZSCALER_MCP_DISABLED_TOOLS", "ZSCALER_MCP_TOOLSETS", "ZSCALER_CLIENT_ID"
	write(t, file, hosts+"=old\n"+tools+"=old\n"+toolsets+"=old\n"+client+"=old\nFOREIGN=old\n")
	vars := resolved(t, file, map[string]string{client: "environment"}, "--toolsets", "flag")
	wantVariables(t, vars, map[string]string{hosts: "old", sources: "", tools: "old", toolsets: "flag", client: "environment"})
	for _, step := range []struct {
		text    string
		want    map[string]string
		waiting []string
	}{
		{hosts + "=new\n" + sources + "=new\n" + tools + "=new\n" + toolsets + "=new\n" + client + "=new\nFOREIGN=new\n",
			map[string]string{hosts: "new", sources: "new", tools: "new", toolsets: "flag", client: "environment"}, []string{tools}},
		{tools + "=old\n" + sources + "=0.0.0.0/0\n", map[string]string{hosts: "", sources: "0.0.0.0/0", tools: "old"}, nil}, // as at the start
		{sources + "=new\n", map[string]string{hosts: "", sources: "new", tools: ""}, []string{tools}},
	} {
		write(t, file, step.text)
		waiting, err := vars.reread()
		if err != nil || !cmp.Equal(waiting, step.waiting) {
			t.Errorf("%q: waiting %q, %v; want %q", step.text, waiting, err, step.waiting)
		}
		wantVariables(t, vars, step.want)
	}
}

// A file that was cut off does not admit everybody: which addresses may call stays said, unless flags or environment say it.
func TestVariablesFileThatIsCutOff(t *testing.T) {
	file := filepath.Join(t.TempDir(), "vars")
	const hosts, list = "ZSCALER_MCP_ALLOWED_HOSTS=h\n", sourceIPs + "=10.0.0.1\n"
	for name, test := range map[string]struct {
		before, after, refusal string
		env                    map[string]string
		args                   []string
	}{
		"the list is gone":            {hosts + list, hosts, "all addresses could call", nil, nil},
		"the list is empty":           {hosts + list, hosts + sourceIPs + "=\n", "all addresses could call", nil, nil},
		"all is gone":                 {hosts, "", "is empty", nil, nil},
		"only a comment is left":      {hosts, "# comment\n", "is empty", nil, nil},
		"another list":                {hosts + list, hosts + sourceIPs + "=10.0.0.2\n", "", nil, nil},
		"the hosts are gone":          {hosts + list, list, "", nil, nil},
		"there was none":              {hosts, hosts + "\n", "", nil, nil},
		"there never was anything":    {"", "\n", "", nil, nil},
		"the environment has a list":  {hosts + list, hosts, "", map[string]string{sourceIPs: "10.0.0.3"}, nil},
		"the command line has a list": {hosts + list, hosts, "", nil, []string{"--allowed-source-ips=10.0.0.3"}},
	} {
		write(t, file, test.before)
		vars := resolved(t, file, test.env, test.args...)
		write(t, file, test.after)
		if _, err := vars.reread(); (err == nil) != (test.refusal == "") || err != nil && !strings.Contains(err.Error(), test.refusal) {
			t.Errorf("%s: %v, want %q", name, err, test.refusal)
		}
	}
}

// A file with a mistake leaves all as it was. The error names the line, and never what is in it.
func TestBadVariablesFileIsNotTaken(t *testing.T) {
	file := filepath.Join(t.TempDir(), "vars")
	const hosts = "ZSCALER_MCP_ALLOWED_HOSTS"
	write(t, file, hosts+"=old\n")
	vars := resolved(t, file, nil)
	for text, want := range map[string]string{
		hosts + "=new\n\n# comment\nhunter2 is the secret\n":                       "line 4",
		hosts + "=new\nhunter2":                                                    "line 2",
		hosts + "=\"new\n\nhunter2":                                                "line 1",
		"A='one\ntwo'\nB=\"three\nfour\"\nhunter2\nC=5":                            "line 5",
		hosts + "=new\nZSCALER_CLIENT_SECRET=hunter2$x\n":                          "line 2",
		"\r\n" + hosts + "=new\r\nhunter2\r\n":                                     "line 3",
		hosts + "=new\nZSCALER_MCP_ALLOWED_SOURCE_IP=hunter2\n":                    "did you mean ZSCALER_MCP_ALLOWED_SOURCE_IPS?",
		strings.Repeat("A=hunter2\n", maxDotenv/10+1):                              "at most",
		hosts + "=new\nA=\"" + strings.Repeat("hunter2\n", maxValueLines) + "\n\n": "line 2",
	} {
		write(t, file, text)
		_, err := vars.reread()
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%.60q: %v, want %q", text, err, want)
		}
		wantVariables(t, vars, map[string]string{hosts: "old"})
	}
	for _, text := range []string{hosts + "=new", "export " + hosts + "=new\n", "# x\n" + hosts + "='new'\nB=\"two\nlines\"", "\r\n" + hosts + ": new\r\n"} {
		write(t, file, text)
		if _, err := vars.reread(); err != nil {
			t.Errorf("%q: %v", text, err)
		}
		wantVariables(t, vars, map[string]string{hosts: "new"})
	}
}
