package tool

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
)

// revealed returns the names of the selected tools that the patterns match. A malformed pattern is a mistake, and so is one that
// matches none: whoever gives it means a tool.
func (s *Selected) revealed(patterns []string) (map[string]bool, error) {
	var mistakes []error
	names, shown := s.names(), map[string]bool{}
	for _, pattern := range patterns {
		if _, err := path.Match(pattern, ""); err != nil {
			mistakes = append(mistakes, fmt.Errorf("pattern %q of tools that reveal secrets is malformed; * stands for any letters and ? for one", pattern))
			continue
		}
		if !slices.ContainsFunc(names, func(name string) bool { return matches([]string{pattern}, name) }) {
			mistakes = append(mistakes, fmt.Errorf("secrets cannot be revealed: no offered tool matches %q%s", pattern, didYouMean(strings.Trim(pattern, "*"), names)))
		}
		for _, name := range names {
			shown[name] = shown[name] || matches([]string{pattern}, name)
		}
	}
	if err := errors.Join(mistakes...); err != nil {
		return nil, fmt.Errorf("tool: %w", err)
	}
	return shown, nil
}

func (s *Selected) names() []string {
	names := make([]string, len(s.tools))
	for i, t := range s.tools {
		names[i] = t.spec.Name
	}
	return names
}
