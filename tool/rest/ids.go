package rest

import (
	"encoding/json"
	"regexp"

	"github.com/org/zscalermcp/zscaler"
)

// integer matches the text of a number that may stand in JSON as it is: no leading zeros.
var integer = regexp.MustCompile(`^(0|-?[1-9][0-9]*)$`)

// wireID writes an id as the service does: ZIA and ZTW number their objects, ZPA sends the digits as
// a string. The digits never pass through a float. Ids that are words stay words.
func wireID(service zscaler.Service, id json.RawMessage) json.RawMessage {
	text, ok := plainText(id)
	if !ok || !integer.MatchString(text) {
		return id
	}
	switch service {
	case zscaler.ZIA, zscaler.ZTW:
		return json.RawMessage(text)
	case zscaler.ZPA:
		return quote(text)
	}
	return id
}
