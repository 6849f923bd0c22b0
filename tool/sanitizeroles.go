package tool

import (
	"bytes"
	"strings"
)

// Words that name a speaker. Never modified.
var (
	// fenced begin a code fence that passes for a speaker or for a tool's call.
	fenced = setOf("system assistant user human developer prompt instruction instructions tool tool_call tool_calls tool_result tool_results tool_use function function_call function_calls system_prompt systemprompt")
	// spoken stand before a colon at the start of a line.
	spoken = setOf("human assistant")
	// headed do so behind the # of a heading.
	headed = setOf("human assistant system user developer instruction instructions response input")
	// bracketed stand in square brackets, with or without a slash.
	bracketed = setOf("inst system_prompt available_tools tool_calls tool_results tool_content")
	// angled stand in angle brackets.
	angled = setOf(`system assistant human developer system_prompt system-prompt system-reminder system_message start_of_turn end_of_turn bos eos
		function_calls function_call function_results invoke tool_call tool_calls tool_result tool_results tool_use tool_response instructions admin_instructions sys`)
)

// longestMarker is the longest marker, in bytes.
const longestMarker = 64

// mayBeRole reports whether text holds what could pass for a speaker.
func mayBeRole(text []byte, has traits) bool {
	return has&hasTicks != 0 && (bytes.Contains(text, []byte("```")) || bytes.Contains(text, []byte("~~~"))) ||
		has&hasClosing != 0 && bytes.IndexByte(text, '[') >= 0 ||
		has&hasColon != 0 && mayBeSpeaker(text)
}

// mayBeSpeaker reports whether a line of text may begin with a word of spoken or headed and a colon.
func mayBeSpeaker(text []byte) bool {
	for len(text) > 0 {
		line := bytes.TrimLeft(text[:min(len(text), longestMarker)], decoration)
		for word := range spoken {
			if len(line) > len(word) && bytes.EqualFold(line[:len(word)], []byte(word)) {
				return true
			}
		}
		if text[0] == '#' {
			return true
		}
		next := bytes.IndexByte(text, '\n')
		if next < 0 {
			return false
		}
		text = text[next+1:]
	}
	return false
}

// decoration may stand before the first word of a line.
const decoration = " \t\r#*_>\"'"

// withoutRoles takes from markers that pass for a speaker, or for the frame of a chat, what makes them markers. Their words stay.
func withoutRoles(s string) string {
	var b strings.Builder
	lineStart, copied := true, 0
	for i := 0; i < len(s); {
		drop, with := 0, ""
		if lineStart {
			drop, with = speaker(s[i:])
		}
		if lineStart = s[i] == '\n' || s[i] == '\r'; drop == 0 {
			drop, with = marker(s[i:])
		}
		if drop == 0 {
			i++
			continue
		}
		b.WriteString(s[copied:i])
		b.WriteString(with)
		i += drop
		copied, lineStart = i, false
	}
	if copied == 0 {
		return s
	}
	return b.String() + s[copied:]
}

// marker returns how long the marker is that begins s, and what becomes of it.
func marker(s string) (length int, with string) {
	switch s[0] {
	case '`', '~':
		return fence(s)
	case '[':
		return enclosed(s, ']', bracketed)
	case '<':
		if strings.HasPrefix(s, "<|") || strings.HasPrefix(s, "<<") || strings.HasPrefix(s, wideOpening) {
			return templated(s)
		}
		return enclosed(s, '>', angled)
	}
	return 0, ""
}

// fence finds three or more ticks, or tildes, that a word of fenced follows.
func fence(s string) (int, string) {
	ticks := len(s) - len(strings.TrimLeft(s, s[:1]))
	if ticks < len("```") {
		return 0, ""
	}
	info := strings.TrimLeft(s[ticks:min(len(s), ticks+longestMarker)], " \t{.:<|")
	if word := info[:wordEnd(info)]; !fenced[strings.ToLower(word)] {
		return ticks, s[:ticks]
	}
	return ticks, ""
}

// enclosed finds a word in brackets.
func enclosed(s string, closing byte, words map[string]bool) (int, string) {
	end := strings.IndexByte(s[:min(len(s), longestMarker)], closing)
	if end < 0 {
		return 0, ""
	}
	inner := strings.TrimSpace(strings.Trim(s[1:end], "/"))
	if word := inner[strings.LastIndexByte(inner, ':')+1:]; !words[strings.ToLower(word)] { // some stand in a namespace
		return 0, ""
	}
	return end + 1, inner
}

// Brackets of the tokens of some chat templates, whose words are joined by a low block.
const (
	wideOpening = "<｜"
	wideClosing = "｜>"
	wideJoint   = "▁"
)

// templated finds the tokens of chat templates: <|im_start|>, <<SYS>>, <</SYS>>, <｜User｜>.
func templated(s string) (int, string) {
	opening, closing := "<|", "|>"
	switch {
	case s[1] == '<':
		opening, closing = "<<", ">>"
	case s[1] != '|':
		opening, closing = wideOpening, wideClosing
	}
	start := s[len(opening):min(len(s), longestMarker)]
	end := strings.Index(start, closing)
	if end < 0 {
		return 0, ""
	}
	inner := strings.Trim(start[:end], "/ ")
	if word := strings.ReplaceAll(inner, wideJoint, "_"); wordEnd(word) != len(word) || closing == ">>" && !strings.EqualFold(inner, "sys") {
		return 0, ""
	}
	return len(opening) + end + len(closing), inner
}

func wordEnd(s string) int {
	end := 0
	for end < len(s) && (letter(s[end]) || digit(s[end]) || s[end] == '_' || s[end] == '-') {
		end++
	}
	return end
}

// speaker finds a word of spoken, or of headed behind a #, with a colon, at the start of a line. The colon becomes a dash.
func speaker(s string) (int, string) {
	start := s[:min(len(s), longestMarker)]
	line := strings.TrimLeft(start, decoration)
	before := start[:len(start)-len(line)]
	word := line[:wordEnd(line)]
	after := strings.TrimLeft(line[len(word):], " \t*_")
	known := strings.ToLower(word)
	if !strings.HasPrefix(after, ":") || !spoken[known] && !(headed[known] && strings.Contains(before, "#")) {
		return 0, ""
	}
	return len(start) - len(after) + 1, before + word + " -"
}
