package rest

import (
	"encoding/json"
	"errors"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A convert turns the value of an argument into the value on the wire; nil means that nothing is
// sent. Its error is shown behind the argument's name.
type convert func(c conversion, value json.RawMessage) (json.RawMessage, error)

// A conversion is what a convert may know besides the value.
type conversion struct {
	now  time.Time // of the call: the same for all its arguments
	path string    // of the endpoint, with its wildcards
}

// conversions are the words that may stand behind the bar in an in tag. It is never modified.
var conversions = map[string]convert{
	"upper":        upper,               // text in upper case, also in a list
	"string":       toString,            // number or boolean → its text
	"int":          toInt,               // text of digits → number, also in a list
	"state":        state,               // true → "ENABLED", false → "DISABLED"
	"zpa_filter":   zpaFilter,           // text → ZPA's search expression
	"hours_ago":    ago(time.Hour),      // n → the epoch second n hours ago
	"days_ago":     ago(24 * time.Hour), // n → the epoch second n days ago
	"now":          ago(0),              // the epoch second of the call
	"camel":        camelCase,           // keys in camelCase, at every depth
	"list":         toList,              // text → a list of it
	"zia_advanced": ziaAdvanced,         // members of a ZIA rule, for body=*
	"zpa_flag":     zpaFlag,             // true → "TRUE", false → "FALSE"
	"zpa_key_type": zpaKeyType,          // kind of provisioning key → its name in ZPA's paths
}

func conversionNames() string {
	return strings.Join(slices.Sorted(maps.Keys(conversions)), ", ")
}

func upper(_ conversion, value json.RawMessage) (json.RawMessage, error) {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return quote(strings.ToUpper(text)), nil
	}
	var texts []string
	if json.Unmarshal(value, &texts) != nil {
		return nil, errors.New("must be a string or a list of strings")
	}
	items := make([]json.RawMessage, len(texts))
	for i, text := range texts {
		items[i] = quote(strings.ToUpper(text))
	}
	return encodeList(items), nil
}

func toString(_ conversion, value json.RawMessage) (json.RawMessage, error) {
	text, ok := plainText(value)
	if !ok {
		return nil, errors.New("must be a string, number or boolean")
	}
	return quote(text), nil
}

func toInt(_ conversion, value json.RawMessage) (json.RawMessage, error) {
	items := []json.RawMessage{value}
	list := first(value) == '['
	if list && json.Unmarshal(value, &items) != nil {
		return nil, errors.New("must be a list of whole numbers")
	}
	for i, item := range items {
		text, ok := plainText(item)
		switch {
		case ok && integer.MatchString(text):
			items[i] = json.RawMessage(text)
		case list:
			return nil, errors.New("must be a list of whole numbers")
		default:
			return nil, errors.New("must be a whole number")
		}
	}
	if list {
		return encodeList(items), nil
	}
	return items[0], nil
}

func state(_ conversion, value json.RawMessage) (json.RawMessage, error) {
	switch text, _ := plainText(value); text {
	case "true":
		return json.RawMessage(`"ENABLED"`), nil
	case "false":
		return json.RawMessage(`"DISABLED"`), nil
	}
	return nil, errors.New("must be true or false")
}

// zpaOperator finds the operator of an expression in ZPA's own form, such as name+EQ+x.
var zpaOperator = regexp.MustCompile(`(?i)\+(EQ|NE|GT|LT|GE|LE|CONTAINS|STARTSWITH|ENDSWITH)\+`)

// ago returns the conversion of n into the epoch second n units before the call.
func ago(unit time.Duration) convert {
	return func(c conversion, value json.RawMessage) (json.RawMessage, error) {
		if unit == 0 {
			return strconv.AppendInt(nil, c.now.Unix(), 10), nil
		}
		text, _ := plainText(value)
		n, err := strconv.ParseInt(text, 10, 32)
		if err != nil || n < 0 {
			return nil, errors.New("must be a whole number from 0 on")
		}
		return strconv.AppendInt(nil, c.now.Unix()-n*int64(unit/time.Second), 10), nil
	}
}

func camelCase(_ conversion, value json.RawMessage) (json.RawMessage, error) {
	return camelKeys(value)
}
