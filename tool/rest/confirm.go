package rest

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/zscaler"
)

// maxNamed bounds, in characters, each text of the tenant or the caller in a question.
const maxNamed = 200

// nameMembers are the members that name an object to people, the best first. Never modified.
var nameMembers = []string{"name", "configuredName", "displayName", "loginName", "userName", "email", "fqdn", "ipAddress", "sourceIp"}

// Question returns a [tool.Spec] Confirm for a Delete that is not declared by [Delete]. It reads the
// object that is about to go and names it to the human who is asked, such as
//
//	delete rule label "Finance" (label_id 2401002)
//
// kind is what people call such an object. The arguments, those of the names that were given, follow
// in brackets. Each text is one line of at most 200 characters, and the name is a quoted string, so that
// what somebody has called an object cannot pass for a part of the question.
//
// An error of read, that there is no such object among them, ends the call before anybody is asked: a
// question that names only ids cannot be judged. A nil read leaves the name out.
func Question(kind string, read func(context.Context, tool.Args) (map[string]json.RawMessage, error), arguments ...string) func(context.Context, tool.Args) (string, error) {
	return func(ctx context.Context, args tool.Args) (string, error) {
		text := "delete " + kind
		if read != nil {
			object, err := read(ctx, args)
			if err != nil {
				return "", stepError{"nothing was deleted and nobody was asked", err}
			}
			if name := nameOf(object); name != "" {
				text += " " + strconv.Quote(name)
			}
		}
		if ids := given(args, arguments); ids != "" {
			text += " (" + ids + ")"
		}
		return text, nil
	}
}

// nameOf returns what people call the object, on one line, "" when it says nothing of the kind.
func nameOf(object map[string]json.RawMessage) string {
	for _, member := range nameMembers {
		if text, ok := plainText(object[member]); ok {
			if name := oneLine(text); name != "" {
				return name
			}
		}
	}
	return ""
}

// given lists the arguments that were sent with their values. Ids stand as they are, any other text
// in quotes.
func given(args tool.Args, names []string) string {
	var parts []string
	for _, name := range names {
		raw, ok := args.Raw(name)
		if !ok || absent(raw) || string(raw) == `""` {
			continue
		}
		parts = append(parts, name+" "+givenValue(raw))
	}
	return strings.Join(parts, ", ")
}

// givenValue shows one value. A list is shown whole, as each element is deleted, and without the escapes that it was sent with,
// which a human cannot read.
func givenValue(raw json.RawMessage) string {
	var texts []string
	if first(raw) == '[' && json.Unmarshal(raw, &texts) == nil {
		for i, text := range texts {
			texts[i] = strconv.Quote(cut(text))
		}
		return "[" + strings.Join(texts, ",") + "]"
	}
	value, isText := plainText(raw)
	if !isText {
		value = string(raw)
	}
	if value = oneLine(value); isText && strings.ContainsFunc(value, notInIDs) {
		value = strconv.Quote(value)
	}
	return value
}

func notInIDs(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_.@:", r)
}

// oneLine makes one line of text, without anything that does not show, and cuts it.
func oneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, text)
	return cut(strings.Join(strings.Fields(text), " "))
}

func cut(text string) string {
	runes := []rune(text)
	if len(runes) <= maxNamed {
		return text
	}
	return string(runes[:maxNamed]) + "…"
}

// question returns the Confirm of a Delete, nil for every other effect.
func (e *endpoint) question() func(context.Context, tool.Args) (string, error) {
	if e.effect != tool.Delete {
		return nil
	}
	names := make([]string, len(e.args))
	for i := range e.args {
		names[i] = e.args[i].name
	}
	if e.looksFirst() {
		return Question(e.noun(), e.named(e.readDoomed), names...)
	}
	return Question(e.noun(), nil, names...)
}

// looksFirst reports whether a Delete reads the object before anybody is asked.
func (e *endpoint) looksFirst() bool {
	return e.effect == tool.Delete && !e.unread && (e.method == "DELETE" || e.readFrom != "")
}

// noun is what the tool's name says that it deletes.
func (e *endpoint) noun() string {
	noun := e.name
	if _, after, ok := strings.Cut(noun, "delete_"); ok {
		noun = after
	}
	return strings.ReplaceAll(noun, "_", " ")
}

// readDoomed reads the object that a Delete is about, in the microtenant of the Delete.
func (e *endpoint) readDoomed(ctx context.Context, args tool.Args) (map[string]json.RawMessage, error) {
	doer, err := zscaler.DoerFromContext(ctx)
	if err != nil {
		return nil, err
	}
	c := call{endpoint: e, doer: doer}
	if err := c.plan(args); err != nil {
		return nil, err
	}
	if err := c.findRead(); err != nil {
		return nil, err
	}
	c.followMicrotenant()
	if c.Query.Has(microtenant) {
		c.scope = url.Values{microtenant: c.Query[microtenant]}
	}
	return c.read(ctx)
}
