package tool

import (
	"bytes"
	"encoding/json"
	"strings"
)

// maxArgumentBytes bounds the arguments of one call.
const maxArgumentBytes = 1 << 20

// maxProblems bounds how many mistakes one error lists.
const maxProblems = 20

// decode checks the arguments of a call against s. The problems are in one error. If the checked
// arguments are just what was sent, that is the text of the result.
func decode(s *shape, raw json.RawMessage) (Args, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || string(raw) == "null" {
		raw = json.RawMessage("{}")
	}
	members, problems := scan(raw)
	args := Args{raw: members, text: raw}
	if len(problems) == 0 {
		var c checker
		if c.members(s, members, nil) {
			args.text = nil
		}
		problems = c.problems
	}
	if len(problems) == 0 {
		return args, nil
	}
	if len(problems) > maxProblems {
		problems = append(problems[:maxProblems], "and more")
	}
	return Args{}, &argumentError{problems}
}

// An argumentError lists what is wrong with the arguments of a call.
type argumentError struct{ problems []string }

func (e *argumentError) Error() string {
	return "the arguments are not valid, nothing was done:\n- " + strings.Join(e.problems, "\n- ")
}
