package tool

import (
	"encoding/json"
	"fmt"
)

// Masked stands in answers for a secret of the tenant that is not shown: a value whose member name says that it is one (a password, a
// pre-shared key), or a text that looks like one (a private key in PEM, a JWT, a provisioning key, the address of a webhook). It is one
// plain word, so that JSON, CSV, Markdown and JMESPath leave it as it is. What changes the tenant refuses arguments that hold it.
//
// Secrets are masked before a query runs, so that no query can tell them apart or take one to pieces, and again in what it made.
const Masked = "__MASKED_BY_ZSCALER_MCP__"

// A Secret is an [Option]: it marks a tool whose very point is a secret, such as a one-time password, so that a masked answer says
// how to reveal it. The members, if any, are names of members that hold secrets in this tool's answers beside those that are known everywhere.
func Secret(members ...string) Option {
	return func(s *Spec) { s.Secret, s.SecretMembers = true, append(s.SecretMembers, members...) }
}

// maskNote tells how many values an answer hides, and who can show them.
func (c *call) maskNote(n int) string {
	if n == 0 {
		return ""
	}
	name, values, are := c.tool.spec.Name, "secret values", "are"
	if n == 1 {
		values, are = "secret value", "is"
	}
	text := fmt.Sprintf("%d %s in this answer %s masked, and shown as %s.", n, values, are, Masked)
	if c.tool.spec.Secret {
		text = fmt.Sprintf("What this tool is for is a secret, and secrets are masked: %d %s of this answer %s shown as %s.", n, values, are, Masked)
	}
	return text + fmt.Sprintf(" Do not send the mask back in a change; leave such arguments out. Whoever runs the server can show the values with "+
		"--reveal-secrets %s (ZSCALER_MCP_REVEAL_SECRETS).", name)
}

// publicText masks and cleans a text that goes to the caller beside answers, such as an error that quotes the API.
func (c *call) publicText(text string) string {
	w := borrowWasher(washing{mask: true, sanitise: !c.rt.Unsanitised})
	defer w.giveBack()
	return w.text(text)
}

// maskedText masks a text for people: for the log, or a question to a human, which shows what cannot be seen by itself.
func maskedText(text string) string {
	w := borrowWasher(washing{mask: true})
	defer w.giveBack()
	return w.text(text)
}

// washing is what the answers of this tool go through. The agent's own tools tell of arguments that hold secrets, and know none.
func (c *call) washing() washing {
	return washing{mask: !c.revealed[c.tool.spec.Name] && c.tool.service != AgentService, sanitise: !c.rt.Unsanitised, members: c.tool.spec.SecretMembers}
}

// masked returns rows as a query may see them, and how many secrets it does not see.
func (c *call) masked(rows []json.RawMessage) ([]json.RawMessage, int) {
	how := c.washing()
	how.sanitise = false
	w := borrowWasher(how)
	defer w.giveBack()
	seen := make([]json.RawMessage, len(rows))
	for i, row := range rows {
		seen[i] = w.wash(row)
	}
	return seen, w.masked
}

// maskArguments returns arguments as a human who is asked may see them.
func (c *call) maskArguments(members map[string]json.RawMessage) map[string]json.RawMessage {
	w := borrowWasher(washing{mask: true, members: c.tool.spec.SecretMembers})
	defer w.giveBack()
	masked := make(map[string]json.RawMessage, len(members))
	for _, p := range parts(w.wash(joinObject(members))) {
		masked[p.name] = p.value
	}
	return masked
}
