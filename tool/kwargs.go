package tool

import (
	"encoding/json"
	"errors"
	"strings"
)

// takeToken removes the token from members, wherever it is: in its own argument, or in the vendor's
// kwargs as an object, as the JSON text of one, or as the bare token.
func takeToken(members map[string]json.RawMessage) (string, error) {
	own, kwargs := members[argToken], members[argKwargs]
	delete(members, argToken)
	delete(members, argKwargs)
	var token string
	if own != nil {
		if err := json.Unmarshal(own, &token); err != nil {
			return "", refuse("confirmation_token must be a string; nothing was deleted.")
		}
	}
	other, err := tokenInKwargs(kwargs)
	switch {
	case err != nil:
		return "", &argumentError{[]string{"kwargs: " + err.Error()}}
	case token != "" && other != "" && token != other:
		return "", &argumentError{[]string{"kwargs: holds another confirmation token than confirmation_token; send one"}}
	case token == "":
		token = other
	}
	return strings.TrimSpace(token), nil
}

var errKwargs = errors.New("is understood only as {\"confirmation_token\": \"…\"} or as the token itself")

func tokenInKwargs(raw json.RawMessage) (string, error) {
	switch typeOf(raw) {
	case "nothing", "null":
		return "", nil
	case "string":
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			return "", errKwargs
		}
		text = strings.TrimSpace(text)
		if !strings.HasPrefix(text, "{") {
			return text, nil
		}
		raw = json.RawMessage(text)
	}
	var holder map[string]*string
	if json.Unmarshal(raw, &holder) != nil {
		return "", errKwargs
	}
	token := holder[argToken]
	delete(holder, argToken)
	if len(holder) > 0 {
		return "", errKwargs
	}
	if token == nil {
		return "", nil
	}
	return *token, nil
}
