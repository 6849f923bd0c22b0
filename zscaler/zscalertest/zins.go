package zscalertest

import (
	"slices"
	"time"
)

// zins is the state of Z-Insights: reports that are computed from seeded daily totals and the length of the window, so that the same question gets the same
// answer.
type zins struct {
	now     func() time.Time
	rows    map[string][]object
	domains map[string][]rootField
}

func newZINS(opts Options) *zins {
	z := &zins{now: opts.Clock, rows: seed("zins")}
	if opts.Empty {
		z.rows = map[string][]object{}
	}
	z.domains = z.schema()
	return z
}

func (z *zins) routes() []route { return []route{{"POST /zins/graphql", z.serve}} }

func (z *zins) serve(c *call) (reply, error) { return graphQLReply(z.execute(c)) }

// execute answers a query whose fields are domains that hold reports.
func (z *zins) execute(c *call) (any, error) {
	request, err := readGraphQL(c)
	if err != nil {
		return nil, err
	}
	data := object{}
	for _, domain := range request.fields {
		if domain.name == typeName {
			data[domain.alias] = queryType
			continue
		}
		reports, known := z.domains[domain.name]
		if !known {
			return nil, invalidQuery("Field '%s' in type 'Query' is undefined", domain.name)
		}
		if data[domain.alias], err = reportsOf(request, domain, reports); err != nil {
			return nil, err
		}
	}
	return object{"data": data}, nil
}

// reportsOf answers the reports that are asked of one domain.
func reportsOf(request *graphQLRequest, domain selection, reports []rootField) (object, error) {
	out := object{}
	for _, field := range domain.fields {
		report, err := validate(reports, field, request.types)
		if err != nil {
			return nil, err
		}
		if err := checkLimits(field.fields, request.types); err != nil {
			return nil, err
		}
		value, err := report.resolve(bind(field, request.values))
		if err != nil {
			return nil, err
		}
		out[field.alias] = project(limited(value, field.fields, request.values), field.fields)
	}
	return out, nil
}

// checkLimits wants limit to be the only argument below a report, and to stand at entries.
func checkLimits(fields []selection, types map[string]string) error {
	for _, f := range fields {
		for name, value := range f.args {
			if name != "limit" || f.name != "entries" {
				return invalidQuery("Unknown field argument '%s' of '%s'", name, f.name)
			}
			if err := checkArgument(name, "Int", value, types); err != nil {
				return err
			}
		}
		if err := checkLimits(f.fields, types); err != nil {
			return err
		}
	}
	return nil
}

// limited cuts the entries of a report, at every depth, to the limit asked for.
func limited(value any, fields []selection, values object) any {
	switch v := value.(type) {
	case []object:
		out := make([]object, len(v))
		for i, o := range v {
			out[i] = limited(o, fields, values).(object)
		}
		return out
	case object:
		out := without(v)
		for _, f := range fields {
			if rows, isRows := v[f.name].([]object); isRows {
				if n, isInt := number(bind(f, values)["limit"]); isInt {
					rows = window(rows, 0, max(n, 0))
				}
				out[f.name] = limited(rows, f.fields, values)
			} else if inner, isObject := v[f.name].(object); isObject {
				out[f.name] = limited(inner, f.fields, values)
			}
		}
		return out
	}
	return value
}

const (
	zinsDay  = 24 * time.Hour
	zinsTail = time.Minute // by which the clock of a client may be wrong
)

// days returns the length of the window that args name. Whether the service insists on 7 or 14 days was never recorded; here it does.
func (z *zins) days(args object, path ...any) (int, error) {
	from, _ := number(args["start_time"])
	to, _ := number(args["end_time"])
	start, end := time.UnixMilli(int64(from)), time.UnixMilli(int64(to))
	span := end.Sub(start)
	refuse := func(message string) (int, error) {
		return 0, &graphQLRefusal{message: message, class: "BAD_REQUEST", path: path}
	}
	switch {
	case span <= 0:
		return refuse("start_time must be before end_time")
	case z.now().Sub(end) < zinsDay-zinsTail:
		return refuse("end_time must be at least one day in the past")
	case (span - 7*zinsDay).Abs() <= zinsDay/2:
		return 7, nil
	case (span - 14*zinsDay).Abs() <= zinsDay/2:
		return 14, nil
	}
	return refuse("The interval must be 7 or 14 days")
}

// byTotal sorts entries, largest first.
func byTotal(entries []object) []object {
	slices.SortStableFunc(entries, func(a, b object) int { return b["total"].(int) - a["total"].(int) })
	return entries
}
