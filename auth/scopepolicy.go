package auth

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/org/zscalermcp/internal/lexical"
)

// A ScopePolicyConfig is the argument of [NewScopePolicy].
type ScopePolicyConfig struct {
	Rules []ScopeRule // what any of them grants is allowed
	// Implies is the hierarchy of scopes: who has the key also has the values, and what those imply.
	Implies map[string][]string
	// IncludeGranted names in a challenge the scopes that the caller has already too, for clients that ask for what they
	// are told and no more.
	IncludeGranted bool
}

// A ScopeRule grants operations to callers who have one property. Effects, Services, Toolsets and Tools narrow what is granted; an
// empty one does not narrow.
type ScopeRule struct {
	Scope string // callers with this scope, compared exactly; or
	Claim string // callers whose claim, or an element of it if it is a list, is one of Values; a dot leads into objects
	// Values are what Claim may be, such as names of groups or roles, compared whole. Numbers and booleans are written as in JSON.
	Values  []string
	Methods []string // or callers who came in by one of these modes ([Principal.Method])

	Effects  []string // of "read", "create", "update" and "delete"
	Services []string // such as "zia"
	Toolsets []string // patterns ([path.Match]), such as "zia_*"
	Tools    []string // patterns ([path.Match])
}

// A ScopePolicy is a [Policy] made of rules.
type ScopePolicy struct {
	rules          []ScopeRule
	implies        map[string][]string // with all that follows
	includeGranted bool
}

var _ Policy = (*ScopePolicy)(nil)

// effects are the words for what a tool does.
var effects = []string{"read", "create", "update", "delete"}

// NewScopePolicy returns the policy that cfg describes, or every mistake in it: a rule without or with several conditions, an unknown
// effect, a bad pattern, a hierarchy that leads back to itself. No rule at all permits nothing, and is a mistake.
func NewScopePolicy(cfg ScopePolicyConfig) (*ScopePolicy, error) {
	var errs []error
	if len(cfg.Rules) == 0 {
		errs = append(errs, errors.New("auth: ScopePolicyConfig.Rules is empty: nobody could use anything"))
	}
	s := &ScopePolicy{implies: map[string][]string{}, includeGranted: cfg.IncludeGranted}
	for i, rule := range cfg.Rules {
		for _, err := range rule.mistakes() {
			errs = append(errs, fmt.Errorf("auth: ScopePolicyConfig.Rules[%d]: %w", i, err))
		}
		s.rules = append(s.rules, rule.clone())
	}
	for scope := range cfg.Implies {
		all, err := closure(scope, cfg.Implies, nil, s.implies)
		if err != nil {
			errs = append(errs, fmt.Errorf("auth: ScopePolicyConfig.Implies: %w", err))
			continue
		}
		s.implies[scope] = all
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return s, nil
}

func (rule ScopeRule) clone() ScopeRule {
	for _, list := range []*[]string{&rule.Values, &rule.Methods, &rule.Effects, &rule.Services, &rule.Toolsets, &rule.Tools} {
		*list = slices.Clone(*list)
	}
	return rule
}

func (rule *ScopeRule) mistakes() []error {
	var errs []error
	conditions := 0
	for _, is := range []bool{rule.Scope != "", rule.Claim != "", len(rule.Methods) > 0} {
		if is {
			conditions++
		}
	}
	if conditions != 1 {
		errs = append(errs, errors.New("give exactly one of Scope, Claim and Methods"))
	}
	if rule.Scope != "" && !lexical.IsScope(rule.Scope) || rule.Scope == offlineAccess {
		errs = append(errs, fmt.Errorf("the Scope %q is no scope of a resource (RFC 6749 section 3.3)", rule.Scope))
	}
	if (rule.Claim == "") != (len(rule.Values) == 0) {
		errs = append(errs, errors.New("the Claim and its Values go together"))
	}
	for _, effect := range rule.Effects {
		if !slices.Contains(effects, effect) {
			errs = append(errs, fmt.Errorf("the effect %q is not known: use %s", effect, strings.Join(effects, ", ")))
		}
	}
	for _, pattern := range slices.Concat(rule.Toolsets, rule.Tools) {
		if _, err := path.Match(pattern, ""); err != nil {
			errs = append(errs, fmt.Errorf("the pattern %q: %w", pattern, err))
		}
	}
	return errs
}

// closure returns all that scope implies; above are those that imply it, known are those that are worked out already.
func closure(scope string, implies map[string][]string, above []string, known map[string][]string) ([]string, error) {
	if all, ok := known[scope]; ok {
		return all, nil
	}
	if slices.Contains(above, scope) {
		return nil, fmt.Errorf("%q leads back to itself", scope)
	}
	var all []string
	for _, next := range implies[scope] {
		below, err := closure(next, implies, append(slices.Clone(above), scope), known)
		if err != nil {
			return nil, err
		}
		all = union(all, append([]string{next}, below...))
	}
	known[scope] = all
	return all, nil
}

// Permit implements [Policy]. Where no rule grants op to p, but one would for a scope, the decision names the scope of the first
// such rule: order the rules from the narrowest to the widest.
func (s *ScopePolicy) Permit(p *Principal, op Operation) Decision {
	needed := ""
	for i := range s.rules {
		rule := &s.rules[i]
		if !rule.grants(op) {
			continue
		}
		if s.meets(p, rule) {
			return Decision{Allowed: true}
		}
		if needed == "" {
			needed = rule.Scope
		}
	}
	if needed == "" {
		return Decision{}
	}
	if s.includeGranted {
		return Decision{Scopes: union(p.Scopes, []string{needed})}
	}
	return Decision{Scopes: []string{needed}}
}

// meets reports whether the rule is about p.
func (s *ScopePolicy) meets(p *Principal, rule *ScopeRule) bool {
	switch {
	case rule.Scope != "":
		return slices.ContainsFunc(p.Scopes, func(scope string) bool {
			return scope == rule.Scope || slices.Contains(s.implies[scope], rule.Scope)
		})
	case rule.Claim != "":
		return slices.ContainsFunc(jwtClaims(p.claims).values(rule.Claim), func(value string) bool { return slices.Contains(rule.Values, value) })
	}
	return slices.Contains(rule.Methods, p.Method)
}

// grants reports whether op is among what the rule is for.
func (rule *ScopeRule) grants(op Operation) bool {
	return (len(rule.Effects) == 0 || slices.Contains(rule.Effects, op.Effect)) &&
		(len(rule.Services) == 0 || slices.Contains(rule.Services, op.Service)) &&
		(len(rule.Toolsets) == 0 || matchesAny(rule.Toolsets, op.Toolset)) &&
		(len(rule.Tools) == 0 || matchesAny(rule.Tools, op.Tool))
}

func matchesAny(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		ok, err := path.Match(pattern, name)
		return ok && err == nil
	})
}
