package zscalertest

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"sync"
)

//go:embed seed/*.json
var seedFiles embed.FS

// seeds are the embedded files that have been read, by name. Tenants change their objects, so each gets a copy.
var seeds sync.Map

// seed returns the named lists of an embedded file, for the caller to change.
func seed(name string) map[string][]object {
	read, ok := seeds.Load(name)
	if !ok {
		read, _ = seeds.LoadOrStore(name, readSeed(name))
	}
	data := map[string][]object{}
	for list, rows := range read.(map[string][]object) {
		data[list] = make([]object, len(rows))
		for i, row := range rows {
			data[list][i] = copied(row).(object)
		}
	}
	return data
}

// readSeed reads an embedded file of named lists. The files are part of the package, so an error here is
// a defect of the package and panics at the first NewTenant.
func readSeed(name string) map[string][]object {
	raw, err := seedFiles.ReadFile("seed/" + name + ".json")
	if err != nil {
		panic(fmt.Sprintf("zscalertest: %v", err))
	}
	var data map[string][]object
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if err := dec.Decode(&data); err != nil {
		panic(fmt.Sprintf("zscalertest: seed %s: %v", name, err))
	}
	return data
}

// copied returns a JSON value that shares no object and no array with v.
func copied(v any) any {
	switch v := v.(type) {
	case object:
		out := make(object, len(v))
		for name, value := range v {
			out[name] = copied(value)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, value := range v {
			out[i] = copied(value)
		}
		return out
	}
	return v
}

// tableOf makes a table of seeded rows. An empty tenant keeps only those that builtin accepts.
func tableOf(rows []object, key string, empty bool, builtin func(object) bool) *table {
	t := newTable()
	for _, o := range rows {
		if !empty || (builtin != nil && builtin(o)) {
			t.put(str(o[key]), o)
		}
	}
	return t
}
