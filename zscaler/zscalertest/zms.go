package zscalertest

const (
	zmsPageSize    = 20
	zmsMaxPageSize = 100
)

// zms is the state of Zscaler Microsegmentation: a GraphQL schema over seeded rows.
type zms struct {
	rows   map[string][]object
	schema []rootField
}

func newZMS(opts Options) *zms {
	z := &zms{rows: seed("zms")}
	if opts.Empty {
		z.rows = map[string][]object{}
	}
	z.schema = z.fields()
	return z
}

func (z *zms) routes() []route { return []route{{"POST /zms/graphql", z.serve}} }

func (z *zms) serve(c *call) (reply, error) {
	return graphQLReply(execute(z.schema, c))
}

// define makes a root field that belongs to the customer, see defineField.
func (z *zms) define(name, args, shape string, resolve func(object) (any, error)) rootField {
	field := defineField(name, args, shape, nil)
	if field.args["customerId"] == "" {
		field.args["customerId"] = "ID!"
	}
	field.resolve = func(args object) (any, error) {
		if str(args["customerId"]) != customerID {
			return nil, &graphQLRefusal{message: "Access denied", class: "FORBIDDEN", path: []any{name}}
		}
		return resolve(args)
	}
	return field
}

// find resolves to the row with this eyezId.
func (z *zms) find(root string, args object) (object, error) {
	for _, row := range z.rows[root] {
		if row["eyezId"] == args["eyezId"] {
			return row, nil
		}
	}
	return nil, &graphQLRefusal{message: "No object with this eyezId", class: "BAD_REQUEST", path: []any{root}}
}

// byPage resolves a list that pages with page and pageSize, searches and sorts by field name.
func (z *zms) byPage(root string) func(object) (any, error) {
	return func(args object) (any, error) {
		rows := z.search(root, args)
		if by := str(args["sort"]); by != "" {
			if len(rows) > 0 && rows[0][by] == nil {
				return nil, &graphQLRefusal{message: "Cannot sort by " + by, class: "BAD_REQUEST", path: []any{root}}
			}
			sortRows(rows, by, str(args["sortDir"]))
		}
		empty := 0 // as recorded: these families report no page size for an empty list
		return connection(rows, args, "page", empty), nil
	}
}

// search returns the rows with a name or description that holds the search text.
func (z *zms) search(root string, args object) []object {
	part := str(args["search"])
	return keep(z.rows[root], func(o object) bool {
		return contains(str(o["name"]), part) || contains(str(o["description"]), part)
	})
}

// byPageNum resolves a list that pages with pageNum and pageSize, filters and orders by input objects.
func (z *zms) byPageNum(root, filterType string, also func(row, args object) bool) func(object) (any, error) {
	return func(args object) (any, error) {
		rows := keep(z.rows[root], func(o object) bool {
			return accepts(o, args["filter"], filterType) && (also == nil || also(o, args))
		})
		order, _ := args["orderBy"].(object)
		for by, direction := range order {
			sortRows(rows, by, str(direction))
		}
		if args["fetchAll"] == true {
			return object{"nodes": rows, "pageInfo": object{"pageNumber": 1, "pageSize": len(rows), "totalCount": len(rows), "totalPages": 1}}, nil
		}
		return connection(rows, args, "pageNum", zmsPageSize), nil
	}
}

func keep(rows []object, accept func(object) bool) []object {
	out := []object{}
	for _, o := range rows {
		if accept(o) {
			out = append(out, o)
		}
	}
	return out
}

// connection cuts rows by the paging arguments.
func connection(rows []object, args object, pageArg string, sizeWhenEmpty int) object {
	page, size := 1, zmsPageSize
	if n, isInt := number(args[pageArg]); isInt && n > 0 {
		page = n
	}
	if n, isInt := number(args["pageSize"]); isInt && n > 0 {
		size = min(n, zmsMaxPageSize)
	}
	info := object{"pageNumber": page, "pageSize": size, "totalCount": len(rows), "totalPages": (len(rows) + size - 1) / size}
	if len(rows) == 0 {
		info["pageSize"] = sizeWhenEmpty
	}
	return object{"nodes": window(rows, (page-1)*size, size), "pageInfo": info}
}
