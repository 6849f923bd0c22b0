package zms_test

import (
	"regexp"
	"testing"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
	"github.com/org/zscalermcp/zscaler/zms"
)

var (
	space       = regexp.MustCompile(`[\s,]+`)
	punctuation = regexp.MustCompile(` ?([(){}:]) ?`)
)

var suite = &paritytest.Suite{
	Sets: zms.Sets(), Tools: 20,
	// White space and commas of a GraphQL document are insignificant.
	Normal: func(r *paritytest.Request) {
		if body, ok := r.Body.(map[string]any); ok {
			document, _ := body["query"].(string)
			body["query"] = punctuation.ReplaceAllString(space.ReplaceAllString(document, " "), "$1")
		}
	},
}

func TestParity(t *testing.T) { suite.Test(t) }
