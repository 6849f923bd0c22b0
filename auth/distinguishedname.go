package auth

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"regexp"
	"slices"
	"strings"
)

const oidCommonName = "2.5.4.3"

// attributeNames are the short names (RFC 4514 section 3, and those of OpenSSL) of the attributes of subjects. Others are shown by their numbers.
var attributeNames = map[string]string{
	oidCommonName: "CN", "2.5.4.4": "SN", "2.5.4.5": "serialNumber", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.9": "street", "2.5.4.10": "O",
	"2.5.4.11": "OU", "2.5.4.12": "title", "2.5.4.17": "postalCode", "2.5.4.42": "GN", "0.9.2342.19200300.100.1.1": "UID", "0.9.2342.19200300.100.1.25": "DC",
	"1.2.840.113549.1.9.1": "emailAddress", "2.5.4.15": "businessCategory", "2.5.4.46": "dnQualifier", "2.5.4.97": "organizationIdentifier",
}

// nameText is a distinguished name in DER as text (RFC 4514), "" if it cannot be read. No two names have one text, but for the
// types of strings in them. The names of package pkix would not do: they leave out the first of two common names.
func nameText(der []byte) string {
	var name pkix.RDNSequence
	if rest, err := asn1.Unmarshal(der, &name); err != nil || len(rest) > 0 {
		return ""
	}
	slices.Reverse(name) // section 2.1
	var parts []string
	for _, set := range name {
		var values []string
		for _, attribute := range set {
			text, err := attributeText(attribute)
			if err != nil {
				return ""
			}
			values = append(values, text)
		}
		slices.Reverse(values) // as OpenSSL has it
		parts = append(parts, strings.Join(values, "+"))
	}
	return strings.Join(parts, ",")
}

func attributeText(attribute pkix.AttributeTypeAndValue) (string, error) {
	name, known := attributeNames[attribute.Type.String()]
	if value, isText := attribute.Value.(string); known && isText {
		return name + "=" + escaped(value), nil
	}
	if !known {
		name = attribute.Type.String()
	}
	der, err := asn1.Marshal(attribute.Value)
	return name + "=#" + strings.ToUpper(hex.EncodeToString(der)), err
}

// escaped is a value as section 2.4 of RFC 4514 wants it, with control characters as digits.
func escaped(value string) string {
	var b strings.Builder
	for i := range len(value) {
		c := value[i]
		switch {
		case c < ' ' || c == 0x7f:
			b.WriteString(`\` + strings.ToUpper(hex.EncodeToString([]byte{c})))
			continue
		case strings.IndexByte(`,+"\<>;`, c) >= 0, c == ' ' && (i == 0 || i == len(value)-1), c == '#' && i == 0:
			b.WriteByte('\\')
		}
		b.WriteByte(c)
	}
	return b.String()
}

var (
	attributeForm = regexp.MustCompile(`^([A-Za-z][A-Za-z]*|[0-9]+(\.[0-9]+)+)=`)
	spacedForm    = regexp.MustCompile(`^/|(^|[^\\]), | = `)
)

// checkDN refuses what nameText never returns, as far as it can be seen: most of all the other forms in which OpenSSL prints names.
func checkDN(text string) error {
	if !isPlainName(text) || strings.Contains(text, "*") || !attributeForm.MatchString(text) || spacedForm.MatchString(text) {
		return errors.New("is no name in the form of RFC 4514, such as CN=alice,O=Acme: print it with openssl x509 -noout -subject -nameopt RFC2253,utf8,-esc_msb")
	}
	return nil
}
