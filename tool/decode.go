package tool

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// maxArgumentBytes bounds the arguments of one call.
const maxArgumentBytes = 1 << 20

// maxProblems bounds how many mistakes one error lists.
const maxProblems = 20

// decode checks the arguments of a call against s. Every problem is in the one error.
func decode(s *shape, raw json.RawMessage) (map[string]json.RawMessage, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || string(raw) == "null" {
		raw = json.RawMessage("{}")
	}
	members, problems := scan(raw)
	if len(problems) == 0 {
		var c checker
		c.members(s, members, "")
		problems = c.problems
	}
	if len(problems) == 0 {
		return members, nil
	}
	if more := len(problems) - maxProblems; more > 0 {
		problems = append(problems[:maxProblems], fmt.Sprintf("and %d more", more))
	}
	return nil, &argumentError{problems}
}

// An argumentError lists what is wrong with the arguments of a call.
type argumentError struct{ problems []string }

func (e *argumentError) Error() string {
	return "the arguments are not valid, nothing was done:\n- " + strings.Join(e.problems, "\n- ")
}
