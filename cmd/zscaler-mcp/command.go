package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/org/zscalermcp"
)

// newCommand returns the command line. Each mode but serving prints something and exits.
func newCommand(env environment, std streams) *cobra.Command {
	var listTools, check, doctor bool
	var format, dotenv, generate string
	cmd := &cobra.Command{
		Use:           "zscaler-mcp",
		Short:         "MCP server for Zscaler OneAPI",
		Long:          "zscaler-mcp serves a Zscaler tenant to AI agents over the Model Context Protocol.\nEvery flag has an environment variable; credentials come from the environment or from NAME_FILE files.",
		Version:       zscalermcp.Version(),
		Args:          noArguments,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	flags := cmd.Flags()
	settings := declareSettings(flags)
	flags.BoolVar(&listTools, "list-tools", false, "print the tools that would be offered, and exit")
	flags.StringVar(&format, "format", "text", "form of --list-tools and --doctor: text or json")
	flags.BoolVar(&check, "check", false, "check the configuration, print what is on and off or every mistake, and exit")
	flags.BoolVar(&doctor, "doctor", false, "ask the authorization server that runs at the public URL, and the identity provider, print what is wrong and what to do, and exit")
	flags.StringVar(&generate, "generate-auth-token", "", "print a fresh API key with client configurations, and exit; =basic prints the Basic header of the OneAPI credentials")
	flags.Lookup("generate-auth-token").NoOptDefVal = tokenAPIKey
	flags.StringVar(&dotenv, "dotenv-path", "", "read this file of variables; ZSCALER_MCP_DOTENV_PATH")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		transport := transportStdio
		if doctor { // which is for servers over HTTP
			transport = transportHTTP
		}
		vars, err := settings.resolve(flags, env, dotenv, transport)
		if err != nil {
			return err
		}
		program := &program{lookup: vars.lookup, vars: vars, std: std}
		switch {
		case check && doctor, listTools && (check || doctor):
			return errors.New("--list-tools, --check and --doctor each do one thing: use one of them")
		case flags.Changed("generate-auth-token"):
			return program.generateToken(generate)
		case listTools:
			return program.listTools(format)
		case check:
			return program.check(cmd.Context())
		case doctor:
			return program.doctor(cmd.Context(), format)
		}
		return program.serve(cmd.Context())
	}
	return cmd
}

// noArguments refuses what stands beside the flags.
func noArguments(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("unexpected argument %q; a flag's value is written as --flag=value", args[0])
	}
	return nil
}

// oneOf returns the variable's value if it is one of the choices, the first of them when it is unset.
func (p *program) oneOf(name string, choices ...string) (string, error) {
	value, _ := p.lookup(name)
	value = strings.ToLower(strings.TrimSpace(value))
	if value == "" {
		return choices[0], nil
	}
	for _, choice := range choices {
		if value == choice {
			return value, nil
		}
	}
	return choices[0], fmt.Errorf("%s=%q is not known: use %s", name, value, strings.Join(choices, " or "))
}

// isOn reports whether the variable is true.
func (p *program) isOn(name string) (bool, error) {
	value, err := p.oneOf(name, "false", "true", "1", "0", "yes", "no", "on", "off")
	if err != nil {
		return false, err
	}
	return value == "true" || value == "1" || value == "yes" || value == "on", nil
}
