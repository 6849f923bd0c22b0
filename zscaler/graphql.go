package zscaler

import (
	"encoding/json"
	"errors"
	"net/http"
)

// GraphQLData returns the data of a GraphQL answer. An answer with errors is an [*APIError] whose Data
// holds what came beside them; [Client.Do] has already refused such an answer, other Doers may not.
// See the GraphQL specification, section 7.
func GraphQLData(resp *Response) (json.RawMessage, error) {
	if e := graphQLFailure(resp.Body); e != nil {
		e.Status, e.RequestID, e.Method = resp.Status, resp.RequestID, http.MethodPost
		return nil, e
	}
	object, err := members(resp.Body)
	if err != nil {
		return nil, errors.New("zscaler: the GraphQL answer is not an object")
	}
	data, ok := object["data"]
	if !ok || string(data) == "null" {
		return nil, errors.New("zscaler: the GraphQL answer holds no data")
	}
	return data, nil
}

// graphQLFailure finds the errors that a GraphQL service reports with status 200. The first one names
// the failure; the messages of the others follow.
func graphQLFailure(body []byte) *APIError {
	var answer struct {
		Errors []json.RawMessage
		Data   json.RawMessage
	}
	if json.Unmarshal(body, &answer) != nil || len(answer.Errors) == 0 {
		return nil
	}
	e := &APIError{Status: http.StatusOK, kind: KindUnavailable}
	for i, raw := range answer.Errors[:min(len(answer.Errors), maxParams)] {
		item, _ := members(raw)
		message := firstText(item, "message")
		if i > 0 {
			if message != "" && message != e.Message {
				e.Params = append(e.Params, message)
			}
			continue
		}
		extensions, _ := members(item["extensions"])
		e.Message, e.Code = message, firstText(extensions, "code", "classification")
		e.kind = graphQLKind(e.Code)
	}
	if hasData(answer.Data) {
		e.Data = answer.Data
	}
	return e
}

func graphQLKind(code string) Kind {
	switch code {
	case "FORBIDDEN":
		return KindPermission
	case "UNAUTHORIZED", "UNAUTHENTICATED":
		return KindCredentials
	case "BAD_REQUEST", "VALIDATION_ERROR", "ValidationError":
		return KindInvalid
	}
	return KindUnavailable
}

// hasData reports whether any leaf of partial data is not null.
func hasData(data json.RawMessage) bool {
	object, err := members(data)
	if err != nil {
		return false
	}
	for _, value := range object {
		if inner, err := members(value); err == nil {
			if inner != nil && hasData(value) {
				return true
			}
			continue
		}
		return true
	}
	return false
}
