package tool

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/jmespath-community/go-jmespath/pkg/parsing"
)

// literalsDoc is what most mistakes in expressions come from.
const literalsDoc = "Numbers, true, false and null stand in backticks and text in single quotes, such as [?size > `5` && name == 'A']"

var (
	bareNumber = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?`)
	tokenName  = regexp.MustCompile(`\b(?:TOK|t)[A-Z][A-Za-z]+`)
)

// tokenWords are the parser's names of tokens in the words of the specification. Never modified.
var tokenWords = map[string]string{
	"Rbracket": "]", "Rparen": ")", "Rbrace": "}", "Lbracket": "[", "Lparen": "(", "Lbrace": "{", "Filter": "[?", "Flatten": "[]",
	"Comma": "a comma", "Colon": "a colon", "Dot": "a dot", "Star": "*", "Current": "@", "Pipe": "|", "Or": "||", "And": "&&", "Not": "!",
	"EQ": "==", "NE": "!=", "LT": "<", "LTE": "<=", "GT": ">", "GTE": ">=", "Assign": "=", "Expref": "&", "Number": "a number",
	"UnquotedIdentifier": "a name", "QuotedIdentifier": "a name in double quotes", "StringLiteral": "text in single quotes",
	"JSONLiteral": "a value in backticks", "EOF": "the end of the expression", "Plus": "+", "Minus": "-", "Divide": "/", "Modulo": "%",
}

// explainSyntax says where an expression is wrong, what was expected there, and how literals are written.
func explainSyntax(expression string, err error) string {
	var syntax parsing.SyntaxError
	if !errors.As(err, &syntax) {
		return fmt.Sprintf("what stands in backticks is not JSON, in %s. %s", clip(expression), literalsDoc)
	}
	offset := max(0, min(syntax.Offset, len(expression)))
	problem := inWords(strings.TrimPrefix(err.Error(), "SyntaxError: "))
	number := bareNumber.FindString(expression[offset:])
	if number != "" && strings.HasSuffix(err.Error(), ": TOKNumber") && !strings.HasPrefix(err.Error(), "SyntaxError: Expected") {
		problem = "a bare number cannot stand there, write `" + clip(number) + "`"
	}
	return fmt.Sprintf("%s, at position %d of %s. %s", clipTo(problem, maxQueryError),
		utf8.RuneCountInString(expression[:offset])+1, clip(expression), literalsDoc)
}

// inWords puts a message of the parser into words.
func inWords(message string) string {
	message = tokenName.ReplaceAllStringFunc(message, func(token string) string {
		if words, ok := tokenWords[strings.TrimPrefix(strings.TrimPrefix(token, "TOK"), "t")]; ok {
			return words
		}
		return token
	})
	for _, form := range []struct{ prefix, format string }{
		{"Invalid token: ", "%s cannot stand there"},
		{"Unexpected token at the end of the expression: ", "%s cannot follow; the expression before it is complete"},
		{"Unclosed delimiter: ", "the closing %s is missing"},
		{"Unknown char: ", "the character %s means nothing there"},
		{"Incomplete expression", "the expression ends too early%s"},
		{"Expected ", "expected %s"},
	} {
		if rest, ok := strings.CutPrefix(message, form.prefix); ok {
			return fmt.Sprintf(form.format, strings.Replace(rest, ", received: ", " but found ", 1))
		}
	}
	return message
}
