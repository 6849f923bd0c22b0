package zscaler

import (
	"net/http"
	"slices"
	"strings"
)

// ziaBusy recognises the edit lock of ZIA and ZTW, which comes with a code only, and the texts of a
// barrier that admits one change at a time.
func ziaBusy(e *APIError) bool {
	if e.Status != http.StatusConflict && e.Status != http.StatusPreconditionFailed {
		return false
	}
	if e.Code == "EDIT_LOCK_NOT_AVAILABLE" {
		return true
	}
	message := strings.ToLower(e.Message)
	return e.Code != "DUPLICATE_ITEM" && (strings.Contains(message, "org barrier") ||
		strings.Contains(message, "organization barrier") || strings.Contains(message, "resource access blocked"))
}

// zpaBusyCodes are refusals of changes that overlap.
var zpaBusyCodes = []string{
	"api.concurrent.access.error", "db.simultaneous.request", "non.restricted.entity.authorization.failed",
}

func zpaBusy(e *APIError) bool {
	return (e.Status == http.StatusBadRequest || e.Status == http.StatusConflict) && slices.Contains(zpaBusyCodes, e.Code)
}

// sessionLost recognises a ZIA or ZTW session that ended although the token is good.
func sessionLost(e *APIError) bool {
	message := strings.ToLower(e.Message)
	return e.Code == "SESSION_NOT_VALID" || strings.Contains(message, "session") && strings.Contains(message, "invalidated") ||
		strings.Contains(message, "resource access blocked")
}

// zccFailure finds the failure that ZCC reports with status 200: success is the text "false".
func zccFailure(body []byte) *APIError {
	object, err := members(body)
	if err != nil {
		return nil
	}
	if s := string(object["success"]); s != `"false"` && s != "false" {
		return nil
	}
	e := decodeError(ZCC, http.StatusOK, http.Header{}, body)
	if e.Message == "" {
		e.Message = "the service reports that the call did not succeed"
	}
	return e
}
