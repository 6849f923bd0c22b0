package zscalertest

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

const (
	zpaPageSize    = 20
	zpaMaxPageSize = 500
)

// A clause is one condition of a search: field+OPERATOR+value.
type clause struct{ field, operator, value string }

var operators = map[string]func(have, want string) bool{
	"EQ":         strings.EqualFold,
	"NE":         func(have, want string) bool { return !strings.EqualFold(have, want) },
	"GT":         func(have, want string) bool { return compare(have, want) > 0 },
	"LT":         func(have, want string) bool { return compare(have, want) < 0 },
	"GE":         func(have, want string) bool { return compare(have, want) >= 0 },
	"LE":         func(have, want string) bool { return compare(have, want) <= 0 },
	"CONTAINS":   contains,
	"STARTSWITH": func(have, want string) bool { return strings.HasPrefix(strings.ToLower(have), strings.ToLower(want)) },
	"ENDSWITH":   func(have, want string) bool { return strings.HasSuffix(strings.ToLower(have), strings.ToLower(want)) },
}

// compare orders numbers by value and other text by letters.
func compare(a, b string) int {
	x, errX := strconv.ParseInt(a, 10, 64)
	y, errY := strconv.ParseInt(b, 10, 64)
	if errX == nil && errY == nil {
		return cmp.Compare(x, y)
	}
	return strings.Compare(strings.ToLower(a), strings.ToLower(b))
}

// parseSearch reads the search parameters. Plain text is refused, as mgmtconfig does.
func parseSearch(values []string) ([]clause, error) {
	var out []clause
	for _, v := range values {
		parts := strings.SplitN(v, "+", 3)
		if len(parts) != 3 || parts[0] == "" || operators[strings.ToUpper(parts[1])] == nil {
			return nil, zpaInvalid("filtering.input.invalid.operand", "The search is not of the form field+OPERATOR+value", v)
		}
		out = append(out, clause{parts[0], strings.ToUpper(parts[1]), parts[2]})
	}
	return out, nil
}

// matches reports whether o satisfies the clause; of a list one entry has to.
func (c clause) matches(o object) bool {
	test := operators[c.operator]
	switch v := o[c.field].(type) {
	case nil:
		return false
	case bool:
		return test(strconv.FormatBool(v), c.value)
	case []any:
		return slices.ContainsFunc(v, func(entry any) bool { return test(str(entry), c.value) })
	default:
		return test(str(v), c.value)
	}
}

// zpaList answers a list request over rows that have already been shown: search, sort, page, envelope.
func zpaList(c *call, rows []object) (reply, error) {
	clauses, err := parseSearch(c.query["search"])
	if err != nil {
		return reply{}, err
	}
	rows = slices.DeleteFunc(rows, func(o object) bool {
		return slices.ContainsFunc(clauses, func(cl clause) bool { return !cl.matches(o) })
	})
	if by := c.query.Get("sortBy"); by != "" {
		slices.SortStableFunc(rows, func(a, b object) int {
			if strings.HasPrefix(strings.ToUpper(c.query.Get("sortOrder")), "DESC") {
				a, b = b, a
			}
			return compare(str(a[by]), str(b[by]))
		})
	}
	rows, pages, total, err := zpaPage(c, rows)
	return zpaEnvelope(rows, strconv.Itoa(pages), strconv.Itoa(total)), err
}

// zpaPage cuts rows by page (from 1) and pagesize.
func zpaPage(c *call, rows []object) (cut []object, pages, total int, err error) {
	page, size := 1, zpaPageSize
	if v := c.query.Get("page"); v != "" {
		if page, err = strconv.Atoi(v); err != nil || page < 1 {
			return nil, 0, 0, zpaInvalid("pagination.invalid.page", "page must be a positive integer", v)
		}
	}
	if v := c.query.Get("pagesize"); v != "" {
		if size, err = strconv.Atoi(v); err != nil || size < 1 || size > zpaMaxPageSize {
			return nil, 0, 0, zpaInvalid("pagination.invalid.pagesize", "pagesize must be between 1 and 500", v)
		}
	}
	total = len(rows)
	return window(rows, (page-1)*size, size), (total + size - 1) / size, total, nil
}

// zpaEnvelope leaves out the list when it is empty, as recorded. The totals are text on mgmtconfig
// and numbers on userconfig.
func zpaEnvelope(rows []object, pages, total any) reply {
	body := object{"totalPages": pages, "totalCount": total}
	if len(rows) > 0 {
		body["list"] = rows
	}
	return ok(body)
}
