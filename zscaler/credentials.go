package zscaler

import (
	"strings"
)

// check returns every mistake in the credentials; complete ones have an API client.
func (c Credentials) check(complete bool) []error {
	var errs []error
	add := func(field, env, problem string) {
		errs = append(errs, &ConfigError{Field: "Credentials." + field, Env: env, Problem: problem})
	}
	switch {
	case c.ClientID == "" && complete:
		add("ClientID", "ZSCALER_CLIENT_ID", "is not set: create an API client in ZIdentity and give its id")
	case !headerSafe(c.ClientID):
		add("ClientID", "ZSCALER_CLIENT_ID", "must be printable ASCII without spaces at its ends")
	}
	if complete && c.ClientSecret.IsZero() && c.PrivateKey.IsZero() {
		add("ClientSecret", "ZSCALER_CLIENT_SECRET", "is not set: give the API client's secret, or its key in PrivateKey (ZSCALER_PRIVATE_KEY)")
	}
	if c.CustomerID != "" && !all(c.CustomerID, isDigit) {
		add("CustomerID", "ZSCALER_CUSTOMER_ID", "must be the numeric ZPA customer id")
	}
	if c.ZCellCustomerID != "" && !all(c.ZCellCustomerID, isIDByte) {
		add("ZCellCustomerID", "ZCELL_CUSTOMER_ID", "must be letters, digits, hyphens and underscores only")
	}
	if c.MicrotenantID != "" && !all(c.MicrotenantID, isDigit) {
		add("MicrotenantID", "ZPA_MICROTENANT_ID", "must be the numeric id of the ZPA microtenant")
	}
	if !headerSafe(c.PartnerID) {
		add("PartnerID", "ZSCALER_PARTNER_ID", "must be printable ASCII")
	}
	return errs
}

// headerSafe reports whether s can stand in a header as it is.
func headerSafe(s string) bool {
	return len(s) <= 512 && strings.TrimSpace(s) == s && all(s, func(b byte) bool { return b >= ' ' && b < 0x7f })
}

func all(s string, ok func(byte) bool) bool {
	for i := range len(s) {
		if !ok(s[i]) {
			return false
		}
	}
	return true
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

func isLabelByte(b byte) bool {
	return isDigit(b) || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '-'
}

func isIDByte(b byte) bool { return isLabelByte(b) || b == '_' }

// isLabel reports whether s is one DNS label (RFC 1123 section 2.1).
func isLabel(s string) bool {
	return s != "" && len(s) <= 63 && all(s, isLabelByte) && s[0] != '-' && s[len(s)-1] != '-'
}
