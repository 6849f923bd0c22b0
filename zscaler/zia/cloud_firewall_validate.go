package zia

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/org/zscalermcp/tool/rest"
	"github.com/org/zscalermcp/zscaler"
)

// A signatureVerdict is what the service finds in the text of a signature. A null or absent status is no approval.
type signatureVerdict struct {
	Status     *int64 `json:"status"`
	Message    string `json:"errMsg"`
	Position   int64  `json:"errPosition"`
	Parameter  string `json:"errParameter"`
	Suggestion string `json:"errSuggestion"`
}

// validateSignature has the service judge the text of a new signature. Updates do not ask: the service
// would take the signature that is being changed for a duplicate.
func validateSignature(ctx context.Context, p *rest.Plan) error {
	text, err := json.Marshal(dedent(p.Args.Text("rule_text")))
	if err != nil {
		return fmt.Errorf("zia: rule text: %w", err)
	}
	answer, err := rest.Send(ctx, &zscaler.Request{
		Method: http.MethodPost, Path: signaturesPath + "/validateRuleText", Safe: true,
		Body: rest.Encode(map[string]json.RawMessage{"ruleText": text}),
	})
	if err != nil {
		return fmt.Errorf("nothing was created, because the rule text was not found valid: %w", err)
	}
	var v signatureVerdict
	if len(answer) > 0 {
		if err := json.Unmarshal(answer, &v); err != nil {
			return fmt.Errorf("nothing was created, because the service's verdict on the rule text cannot be read: %w", err)
		}
	}
	return v.refusal()
}

// refusal returns nil if the text is valid.
func (v signatureVerdict) refusal() error {
	switch {
	case v.Status == nil:
		return errors.New("nothing was created, because the service did not say whether the rule text is valid: try again")
	case *v.Status == 0 && v.Message == "":
		return nil
	}
	text := fmt.Sprintf("nothing was created, because the rule text is not valid: status %d, position %d", *v.Status, v.Position)
	for _, part := range [][2]string{{"", v.Message}, {"parameter ", v.Parameter}, {"suggestion: ", v.Suggestion}} {
		if part[1] != "" {
			text += "; " + part[0] + part[1]
		}
	}
	return errors.New(text)
}

// dedent takes the indentation that all lines share, and the line breaks before the first line, from text, so that
// the service counts positions from the first character. Lines of nothing but blanks become empty.
func dedent(text string) string {
	lines := strings.Split(text, "\n")
	indent, seen := "", false
	for i, line := range lines {
		content := strings.TrimLeft(line, " \t")
		if content == "" || content == "\r" {
			lines[i] = content
			continue
		}
		own := line[:len(line)-len(content)]
		if !seen {
			indent, seen = own, true
		}
		for !strings.HasPrefix(own, indent) {
			indent = indent[:len(indent)-1]
		}
	}
	for i := range lines {
		lines[i] = strings.TrimPrefix(lines[i], indent)
	}
	return strings.TrimLeft(strings.Join(lines, "\n"), "\r\n")
}
