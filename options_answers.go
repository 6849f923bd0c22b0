package zscalermcp

import (
	"errors"
	"slices"
)

// WithRevealSecrets lets the tools whose names match one of the patterns ([path.Match]) answer the tenant's secrets as they are: pre-shared
// keys, passwords, tokens and the like, which all others mask, see Masked of package tool. What an agent reads ends in a model's context and in logs.
func WithRevealSecrets(patterns ...string) Option {
	return func(c *config) error {
		c.revealSecrets = slices.Clone(patterns)
		if len(patterns) == 0 {
			return errors.New(`WithRevealSecrets: name the tools, for example "zcc_get_device_otp"; leave it out to mask all secrets`)
		}
		return nil
	}
}

// WithoutSanitising leaves the strings of answers as the API sent them: with markup, characters that cannot be seen, and what else could
// mislead a model or whoever looks at the answer. Secrets are masked all the same.
func WithoutSanitising() Option {
	return func(c *config) error {
		off := true
		c.unsanitised = &off
		return nil
	}
}

// WithTokenReport adds the size of each answer to it, in bytes and roughly in tokens.
func WithTokenReport() Option {
	return func(c *config) error {
		on := true
		c.tokenReport = &on
		return nil
	}
}

// answersFromEnv reads what becomes of answers.
func (c *config) answersFromEnv(e *env) {
	if on := e.flag("ZSCALER_MCP_LOG_TOOL_CALLS"); on != nil && *on {
		c.logCalls = true
	}
	if patterns := e.list("ZSCALER_MCP_REVEAL_SECRETS"); c.revealSecrets == nil {
		c.revealSecrets = patterns
	}
	if off := e.flag("ZSCALER_MCP_DISABLE_OUTPUT_SANITIZATION"); c.unsanitised == nil {
		c.unsanitised = off
	}
	if on := e.flag("ZSCALER_MCP_REPORT_TOKENS"); c.tokenReport == nil {
		c.tokenReport = on
	}
	if isTrue(c.unsanitised) {
		c.warnings = append(c.warnings, "answers are not sanitised: text in them can hide instructions to agents, and links and images that send data away")
	}
	if slices.Contains(c.revealSecrets, "*") {
		c.warnings = append(c.warnings, "every tool shows the tenant's secrets to agents: name only the tools that must")
	}
}

func isTrue(flag *bool) bool { return flag != nil && *flag }
