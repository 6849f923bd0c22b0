package rest

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/org/zscalermcp/tool"
)

// A reader reads the object that a call is about.
type reader func(context.Context, tool.Args) (map[string]json.RawMessage, error)

// named returns a read whose object is named by the member that [NamedBy] says.
func (e *endpoint) named(read reader) reader {
	if e.namedBy == "" {
		return read
	}
	return func(ctx context.Context, args tool.Args) (map[string]json.RawMessage, error) {
		object, err := read(ctx, args)
		if err != nil {
			return nil, err
		}
		path := strings.Split(e.namedBy, ".")
		name, _ := memberAt(object[path[0]], path[1:])
		return map[string]json.RawMessage{nameMembers[0]: name}, nil
	}
}
