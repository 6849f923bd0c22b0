package zpa

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
	"github.com/org/zscalermcp/zscaler"
)

const (
	policySetPath = "/zpa/mgmtconfig/v1/admin/customers/{customer_id}/policySet"
	rulesPathV2   = "/zpa/mgmtconfig/v2/admin/customers/{customer_id}/policySet/{policy_set_id}/rule"
	ruleReadPath  = policySetPath + "/{policy_set_id}/rule/{rule_id}"
	ruleWritePath = rulesPathV2 + "/{rule_id}"
)

// A policy is a kind of policy; each tenant and microtenant has one policy set of it.
type policy struct {
	kind            string // policy type in paths
	action          string // the only action, "" when there are several
	profileAction   string // action that needs a profile
	profile         string // wire member that holds the profile's id
	profileArgument string
	clientType      string // client type that rules are limited to unless their conditions name one
}

// A ruleRef is the place of a rule, or of the rules of a policy set.
type ruleRef struct {
	set, rule string
	query     url.Values
}

// find looks up the policy set, in the same microtenant that the rule is in.
func (p policy) find(ctx context.Context, rule, microtenant string) (ruleRef, error) {
	ref := ruleRef{rule: rule}
	if microtenant != "" {
		ref.query = url.Values{"microtenantId": {microtenant}}
	}
	body, err := rest.Send(ctx, &zscaler.Request{Method: "GET", Path: policySetPath + "/policyType/" + p.kind, Query: ref.query})
	if err != nil {
		return ref, err
	}
	var set struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(body, &set); err != nil || set.ID == "" {
		return ref, fmt.Errorf("the tenant answered no policy set of type %s", p.kind)
	}
	ref.set = set.ID
	return ref, nil
}

// path is that of the rule, or of the set where the pattern names no rule.
func (r ruleRef) path(pattern string) (string, error) {
	return rest.Path(pattern, map[string]string{"policy_set_id": r.set, "rule_id": r.rule})
}

// send makes a call about the rule, or about the set where the pattern names no rule.
func (r ruleRef) send(ctx context.Context, method, pattern string, body object) (json.RawMessage, error) {
	path, err := r.path(pattern)
	if err != nil {
		return nil, err
	}
	req := &zscaler.Request{Method: method, Path: path, Query: r.query}
	if body != nil {
		req.Body = rest.Encode(body)
	}
	return rest.Send(ctx, req)
}

// read returns the rule as the service keeps it. A rule of another policy, which has tools of its own, is refused.
func (r ruleRef) read(ctx context.Context) (object, error) {
	body, err := r.send(ctx, "GET", ruleReadPath, nil)
	if err != nil {
		return nil, err
	}
	rule, err := decodeRule(body)
	if err != nil {
		return nil, err
	}
	if set := text(rule["policySetId"]); set != "" && set != r.set {
		return nil, fmt.Errorf("rule %s is not of this kind of policy: the list tool of the kind shows the ids of its rules", r.rule)
	}
	return rule, nil
}

func decodeRule(body json.RawMessage) (object, error) {
	var rule object
	if err := json.Unmarshal(body, &rule); err != nil || rule == nil {
		return nil, errors.New("the tenant's answer is not a policy rule")
	}
	return rule, nil
}

// shown is the rule as the tools show it.
func shown(rule object) any {
	if raw, ok := rule["conditions"]; ok {
		rule["conditions"] = regroup(raw)
	}
	return rest.Encode(rule)
}

func (p policy) get(ctx context.Context, in ruleID) (any, error) {
	ref, err := p.find(ctx, in.RuleID, in.MicrotenantID)
	if err != nil {
		return nil, err
	}
	rule, err := ref.read(ctx)
	if err != nil {
		return nil, err
	}
	return shown(rule), nil
}

// asks is the question before a deletion; it names the rule. words is what people call such a rule.
func (p policy) asks(words string) tool.Option {
	return func(s *tool.Spec) { s.Confirm = rest.Question(words, p.doomed, "rule_id", "microtenant_id") }
}

// doomed reads the rule that is about to be deleted.
func (p policy) doomed(ctx context.Context, args tool.Args) (object, error) {
	ref, err := p.find(ctx, args.Text("rule_id"), args.Text("microtenant_id"))
	if err != nil {
		return nil, err
	}
	return ref.read(ctx)
}

func (p policy) delete(ctx context.Context, in ruleID) (any, error) {
	ref, err := p.find(ctx, in.RuleID, in.MicrotenantID)
	if err != nil {
		return nil, err
	}
	if _, err := ref.send(ctx, "DELETE", ruleReadPath, nil); err != nil {
		return nil, err
	}
	return map[string]any{"success": true, "message": "Deleted rule " + in.RuleID + " of " + p.kind + "."}, nil
}

// changes returns the members that the caller sent; conditions only if given.
func (p policy) changes(in ruleInput) (object, error) {
	w := &ruleWriter{members: object{}}
	in.fields(w)
	if w.err != nil {
		return nil, w.err
	}
	conditions, given, err := parseConditions(in.wanted())
	if err != nil {
		return nil, err
	}
	if rule, _ := in.place(); given || rule == "" {
		w.members["conditions"] = encode(p.limitClients(conditions))
	}
	return w.members, nil
}

// limitClients adds the client type that the policy needs, unless the conditions name one.
func (p policy) limitClients(conditions []condition) []condition {
	if conditions == nil {
		conditions = []condition{}
	}
	named := slices.ContainsFunc(conditions, func(c condition) bool {
		return slices.ContainsFunc(c.operands, func(o operand) bool { return o.objectType == "CLIENT_TYPE" })
	})
	if p.clientType == "" || named {
		return conditions
	}
	return append(conditions, condition{operator: "OR", operands: []operand{
		{objectType: "CLIENT_TYPE", entries: []entry{{RHS: p.clientType}}},
	}})
}

// complete sets the policy's only action, and refuses an action that lacks its profile.
func (p policy) complete(rule object) error {
	if p.action != "" {
		rule["action"] = encode(p.action)
	}
	if p.profileAction != "" && strings.EqualFold(text(rule["action"]), p.profileAction) && text(rule[p.profile]) == "" {
		return fmt.Errorf("argument %q is needed: a rule with action %s has a profile", p.profileArgument, p.profileAction)
	}
	return nil
}
