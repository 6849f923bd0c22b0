package zpa

import (
	"context"
	"errors"

	"github.com/org/zscalermcp/tool/rest"
	"github.com/org/zscalermcp/zscaler"
)

// createRule returns the handler of a tool that adds a rule.
func createRule[In ruleInput](p policy) func(context.Context, In) (any, error) {
	return func(ctx context.Context, in In) (any, error) {
		rule, err := p.changes(in)
		if err != nil {
			return nil, err
		}
		if err := p.complete(rule); err != nil {
			return nil, err
		}
		_, microtenant := in.place()
		ref, err := p.find(ctx, "", microtenant)
		if err != nil {
			return nil, err
		}
		body, err := ref.send(ctx, "POST", rulesPathV2, rule)
		if err != nil {
			return nil, err
		}
		created, err := decodeRule(body)
		if err != nil {
			return nil, err
		}
		return shown(created), nil
	}
}

// ruleOwned are the members of a rule, besides those of every object, that only the service sets.
var ruleOwned = []string{"defaultRule", "defaultRuleName"}

// updateRule returns the handler of a tool that changes a rule: read, lay the changes over it, write
// the whole. Conditions that are not sent go back as they were. No other change of the rule comes between.
func updateRule[In ruleInput](p policy) func(context.Context, In) (any, error) {
	return func(ctx context.Context, in In) (any, error) {
		changes, err := p.changes(in)
		if err != nil {
			return nil, err
		}
		if len(changes) == 0 {
			return nil, errors.New("nothing to change: send at least one member besides rule_id and microtenant_id")
		}
		id, microtenant := in.place()
		ref, err := p.find(ctx, id, microtenant)
		if err != nil {
			return nil, err
		}
		path, err := ref.path(ruleWritePath)
		if err != nil {
			return nil, err
		}
		var written any
		err = rest.Exclusive(ctx, path, func() error {
			current, err := ref.read(ctx)
			if err != nil {
				return err
			}
			written, err = p.write(ctx, ref, merge(current, changes))
			return err
		})
		return written, err
	}
}

// merge lays the changes over the rule that was read and turns the conditions that stay into the form
// that is written.
func merge(current, changes object) object {
	rule := rest.Overlay(rest.StripOwned(zscaler.ZPA, current), changes)
	for _, name := range ruleOwned {
		delete(rule, name)
	}
	if _, sent := changes["conditions"]; !sent && rule["conditions"] != nil {
		rule["conditions"] = regroup(current["conditions"])
	}
	return rule
}

// write replaces the rule and returns it as it is then: the service answers a PUT without a body.
func (p policy) write(ctx context.Context, ref ruleRef, rule object) (any, error) {
	if err := p.complete(rule); err != nil {
		return nil, err
	}
	if _, err := ref.send(ctx, "PUT", ruleWritePath, rule); err != nil {
		return nil, err
	}
	written, err := ref.read(ctx)
	if err != nil {
		return map[string]any{"success": true, "message": "Updated, but the rule could not be read back; read it with the get tool."}, nil
	}
	return shown(written), nil
}
