package rest

// ReadOne turns the plan of a [List] into a read of one object, for tools that do both: the path becomes
// pattern with its wildcards replaced by values, as by [Path], and the query is dropped. The object that
// is answered becomes the only row. It is for [Prepare]; its error is that of Path.
func (p *Plan) ReadOne(pattern string, values map[string]string) error {
	path, err := expandPath(pattern, func(name string) (string, bool) {
		value, ok := values[name]
		return value, ok
	})
	if err != nil {
		return err
	}
	p.Path, p.Query, p.one = path, nil, true
	return nil
}

// ReadsOne reports whether [Plan.ReadOne] has made the plan the read of one object.
func (p *Plan) ReadsOne() bool { return p.one }
