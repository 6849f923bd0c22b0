package zscalermcp

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// limitsFromEnv reads ZSCALER_MCP_LIMITS, such as "calls=512, body=8MiB, session-idle=1h, address-rate=20/100, heartbeat=off", for the limits that no option
// has set.
func (c *config) limitsFromEnv(e *env) {
	seen := map[string]bool{}
	for _, entry := range e.list("ZSCALER_MCP_LIMITS") {
		name, text, ok := strings.Cut(entry, "=")
		name, text = strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(text)
		err := errors.New("write it as name=value")
		switch {
		case !ok || text == "":
		case seen[name]:
			err = errors.New("it is there twice")
		default:
			err = c.limitFromEnv(name, text)
		}
		seen[name] = true
		if err != nil {
			e.errs = append(e.errs, fmt.Errorf("ZSCALER_MCP_LIMITS: %q: %w", entry, err))
		}
	}
}

func (c *config) limitFromEnv(name, text string) error {
	for _, limit := range limitTable {
		if limit.name != name {
			continue
		}
		var read Limits
		if err := readLimit(limit.field(&read), text); err != nil {
			return err
		}
		if err := read.check(); err != nil {
			return err
		}
		adopt(limit.field(&c.limits), limit.field(&read))
		return nil
	}
	return fmt.Errorf("there is no such limit; there are %s", limitNames())
}

// adopt takes what the environment says of a limit that is not set.
func adopt(field, read any) {
	switch field := field.(type) {
	case *int:
		adoptValue(field, *read.(*int))
	case *int64:
		adoptValue(field, *read.(*int64))
	case *time.Duration:
		adoptValue(field, *read.(*time.Duration))
	case *Rate:
		adoptValue(field, *read.(*Rate))
	}
}

func adoptValue[T comparable](field *T, value T) {
	var unset T
	if *field == unset {
		*field = value
	}
}

// readLimit reads the value of a limit; it is above zero, or off.
func readLimit(field any, text string) error {
	off := strings.EqualFold(text, "off")
	switch field := field.(type) {
	case *int:
		n, err := readCount(text, off)
		*field = int(n)
		return err
	case *int64:
		n, err := readCount(text, off)
		*field = n
		return err
	case *time.Duration:
		if off {
			*field = Off
			return nil
		}
		d, err := time.ParseDuration(text)
		if err != nil || d <= 0 || d > forever {
			return errors.New("give a time above zero, such as 30s, 5m or 1h, or off")
		}
		*field = d
	case *Rate:
		return readRate(field, text, off)
	}
	return nil
}

// readCount reads a number, of bytes with a unit too.
func readCount(text string, off bool) (int64, error) {
	if off {
		return Off, nil
	}
	unit := int64(1)
	for suffix, bytes := range map[string]int64{"kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30} {
		if digits, ok := strings.CutSuffix(strings.ToLower(text), suffix); ok {
			text, unit = strings.TrimSpace(digits), bytes
		}
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if other := strings.TrimSpace(strings.TrimLeft(text, "0123456789.")); other != text && isUnit(other) {
		return 0, fmt.Errorf("the unit %s is not known: bytes are counted in KiB, MiB and GiB, as in 64KiB or 8MiB", other)
	}
	if err != nil || n <= 0 || n*unit > 1<<31-1 {
		return 0, errors.New("give a number from 1 to 2147483647, of bytes also as 64KiB or 8MiB, or off")
	}
	return n * unit, nil
}

// isUnit reports whether a text is a unit of bytes as people write them elsewhere.
func isUnit(text string) bool {
	return slices.Contains([]string{"b", "k", "m", "g", "t", "kb", "mb", "gb", "tb", "ki", "mi", "gi", "ti", "tib", "byte", "bytes"}, strings.ToLower(text))
}

// readRate reads "20/100": 20 a second, 100 at once.
func readRate(field *Rate, text string, off bool) error {
	if off {
		field.PerSecond = Off
		return nil
	}
	perSecond, burst, _ := strings.Cut(text, "/")
	n, err := strconv.ParseFloat(strings.TrimSpace(perSecond), 64)
	b, burstErr := strconv.ParseUint(strings.TrimSpace(burst), 10, 31)
	if err != nil || burstErr != nil || !(n > 0) || n > 1e6 || b == 0 {
		return errors.New("give it as 20/100, which is 20 a second and 100 at once, or off")
	}
	*field = Rate{PerSecond: n, Burst: int(b)}
	return nil
}
