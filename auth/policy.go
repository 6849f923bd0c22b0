package auth

// An Operation is one use of a tool, as a [Policy] judges it.
type Operation struct {
	Tool    string // name of the tool, such as "zia_create_rule_label"
	Toolset string // that the tool belongs to, such as "zia_rule_labels"
	Service string // that it acts on, such as "zia"
	Effect  string // "read", "create", "update" or "delete"
}

// A Policy says what a caller may do, of what the operator offers. It must be safe for concurrent use and quick: it is asked for
// every tool when a caller lists them.
type Policy interface {
	Permit(p *Principal, op Operation) Decision
}

// PolicyFunc lets a function be a [Policy].
type PolicyFunc func(p *Principal, op Operation) Decision

// Permit calls f(p, op).
func (f PolicyFunc) Permit(p *Principal, op Operation) Decision { return f(p, op) }

// A Decision is a policy's answer. A tool that is not allowed is hidden from the caller; with Scopes, a call of it is answered with
// 403 insufficient_scope (RFC 6750 section 3.1), so that the client can ask its user for them.
type Decision struct {
	Allowed bool
	Scopes  []string // all that the operation needs, where a wider scope would help; nil where none would
}
