package auth

import (
	"errors"
	"fmt"

	"github.com/org/zscalermcp/internal/lexical"
)

// A ConfigError is one mistake in the argument of a constructor. Constructors return all of theirs in one error
// ([errors.Join]), so that a program that reads its configuration from elsewhere can say each in its own words.
type ConfigError struct {
	Field   string // where it is, such as "JWTConfig.Issuers[0].JWKSURL"
	Problem string // what is wrong, and what to do; holds no secret
	entry   string // how a person knows the entry of a list
	text    string // of Error, where it is another one
}

// Error returns the field and the problem.
func (e *ConfigError) Error() string {
	switch {
	case e.text != "":
		return e.text
	case e.entry != "":
		return fmt.Sprintf("auth: %s (%s) %s", e.Field, e.entry, e.Problem)
	}
	return fmt.Sprintf("auth: %s %s", e.Field, e.Problem)
}

// configMistakes collects the mistakes of one configuration.
type configMistakes struct {
	config string // its name, or that of an entry of a list in it
	entry  string
	errs   []error
}

// add notes a mistake in a field.
func (m *configMistakes) add(field, problem string, args ...any) {
	m.errs = append(m.errs, &ConfigError{Field: m.config + "." + field, Problem: fmt.Sprintf(problem, args...), entry: m.entry})
}

// check notes that a field has the problem err, if there is one.
func (m *configMistakes) check(field string, err error) {
	if err != nil {
		m.add(field, "%s", err)
	}
}

// scopes notes what cannot be asked for in a field.
func (m *configMistakes) scopes(field string, scopes []string) {
	for _, scope := range scopes {
		if !lexical.IsScope(scope) || scope == offlineAccess {
			m.add(field, "has %q, which is no scope of a resource (RFC 6749 section 3.3)", scope)
		}
	}
}

func (m *configMistakes) err() error { return errors.Join(m.errs...) }
