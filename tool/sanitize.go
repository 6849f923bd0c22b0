package tool

import "strings"

// maxRounds is how often a text is cleaned until nothing more changes. What still changes then was built to.
const maxRounds = 4

// sanitize cleans a text of an answer, so that neither a human who looks at it nor the model is misled: what cannot be seen goes, and
// HTML; links and images of Markdown no longer are any, code fences and other markers that pass for a speaker lose what makes them
// markers. Words stay, and so does text that only looks like markup: R&D <Sales>, a < b, www.example.com/path, [a-z](x|y).
//
// The result is the same when it is cleaned again, and at most twice as long.
func sanitize(s string) string {
	for range maxRounds {
		clean := sanitizeOnce(s)
		if clean == s {
			return s
		}
		s = clean
	}
	return blunt(s)
}

func sanitizeOnce(s string) string {
	has := traitsOf(s)
	if has&(hasWide|hasControl) != 0 {
		s = visible(s)
	}
	if has&(hasTicks|hasClosing|hasLess|hasColon) != 0 {
		s = withoutRoles(s)
	}
	if has&hasLess != 0 {
		s = withoutMarkup(s)
	}
	if has&hasClosing != 0 {
		s = withoutLinks(s)
	}
	return s
}

// mayNeedCleaning reports whether sanitize could change text, without making anything.
func mayNeedCleaning(text []byte, has traits) bool {
	return has&(hasWide|hasControl) != 0 && !allVisible(text) ||
		has&hasLess != 0 && mayBeMarkup(text) ||
		has&(hasTicks|hasClosing|hasColon) != 0 && mayBeRole(text, has) ||
		has&hasClosing != 0 && mayBeLink(text)
}

// blunt takes from text, which cleaning did not get to rest, every character that markup is made of.
func blunt(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune("<>[]`~#*", r) {
			return -1
		}
		return r
	}, visible(s))
	return withoutRoles(visible(s))
}
