package tool

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Tokens that an answer costs a model are guessed from its bytes; JSON of ids and names has about 3.3 a token, so that
// [DefaultMaxAnswerBytes] are some 25 000 tokens, above which common clients refuse an answer.
const (
	bytesPerTenTokens = 33
	// maxNamedMembers is how many members a remark on sizes names.
	maxNamedMembers = 3
)

// sizeNote tells how large an answer is.
func sizeNote(size int) string {
	return fmt.Sprintf("Size of this answer: %d bytes, about %d tokens.", size, (size*10+bytesPerTenTokens-1)/bytesPerTenTokens)
}

// A heavy member is one of those that make a record large.
type heavy struct {
	name string
	size int
}

// heaviest returns the largest members of a record, and members by which one can still tell what it is.
func heaviest(record json.RawMessage) (largest []heavy, light []string) {
	if record = bytes.TrimSpace(record); typeOf(record) != "object" {
		return nil, nil
	}
	for _, p := range parts(record) {
		if plainName(p.name) {
			largest = append(largest, heavy{p.name, len(p.value)})
		}
	}
	for _, wanted := range []string{"id", "name", "configuredName", "displayName"} {
		if slices.ContainsFunc(largest, func(h heavy) bool { return h.name == wanted && h.size < 1<<10 }) {
			light = append(light, wanted)
		}
	}
	slices.SortStableFunc(largest, func(a, b heavy) int { return b.size - a.size })
	if len(light) == 0 && len(largest) > 0 {
		light = []string{largest[len(largest)-1].name}
	}
	return largest[:min(len(largest), maxNamedMembers)], light
}

// plainName reports whether a name can stand in a query without quotes, and in a sentence without harm.
func plainName(name string) bool {
	return name != "" && len(name) <= maxClip && !digit(name[0]) &&
		strings.IndexFunc(name, func(r rune) bool { return r > unicode.MaxASCII || !letter(byte(r)) && !digit(byte(r)) && r != '_' }) < 0
}

// projection is a query that leaves only the light members of rows like row.
func projection(row json.RawMessage) string {
	if members := selection(row); members != "" {
		return "[]." + members
	}
	return "[].to_string(@)"
}

// selection is what selects the light members of a record in a query, "" for nothing.
func selection(record json.RawMessage) string {
	_, light := heaviest(record)
	if len(light) == 0 {
		return ""
	}
	pairs := make([]string, len(light))
	for i, name := range light {
		pairs[i] = name + ": " + name
	}
	return "{" + strings.Join(pairs, ", ") + "}"
}

// weights says which members of a record are its largest.
func weights(record json.RawMessage) string {
	largest, _ := heaviest(record)
	if len(largest) == 0 {
		return ""
	}
	told := make([]string, len(largest))
	for i, h := range largest {
		told[i] = fmt.Sprintf("%s (%d bytes)", h.name, h.size)
	}
	return " Its largest members are " + strings.Join(told, ", ") + "."
}

// recordTooLarge is the error for a record that does not fit; it names what would.
func (c *call) recordTooLarge(record json.RawMessage, size int) error {
	text := fmt.Sprintf("the answer has %d bytes, and at most %d can be sent.", size, c.rt.MaxAnswerBytes) + weights(record)
	if c.tool.spec.Effect != Read {
		return &refusal{text: "The " + c.tool.spec.Effect.String() + " was done, but " + text + " Do not repeat it; read the object in part.", outcome: outcomeError}
	}
	if members := selection(record); c.tool.spec.Queried && members != "" {
		return fmt.Errorf("%s Select the members that you need with query, such as %s", text, members)
	}
	if names := c.optional(); len(names) > 0 {
		text += " Ask for less with its arguments: " + strings.Join(names, ", ") + "."
	}
	if list := c.listBeside(); list != "" {
		return fmt.Errorf("%s Or get only the members that you need from %s with query, such as %s", text, list, projection(record))
	}
	return fmt.Errorf("%s The operator can raise the limit answer (ZSCALER_MCP_LIMITS)", text)
}

// optional returns the arguments that could narrow an answer.
func (c *call) optional() (names []string) {
	if c.tool.args == nil {
		return nil
	}
	for _, f := range c.tool.args.fields {
		if !f.required && !f.hidden && f.name != argQuery && f.name != argToken {
			names = append(names, f.name)
		}
	}
	return names[:min(len(names), maxProblems)]
}

// listBeside returns a list of the same toolset that the caller may use, "" for none.
func (c *call) listBeside() string {
	permitted := c.permittedFor(c.principal)
	for _, t := range c.selected.tools {
		if t.toolset == c.tool.toolset && t.spec.List && permitted(c.known[t.spec.Name]) {
			return t.spec.Name
		}
	}
	return ""
}

// rowTooLarge is the error for a list whose first row does not fit.
func (c *call) rowTooLarge(row json.RawMessage) error {
	return fmt.Errorf("the first row alone is larger than the %d bytes that can be sent.%s Select the members that you need with query, such as %s",
		c.rt.MaxAnswerBytes, weights(row), projection(row))
}

// pageArguments are names of arguments that make a list shorter. Never modified.
var pageArguments = []string{"page_size", "pageSize", "limit", "page_num", "first"}

// cutNote tells that only some rows are there, and what gets the others.
func (c *call) cutNote(rows []json.RawMessage, kept int, queried bool) string {
	get := fmt.Sprintf("the query [%d:]", kept)
	if queried {
		get = fmt.Sprintf("the same query and | [%d:] behind it", kept)
	}
	text := fmt.Sprintf("Only the first %d of %d rows are shown and %d are left out, since an answer has at most %d bytes. Get the others with the same arguments and %s",
		kept, len(rows), len(rows)-kept, c.rt.MaxAnswerBytes, get)
	if !queried {
		text += ", or fewer members of all rows with a query such as " + projection(rows[0])
	}
	for _, name := range pageArguments {
		if c.tool.args != nil && c.tool.args.has(name) {
			return text + "; or narrow the list with a filter or a smaller " + name + "."
		}
	}
	return text + "."
}
