package tool

import (
	"bytes"
	"strings"
)

// mayHoldSecret reports whether maskText could find something in text, without making anything.
func mayHoldSecret(text []byte, has traits) bool {
	switch {
	case has&hasJ != 0 && (bytes.Contains(text, []byte("eyJ")) || bytes.Contains(text, []byte(pemBase64))),
		has&(hasDash|hasK) == hasDash|hasK && bytes.Contains(text, []byte("PRIVATE KEY")),
		has&(hasZ|hasK) == hasZ|hasK && bytes.Contains(text, []byte(Masked)),
		has&hasPipe != 0 && provisioningKey(text) >= 0:
		return true
	case has&hasColon == 0:
		return false
	}
	return bytes.IndexByte(text, '"') >= 0 || bytes.Contains(text, []byte("://")) && mayHoldURLSecret(text)
}

// maskText masks the secrets that text holds by what they look like, and counts the masks in it.
func (w *washer) maskText(text string) string {
	has := traitsOf(text)
	if has&hasDash != 0 && strings.Contains(text, "PRIVATE KEY") {
		text = maskPEM(text)
	}
	if has&hasJ != 0 {
		text = maskPEMBase64(maskJWT(text))
	}
	if has&hasPipe != 0 {
		text = maskProvisioningKeys(text)
	}
	if has&hasColon != 0 && strings.Contains(text, "://") {
		text = maskURLs(text)
	}
	if has&hasColon != 0 && strings.Contains(text, `"`) {
		text = w.maskJSON(text)
	}
	w.masked += strings.Count(text, Masked)
	return text
}

// maskPEM masks private keys in PEM (RFC 7468, and what OpenSSH and PGP make of it), from the line that begins one to the line that
// ends it. A key without the second goes to the end of the text; of one without the first goes what looks like its lines.
func maskPEM(text string) string {
	const what = "PRIVATE KEY"
	var b strings.Builder
	for {
		i := strings.Index(text, what)
		if i < 0 {
			break
		}
		begin, end := pemLine(text, i, "BEGIN"), i+len(what)
		switch {
		case begin >= 0:
			end = pemEnd(text, end)
		case pemLine(text, i, "END") >= 0:
			begin = keyLines(text, pemLine(text, i, "END"))
			end += restOfLine(text[end:])
		default:
			b.WriteString(text[:end])
			text = text[end:]
			continue
		}
		b.WriteString(text[:begin])
		b.WriteString(Masked)
		text = text[end:]
	}
	return b.String() + text
}

// pemLine returns where the dashes before word begin, word being shortly before text[i]; -1 for not at all.
func pemLine(text string, i int, word string) int {
	const longestKind = 48 // such as "RSA ", "ENCRYPTED "
	from := max(0, i-longestKind)
	at := strings.LastIndex(text[from:i], word)
	if at < 0 {
		return -1
	}
	start := from + at
	for start > 0 && (text[start-1] == '-' || text[start-1] == ' ') {
		start--
	}
	for text[start] == ' ' {
		start++
	}
	if !strings.HasPrefix(text[start:from+at], "--") {
		return -1
	}
	return start
}

// pemEnd returns where the key ends whose first line holds text[i].
func pemEnd(text string, i int) int {
	end := strings.Index(text[i:], "-END ")
	if end < 0 {
		return len(text)
	}
	i += end + len("-END ")
	last := strings.Index(text[i:], "--")
	if last < 0 {
		return len(text)
	}
	return i + last + restOfLine(text[i+last:])
}

// restOfLine is the length of what ends the line of PEM: dashes, and before them what PGP says.
func restOfLine(text string) int {
	return len(text) - len(strings.TrimLeft(strings.TrimPrefix(text, " BLOCK"), "-"))
}

// keyLines returns where the lines of base64 begin that end at text[i].
func keyLines(text string, i int) int {
	for i > 0 && (base64Byte(text[i-1]) || strings.IndexByte(" \t\r\n\\=", text[i-1]) >= 0) {
		i--
	}
	return i
}

func base64Byte(c byte) bool {
	return letter(c) || digit(c) || c == '+' || c == '/'
}

func urlBase64Byte(c byte) bool { return letter(c) || digit(c) || c == '-' || c == '_' }

// Lengths of a JWT (RFC 7519) below which a text is taken for something else.
const (
	shortestHeader = 10
	shortestToken  = 24
)

// maskJWT masks compact JWTs, whole or cut: a header that begins with {" in base64url, a dot, and what follows.
func maskJWT(text string) string {
	var b strings.Builder
	for from := 0; ; {
		i := strings.Index(text[from:], "eyJ")
		if i < 0 {
			break
		}
		start := from + i
		end := start
		for end < len(text) && urlBase64Byte(text[end]) {
			end++
		}
		if end-start < shortestHeader || end == len(text) || text[end] != '.' {
			from = end
			continue
		}
		for end < len(text) && (urlBase64Byte(text[end]) || text[end] == '.') {
			end++
		}
		if end-start < shortestToken {
			from = end
			continue
		}
		b.WriteString(text[:start])
		b.WriteString(Masked)
		text, from = text[end:], 0
	}
	if b.Len() == 0 {
		return text
	}
	return b.String() + text
}

// shortestKey is the length of the last part of a provisioning key below which a text is taken for something else.
const shortestKey = 16

// maskProvisioningKeys masks provisioning keys of ZPA and ZMS: a number, the host that is enrolled at, and the key, between bars.
func maskProvisioningKeys(text string) string {
	var b strings.Builder
	for {
		start := provisioningKey(text)
		if start < 0 {
			break
		}
		end := start + strings.LastIndexByte(text[start:start+barsEnd(text[start:])], '|') + 1
		for end < len(text) && (base64Byte(text[end]) || urlBase64Byte(text[end]) || text[end] == '=') {
			end++
		}
		b.WriteString(text[:start])
		b.WriteString(Masked)
		text = text[end:]
	}
	if b.Len() == 0 {
		return text
	}
	return b.String() + text
}

// barsEnd returns where the second bar of text ends.
func barsEnd(text string) int {
	first := strings.IndexByte(text, '|') + 1
	return first + strings.IndexByte(text[first:], '|') + 1
}

// provisioningKey returns where a provisioning key begins in s, -1 for nowhere.
func provisioningKey[text string | []byte](s text) int {
	for first := barIn(s, 0); first >= 0; first = barIn(s, first+1) {
		start, host := first, first+1
		for start > 0 && digit(s[start-1]) {
			start--
		}
		for host < len(s) && (letter(s[host]) || digit(s[host]) || s[host] == '.' || s[host] == '-') {
			host++
		}
		key := host + 1
		for key < len(s) && (base64Byte(s[key]) || urlBase64Byte(s[key])) {
			key++
		}
		if start < first && host > first+1 && host < len(s) && s[host] == '|' && key-host > shortestKey {
			return start
		}
	}
	return -1
}

// barIn returns where the first bar of s from i on is, -1 for nowhere.
func barIn[text string | []byte](s text, i int) int {
	for ; i < len(s); i++ {
		if s[i] == '|' {
			return i
		}
	}
	return -1
}
