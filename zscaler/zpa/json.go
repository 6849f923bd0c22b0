package zpa

import (
	"bytes"
	"encoding/json"
)

type object = map[string]json.RawMessage

// isNull reports whether raw is absent or null.
func isNull(raw json.RawMessage) bool {
	raw = bytes.TrimSpace(raw)
	return len(raw) == 0 || string(raw) == "null"
}

// text returns the JSON string raw, and "" for everything else.
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// list returns the elements of a JSON array, nil for everything else.
func list(raw json.RawMessage) []json.RawMessage {
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil {
		return nil
	}
	return items
}

// encode returns v as JSON, with characters as they are. It is for values that always marshal.
func encode(v any) json.RawMessage {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v) // strings, raw JSON and lists and maps of them do not fail
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
