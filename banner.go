package zscalermcp

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode"
	"unicode/utf8"
)

// Banner is the posture for people who look at a terminal: a line for each thing, what it is and how it is set, and the warnings last. It ends in a newline, and
// holds no secret. Text from the configuration that could pass for a line of its own, or change how others look, is quoted as in Go. On stdio, where
// nobody authenticates, what concerns HTTP is left out.
func (p Posture) Banner() string {
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	for _, line := range p.lines() {
		if line[1] != "" {
			fmt.Fprintf(table, "  %s\t%s\n", line[0], line[1])
		}
	}
	_ = table.Flush() // a Builder takes everything
	for _, warning := range p.Warnings {
		fmt.Fprintf(&text, "  warning: %s\n", shown(warning))
	}
	return text.String()
}

// lines are what a thing is and how it is set. A line without the latter is not written.
func (p Posture) lines() [][2]string {
	lines := [][2]string{{"transport", shown(p.Transport)}, {"tenant", shown(p.Tenant)}}
	if p.Transport != "stdio" {
		lines = append(lines, p.linesOverHTTP()...)
	}
	return append(lines,
		[2]string{"tools", counted(p.Tools, p.Toolsets)},
		[2]string{"write tools", counted(p.WriteTools, p.WritePatterns)},
		[2]string{"sanitising", shown(p.Sanitising)},
		[2]string{"secrets", shown(p.Secrets)},
		[2]string{"audit", shown(p.Audit)},
		[2]string{"store", cmp.Or(shown(p.Store), choose(p.SharedState, "shared", "memory of this process"))},
		[2]string{"master keys", choose(p.StableKeys, "given", "generated at start: what they sealed ends with the process")},
	)
}

// linesOverHTTP are about callers over the network.
func (p Posture) linesOverHTTP() [][2]string {
	return [][2]string{
		{"path", shown(p.Path)},
		{"sse", shown(p.SSE)},
		{"listen", shown(p.Listen)},
		{"TLS", shown(p.TLS)},
		{"hosts", cmp.Or(listed(p.Hosts), "on connections over loopback those that mean loopback")},
		{"sources", cmp.Or(listed(p.Sources), "every address")},
		{"authentication", shown(p.Auth)},
		{"accepted", shown(p.AuthDetail)},
		{"remembered", shown(p.AuthCache)},
		{"policy", choose(p.Policy, "narrows what each caller may use", "none: every caller may use every offered tool")},
		{"tools act as", choose(p.AsCaller, "the caller", "the server")},
		{"web origins", cmp.Or(listed(p.Origins), "none")},
		{"page for people", choose(p.Page, "on", "off")},
	}
}

// counted is a number and what it is of.
func counted(n int, of []string) string {
	if n == 0 || len(of) == 0 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%d (%s)", n, listed(of))
}

func listed(words []string) string {
	var all []string
	for _, word := range words {
		all = append(all, shown(word))
	}
	return strings.Join(all, ", ")
}

// shown is text from the configuration, in quotes if it holds what a terminal would not simply print: line ends, escapes, marks that turn the direction of writing.
func shown(text string) string {
	if utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return text
	}
	return strconv.Quote(text)
}

func choose(is bool, yes, no string) string {
	if is {
		return yes
	}
	return no
}
