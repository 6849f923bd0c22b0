package zscalermcp

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxPromptValue is the length of an argument in characters, where its declaration says nothing else.
const maxPromptValue = 200

// A promptArgument is one argument of a prompt. All are texts, as the protocol has it.
type promptArgument struct {
	name, doc string
	required  bool
	preset    string         // when absent or empty
	pattern   *regexp.Regexp // that the value matches; nil for any printable text
	form      string         // what pattern asks for, in words
	low, high int            // of a whole number; high 0 for a text
	max       int            // characters; 0 means maxPromptValue
}

// described is the description that clients show.
func (a promptArgument) described() string {
	switch {
	case a.preset != "":
		return a.doc + " Default: " + a.preset + "."
	case !a.required:
		return a.doc + " Optional."
	}
	return a.doc
}

// accept returns the values of all arguments, defaults included, or every mistake in them. An empty value is an absent one: clients send what a form holds.
func (p prompt) accept(given map[string]string) (map[string]string, error) {
	values := make(map[string]string, len(p.args))
	var mistakes []error
	for _, a := range p.args {
		value := strings.TrimSpace(given[a.name])
		if value == "" {
			value = a.preset
		}
		values[a.name] = value
		if err := a.check(value); err != nil {
			mistakes = append(mistakes, fmt.Errorf("prompt %s: argument %q %w", p.name, a.name, err))
		}
	}
	if err := p.stranger(given); err != nil {
		mistakes = append(mistakes, err)
	}
	return values, errors.Join(mistakes...)
}

// stranger reports the first argument that p does not have.
func (p prompt) stranger(given map[string]string) error {
	var names []string
	for _, a := range p.args {
		names = append(names, a.name)
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		switch {
		case slices.Contains(names, name):
		case len(names) == 0:
			return fmt.Errorf("prompt %s: there is no argument %q; it takes none", p.name, clipped(name))
		default:
			return fmt.Errorf("prompt %s: there is no argument %q; the valid ones are %s", p.name, clipped(name), strings.Join(names, ", "))
		}
	}
	return nil
}

// clipped cuts a name that is nobody's.
func clipped(name string) string {
	if runes := []rune(name); len(runes) > 40 {
		return string(runes[:40]) + "…"
	}
	return name
}

// check judges a value. Its errors go behind the name of the argument, and do not repeat the value.
func (a promptArgument) check(value string) error {
	longest := a.max
	if longest == 0 {
		longest = maxPromptValue
	}
	switch {
	case value == "" && a.required:
		return fmt.Errorf("is missing: %s", a.doc)
	case value == "":
		return nil
	case utf8.RuneCountInString(value) > longest:
		return fmt.Errorf("is longer than %d characters", longest)
	case !utf8.ValidString(value) || strings.ContainsFunc(value, unseen):
		return errors.New("holds control characters, line ends or characters that nobody sees; give it as one line of plain text")
	case a.high > 0:
		return a.checkNumber(value)
	case a.pattern != nil && !a.pattern.MatchString(value):
		return fmt.Errorf("must be %s", a.form)
	}
	return nil
}

func (a promptArgument) checkNumber(value string) error {
	n, err := strconv.Atoi(value)
	if err != nil || n < a.low || n > a.high || strconv.Itoa(n) != value {
		return fmt.Errorf("must be a whole number from %d to %d", a.low, a.high)
	}
	return nil
}

// unseen reports whether a human who looks at text would not see r, or see the text in another order.
func unseen(r rune) bool { return !unicode.IsPrint(r) || unicode.Is(unicode.Variation_Selector, r) }

// quotedValue shows a value as a JSON text, which it cannot leave: not by a quote, and not by the marks that end code or markup around it.
func quotedValue(value string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // an & belongs into URLs
	_ = enc.Encode(value)    // a text always can be
	return quoteMarks.Replace(strings.TrimSuffix(b.String(), "\n"))
}

var quoteMarks = strings.NewReplacer("`", `\u0060`, "<", `\u003c`, ">", `\u003e`)
