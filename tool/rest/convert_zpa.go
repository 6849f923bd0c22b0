package rest

import (
	"encoding/json"
	"errors"
	"strings"
)

// ZPAFilter returns text as ZPA's search expression, as the conversion zpa_filter does: for look-ups by
// name. It is "" for text that holds nothing.
func ZPAFilter(text string) string {
	text = strings.TrimSpace(text)
	if len(text) > 1 && strings.HasPrefix(text, `"`) && strings.HasSuffix(text, `"`) {
		text = text[1 : len(text)-1]
	}
	if text == "" || zpaOperator.MatchString(text) {
		return text
	}
	return "name+EQ+" + text
}

func zpaFilter(_ conversion, value json.RawMessage) (json.RawMessage, error) {
	var text string
	if err := json.Unmarshal(value, &text); err != nil {
		return nil, errors.New("must be a string")
	}
	if text = ZPAFilter(text); text == "" {
		return nil, nil
	}
	return quote(text), nil
}

// zpaFlag writes a switch as the text that ZPA keeps for those with a third value, DEFAULT.
func zpaFlag(_ conversion, value json.RawMessage) (json.RawMessage, error) {
	switch text, _ := plainText(value); text {
	case "true", "false":
		return quote(strings.ToUpper(text)), nil
	}
	return nil, errors.New("must be true or false")
}

// zpaKeyTypes are the kinds of provisioning key: what they enrol, and the name of that in paths. Never
// modified.
var zpaKeyTypes = map[string]string{"connector": "CONNECTOR_GRP", "service_edge": "SERVICE_EDGE_GRP"}

func zpaKeyType(_ conversion, value json.RawMessage) (json.RawMessage, error) {
	text, _ := plainText(value)
	if name, ok := zpaKeyTypes[text]; ok {
		return quote(name), nil
	}
	return nil, errors.New("must be connector or service_edge")
}
