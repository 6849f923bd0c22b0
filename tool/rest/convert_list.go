package rest

import (
	"encoding/json"
	"errors"
)

// toList makes a list of one text. Where it is the JSON text of a list, as models write several values
// into one argument, it is that list.
func toList(_ conversion, value json.RawMessage) (json.RawMessage, error) {
	if first(value) != '"' {
		return nil, errors.New("must be a string")
	}
	if list := listText(value); first(list) == '[' {
		return list, nil
	}
	return encodeList([]json.RawMessage{value}), nil
}
