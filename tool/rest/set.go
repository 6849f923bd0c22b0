package rest

import (
	"encoding/json"
	"fmt"
)

// SetVar sets a GraphQL variable of the plan; name may be dotted, such as filter.name.contains. It is
// for [Prepare] of a [Query] whose variables are computed.
func (p *Plan) SetVar(name string, value json.RawMessage) error {
	return p.set([]string{"variables"}, name, value)
}

// SetBody sets a member of the plan's body; member may be dotted, as in the in tag.
func (p *Plan) SetBody(member string, value json.RawMessage) error {
	return p.set(nil, member, value)
}

func (p *Plan) set(under []string, name string, value json.RawMessage) error {
	path, err := parseMember(name)
	if err != nil {
		return err
	}
	if path.each != nil {
		return fmt.Errorf("%q: [] is for in tags", name)
	}
	if p.Body == nil {
		p.Body = map[string]json.RawMessage{}
	}
	return setMember(p.Body, append(under, path.names...), value)
}
