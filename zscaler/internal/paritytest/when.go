package paritytest

import (
	"regexp"
	"strings"
)

// A truth is what a condition of the table comes to; unknown if only answers tell, or the words are others than these.
type truth int

const (
	unknown truth = iota
	no
	yes
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

var (
	remark      = regexp.MustCompile(` *\([^)]*\)`)
	isNeither   = regexp.MustCompile(`^neither (\w+) nor (\w+)$`)
	isMissing   = regexp.MustCompile(`^(?:any of )?(\w+(?:(?:, | or )\w+)+) missing$`)
	isGiven     = regexp.MustCompile(`^(\w+) given$`)
	isNotGiven  = regexp.MustCompile(`^(?:no (\w+)|(\w+) not given|(\w+) is empty)$`)
	isNotValue  = regexp.MustCompile(`^(\w+) is not (\w+)$`)
	isValue     = regexp.MustCompile(`^(\w+) is (\w+(?: or \w+)*)$`)
	isWithSign  = regexp.MustCompile(`^(\w+) contains @$`)
	isWithout   = regexp.MustCompile(`^(\w+) without @$`)
	separations = regexp.MustCompile(`, | or `)
)

// decide tells whether a condition holds for the arguments.
func (x *expectation) decide(condition string) truth {
	if condition == "" {
		return yes
	}
	result := yes
	for clause := range strings.SplitSeq(remark.ReplaceAllString(condition, ""), " and ") {
		switch x.clause(clause) {
		case no:
			return no
		case unknown:
			result = unknown
		}
	}
	return result
}

func (x *expectation) clause(clause string) truth {
	part := func(r *regexp.Regexp) []string { return r.FindStringSubmatch(clause) }
	if m := part(isNeither); m != nil {
		return truthOf(!x.given(m[1]) && !x.given(m[2]))
	}
	if m := part(isMissing); m != nil {
		missing := no
		for _, name := range separations.Split(m[1], -1) {
			if !x.given(name) {
				missing = yes
			}
		}
		return missing
	}
	if m := part(isGiven); m != nil {
		return truthOf(x.given(m[1]))
	}
	if m := part(isNotGiven); m != nil && x.params[m[1]+m[2]+m[3]].Name != "" {
		return truthOf(!x.given(m[1] + m[2] + m[3]))
	}
	if m := part(isNotValue); m != nil {
		return truthOf(text(x.value(m[1])) != m[2])
	}
	if m := part(isWithSign); m != nil {
		return truthOf(strings.Contains(text(x.value(m[1])), "@"))
	}
	if m := part(isWithout); m != nil {
		return truthOf(!strings.Contains(text(x.value(m[1])), "@"))
	}
	if m := part(isValue); m != nil && x.params[m[1]].Name != "" {
		for value := range strings.SplitSeq(m[2], " or ") {
			if text(x.value(m[1])) == value {
				return yes
			}
		}
		return no
	}
	return unknown
}
