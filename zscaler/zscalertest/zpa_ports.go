package zscalertest

import (
	"slices"
	"strconv"
	"strings"
)

// checkPorts brings both styles of port list into agreement: flat pairs (tcpPortRanges) and objects
// (tcpPortRange). A client sends one; both come back.
func checkPorts(in object, required bool) error {
	found := 0
	for _, protocol := range []string{"tcp", "udp"} {
		flatField, rangeField := protocol+"PortRanges", protocol+"PortRange"
		flat, err := flatPorts(in[flatField], flatField)
		if err != nil {
			return err
		}
		ranges, err := objectPorts(in[rangeField], rangeField)
		if err != nil {
			return err
		}
		if len(flat) > 0 && len(ranges) > 0 && !slices.Equal(flat, ranges) {
			return zpaInvalid("invalid.port.range", "The two port lists differ", flatField, rangeField)
		}
		if len(flat) == 0 {
			flat = ranges
		}
		found += len(flat)
		setPorts(in, flatField, rangeField, flat)
	}
	if required && found == 0 {
		return zpaInvalid("missing.required.field", "At least one TCP or UDP port is required", "tcpPortRanges", "udpPortRanges")
	}
	return nil
}

func setPorts(in object, flatField, rangeField string, flat []string) {
	delete(in, flatField)
	delete(in, rangeField)
	var plain, ranges []any
	for pair := range slices.Chunk(flat, 2) {
		plain = append(plain, pair[0], pair[1])
		ranges = append(ranges, object{"from": pair[0], "to": pair[1]})
	}
	if len(plain) > 0 {
		in[flatField], in[rangeField] = plain, ranges
	}
}

func flatPorts(v any, field string) ([]string, error) {
	entries, isList := v.([]any)
	if v != nil && !isList {
		return nil, zpaInvalid("invalid.port.range", "A list is expected", field)
	}
	var out []string
	for _, entry := range entries {
		text, _ := entry.(string)
		out = append(out, text)
	}
	return out, validPorts(out, field)
}

func objectPorts(v any, field string) ([]string, error) {
	entries, isList := v.([]any)
	if v != nil && !isList {
		return nil, zpaInvalid("invalid.port.range", "A list is expected", field)
	}
	var out []string
	for _, entry := range entries {
		o, _ := entry.(object)
		from, _ := o["from"].(string)
		to, _ := o["to"].(string)
		out = append(out, from, to)
	}
	return out, validPorts(out, field)
}

// validPorts wants pairs of strings from 1 to 65535 that ascend.
func validPorts(flat []string, field string) error {
	bad := len(flat)%2 != 0
	for pair := range slices.Chunk(flat, 2) {
		from, errFrom := strconv.Atoi(pair[0])
		to, errTo := strconv.Atoi(pair[len(pair)-1])
		bad = bad || errFrom != nil || errTo != nil || from < 1 || to > 65535 || from > to
	}
	if bad {
		return zpaInvalid("invalid.port.range", "Ports are pairs of strings from 1 to 65535", field, strings.Join(flat, ","))
	}
	return nil
}
