package ztw

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// countryList has a country a line: its ISO 3166-1 codes of two and of three letters, and its English
// names with bars between, the usual one first.
//
//go:embed countries.txt
var countryList string

// wireCountry matches what the service calls a country.
var wireCountry = regexp.MustCompile(`^COUNTRY_[A-Z]{2}$`)

// maxCountries is how many countries an error proposes.
const maxCountries = 5

// A country has two letters and an English name.
type country struct{ code, name string }

// countries returns the countries by code and, folded, by name. A code is no name: AND is Andorra. The
// maps are shared: do not change them.
var countries = sync.OnceValues(func() (byCode, byName map[string]country) {
	byCode, byName = map[string]country{}, map[string]country{}
	for line := range strings.Lines(countryList) {
		two, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		three, rest, _ := strings.Cut(rest, " ")
		names := strings.Split(rest, "|")
		c := country{two, names[0]}
		byCode[two], byCode[three] = c, c
		for _, name := range names {
			byName[fold(name)] = c
		}
	}
	return byCode, byName
})

// countryName returns the name that the service has for a country: COUNTRY_ and its ISO code of two
// letters. The country may be given so, by code or by English name. No country is guessed: an error
// proposes those that could be meant.
func countryName(text string) (string, error) {
	code := strings.ToUpper(strings.TrimSpace(text))
	if wireCountry.MatchString(code) {
		return code, nil
	}
	byCode, byName := countries()
	c, ok := byCode[code]
	if !ok {
		c, ok = byName[fold(text)]
	}
	if ok {
		return "COUNTRY_" + c.code, nil
	}
	return "", fmt.Errorf("country %q is not known%s: give the ISO code of two letters", clip(text), similar(text))
}

// similar proposes the countries whose names hold text.
func similar(text string) string {
	part := fold(text)
	if part == "" {
		return ""
	}
	var found []string
	_, byName := countries()
	for name, c := range byName {
		if proposal := c.name + " (" + c.code + ")"; strings.Contains(name, part) && !slices.Contains(found, proposal) {
			found = append(found, proposal)
		}
	}
	if len(found) == 0 {
		return ""
	}
	slices.Sort(found)
	return "; it could be " + strings.Join(found[:min(len(found), maxCountries)], ", ")
}

// fold makes spellings of one name equal: lower case, words of letters only, "saint" in full, and
// without the little words.
func fold(name string) string {
	joined := strings.NewReplacer(".", "", "'", "", "\u2019", "").Replace(strings.ToLower(name))
	words := strings.FieldsFunc(joined, func(r rune) bool { return !unicode.IsLetter(r) })
	kept := words[:0]
	for _, word := range words {
		switch word {
		case "and", "the", "of":
		case "st":
			kept = append(kept, "saint")
		default:
			kept = append(kept, word)
		}
	}
	return strings.Join(kept, " ")
}

// clip shortens what an error repeats.
func clip(text string) string {
	const most = 64
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
