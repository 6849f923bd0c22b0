package paritytest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
)

var (
	mapping   = regexp.MustCompile(`^\w+=\w+(, \w+=\w+)*$`)
	ofMember  = regexp.MustCompile(`^advanced\.(\w+)$`)
	operator  = regexp.MustCompile(`(?i)\+(EQ|NE|GT|LT|GE|LE|CONTAINS|STARTSWITH|ENDSWITH)\+`)
	digits    = regexp.MustCompile(`^(0|-?[1-9][0-9]*)$`)
	inCamel   = regexp.MustCompile(`<(\w+) in camelCase>`)
	keysCamel = map[string]bool{
		"inner keys turned into camelCase":                                true,
		"each key becomes a body field, snake_case turned into camelCase": true,
	}
	upperCased = map[string]bool{"upper-cased": true, "upper-cased, ASC or DESC": true, "upper-cased two-letter code": true}
	asItIs     = map[string]bool{"": true, "lower-case true/false": true, "epoch ms, overrides start_days_ago": true, "epoch ms, overrides end_days_ago": true}
)

// mechanical reports whether the engine can do the conversion.
func mechanical(as string) bool {
	_, ok := window[as]
	return ok || asItIs[as] || upperCased[as] || keysCamel[as] || mapping.MatchString(as) || ofMember.MatchString(as) ||
		as == "zpa_filter" || as == "sent as a string" || as == "numeric strings as integers"
}

// window are the conversions into points in time.
var window = map[string]func(*expectation, any) any{
	"now (epoch seconds)":                                             func(x *expectation, _ any) any { return x.point(x.now.Unix()) },
	"now - since*3600 (epoch seconds)":                                func(x *expectation, v any) any { return x.point(x.now.Unix() - 3600*number(v)) },
	"now - days*86400 (epoch seconds)":                                func(x *expectation, v any) any { return x.point(x.now.Unix() - 86400*number(v)) },
	"now - end_days_ago days (epoch ms)":                              func(x *expectation, v any) any { return x.point(x.daysAgo(number(v))) },
	"now - start_days_ago days (epoch ms), then snapped, see special": func(x *expectation, v any) any { return x.point(x.snapped(number(v))) },
}

// convert turns a value into what is sent. A nil value is left out.
func (x *expectation) convert(as string, v any) any {
	if point := window[as]; point != nil {
		return point(x, v)
	}
	if m := ofMember.FindStringSubmatch(as); m != nil {
		object, _ := v.(map[string]any)
		return object[m[1]]
	}
	switch {
	case upperCased[as]:
		return strings.ToUpper(text(v))
	case keysCamel[as]:
		return camelKeys(v)
	case as == "zpa_filter":
		return filter(text(v))
	case as == "sent as a string":
		return text(v)
	case as == "numeric strings as integers":
		return eachOf(v, wireNumber)
	case mapping.MatchString(as):
		for pair := range strings.SplitSeq(as, ", ") {
			if key, value, _ := strings.Cut(pair, "="); key == text(v) {
				return value
			}
		}
	}
	return v
}

const day = 24 * 60 * 60 * 1000 // milliseconds

func (x *expectation) daysAgo(n int64) int64 { return x.now.UnixMilli() - n*day }

// snapped is the start of a window whose length is one or two weeks, unless a time is given.
func (x *expectation) snapped(n int64) int64 {
	start, end := x.daysAgo(n), x.daysAgo(number(x.value("end_days_ago")))
	if x.given("start_time") || x.given("end_time") {
		return start
	}
	span := end - start
	for _, week := range []int64{7 * day, 14 * day} {
		if span >= week-day/2 && span <= week+day/2 {
			return start
		}
	}
	if span < 21*day/2 {
		return end - 7*day
	}
	return end - 14*day
}

// point is a time in a request, which the world's may follow by some seconds.
func (x *expectation) point(at int64) json.Number {
	x.times = append(x.times, at)
	return json.Number(strconv.FormatInt(at, 10))
}

// settle replaces times that follow an expected one by less than a minute.
func (x *expectation) settle(value string) string {
	at, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return value
	}
	for _, want := range x.times {
		unit := int64(1)
		if want > 1e11 {
			unit = 1000
		}
		if late := at - want; late >= 0 && late < int64(time.Minute/time.Second)*unit {
			return strconv.FormatInt(want, 10)
		}
	}
	return value
}

// filter is a search expression of ZPA.
func filter(value string) string {
	value = strings.TrimSpace(value)
	if len(value) >= 2 && strings.HasPrefix(value, `"`) && strings.HasSuffix(value, `"`) {
		value = value[1 : len(value)-1]
	}
	if operator.MatchString(value) {
		return value
	}
	return "name+EQ+" + value
}

// camel turns snake_case into the vendor's camelCase; names without underscore stay.
func camel(name string) string {
	words := strings.Split(name, "_")
	if len(words) == 1 {
		return name
	}
	for i, word := range words {
		word = strings.ToLower(word)
		if i > 0 && word != "" {
			word = string(unicode.ToUpper(rune(word[0]))) + word[1:]
		}
		words[i] = word
	}
	return strings.Join(words, "")
}

func camelKeys(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for key, value := range v {
			out[camel(key)] = camelKeys(value)
		}
		return out
	case []any:
		return eachOf(v, camelKeys)
	}
	return v
}

func eachOf(v any, change func(any) any) any {
	list, ok := v.([]any)
	if !ok {
		return v
	}
	out := []any{}
	for _, item := range list {
		out = append(out, change(item))
	}
	return out
}

// wireNumber turns the text of a number into the number.
func wireNumber(v any) any {
	if s, ok := v.(string); ok && digits.MatchString(s) {
		return json.Number(s)
	}
	return v
}

// text is a value as it stands in a path or query.
func text(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

func number(v any) int64 {
	n, _ := strconv.ParseInt(text(v), 10, 64)
	return n
}

func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	case json.Number:
		f, err := v.Float64()
		return err == nil && f == 0
	}
	return false
}
