package rest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/org/zscalermcp/zscaler"
)

// fillQuery makes the body of a GraphQL request. Variables without a value are left out: null is a
// value in GraphQL, and a filter that is null is not a filter that is absent.
func (c *call) fillQuery() error {
	variables := make(map[string]json.RawMessage, len(c.writes))
	for _, w := range c.writes {
		if absent(w.value) {
			continue
		}
		if err := setMember(variables, w.names, w.value); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	c.Body = map[string]json.RawMessage{
		"query":         quote(c.document),
		"variables":     encodeObject(variables),
		"operationName": quote(c.operation),
	}
	return nil
}

// unwrapGraph takes data.<root> out of an answer, or out of the partial data of a failure. A failure
// that brought no row to show beside it stays a failure.
func (c *call) unwrapGraph(ctx context.Context, resp *zscaler.Response, failure error) (*Answer, error) {
	var data json.RawMessage
	if failure == nil {
		data, failure = zscaler.GraphQLData(resp)
	}
	var partial *zscaler.APIError
	if errors.As(failure, &partial) {
		data = partial.Data
	}
	value := rootOf(data, c.root)
	switch {
	case failure != nil && (value == nil || !c.list):
		return nil, failure
	case !c.list:
		return &Answer{Record: value}, nil
	}
	answer, err := c.graphRows(ctx, value)
	if err != nil || failure == nil {
		return answer, err
	}
	if len(answer.Rows) == 0 {
		return nil, failure
	}
	answer.Note = strings.TrimSpace("The answer is incomplete: " + publicText(failure) + " " + answer.Note)
	return answer, nil
}

// rootOf follows the dotted root into data; nil when it is missing or null.
func rootOf(data json.RawMessage, root string) json.RawMessage {
	for name := range strings.SplitSeq(root, ".") {
		object, err := decodeObject(data)
		if err != nil {
			return nil
		}
		data = object[name]
	}
	if absent(data) {
		return nil
	}
	return data
}

// graphRows takes the rows out of a root field.
func (c *call) graphRows(ctx context.Context, value json.RawMessage) (*Answer, error) {
	value, key, err := c.graphKey(value)
	if err != nil {
		return nil, err
	}
	answer, err := c.rowsOf(ctx, value, key)
	if err == nil && obfuscated(value) {
		answer.Note = strings.TrimSpace("The names are obfuscated: the API client's role may not see them. " + answer.Note)
	}
	return answer, err
}

// obfuscated reports whether a report of Z-Insights says that the names in it are not the real ones.
func obfuscated(report json.RawMessage) bool {
	object, err := decodeObject(report)
	return err == nil && string(object["obfuscated"]) == "true"
}

// graphKey names the member of a root field that holds the rows: none where it is a list, else nodes, entries or the declared member.
func (c *call) graphKey(value json.RawMessage) (_ json.RawMessage, key string, err error) {
	if first(value) != '{' {
		return value, "", nil
	}
	object, err := decodeObject(value)
	if err != nil {
		return nil, "", err
	}
	key = c.rows
	for _, member := range []string{"nodes", "entries"} {
		if _, ok := object[member]; ok && key == "" {
			key = member
		}
	}
	if key == "" {
		return nil, "", fmt.Errorf("%s: the answer has neither nodes nor entries in %s", c.name, c.root)
	}
	return value, key, nil
}
