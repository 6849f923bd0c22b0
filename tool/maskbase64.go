package tool

import (
	"encoding/base64"
	"strings"
)

// pemBase64 is how base64 of PEM begins: that of -----BEGIN.
const pemBase64 = "LS0tLS1CRUdJTi"

// maskPEMBase64 masks base64 of PEM that holds a private key, on one line or several; that of certificates alone stays.
func maskPEMBase64(text string) string {
	var b strings.Builder
	copied := 0
	for from := 0; ; {
		i := strings.Index(text[from:], pemBase64)
		if i < 0 {
			break
		}
		start := from + i
		from = base64End(text, start)
		if holdsPrivateKey(text[start:from]) {
			b.WriteString(text[copied:start])
			b.WriteString(Masked)
			copied = from
		}
	}
	if copied == 0 {
		return text
	}
	return b.String() + text[copied:]
}

// base64End returns where the base64 that begins at text[i] ends, its lines included.
func base64End(text string, i int) int {
	end := i
	for ; i < len(text); i++ {
		switch c := text[i]; {
		case base64Byte(c) || urlBase64Byte(c) || c == '=':
			end = i + 1
		case c != '\n' && c != '\r':
			return end
		}
	}
	return end
}

// base64Lines takes from base64 what joins its lines and ends it, and makes of its form for URLs the other.
var base64Lines = strings.NewReplacer("\n", "", "\r", "", "=", "", "-", "+", "_", "/")

// holdsPrivateKey reports whether base64, whole or cut, is of a text with a private key.
func holdsPrivateKey(encoded string) bool {
	encoded = base64Lines.Replace(encoded)
	decoded, _ := base64.RawStdEncoding.DecodeString(encoded[:len(encoded)&^3]) // what could be decoded counts
	return strings.Contains(string(decoded), "PRIVATE KEY")
}
