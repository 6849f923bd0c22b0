package rest

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/org/zscalermcp/tool"
)

// QuestionEach is [Question] for a Delete of several objects: read returns them all, in the order of the
// caller's list, and the question names each, such as
//
//	delete 2 app connectors: "paris-1" (id 7), "oslo-1" (id 8)
//
// kinds is what people call several such objects. A question that grows too long to be shown whole is refused by package tool. An error of read ends the call before anybody is asked.
func QuestionEach(kinds string, read func(context.Context, tool.Args) ([]map[string]json.RawMessage, error), arguments ...string) func(context.Context, tool.Args) (string, error) {
	return func(ctx context.Context, args tool.Args) (string, error) {
		objects, err := read(ctx, args)
		if err != nil {
			return "", stepError{"nothing was deleted and nobody was asked", err}
		}
		parts := make([]string, len(objects))
		for i, object := range objects {
			id, _ := plainText(object["id"])
			parts[i] = "id " + oneLine(id)
			if name := nameOf(object); name != "" {
				parts[i] = strconv.Quote(name) + " (" + parts[i] + ")"
			}
		}
		text := fmt.Sprintf("delete %d %s: %s", len(objects), kinds, strings.Join(parts, ", "))
		if more := given(args, arguments); more != "" {
			text += " (" + more + ")"
		}
		return text, nil
	}
}
