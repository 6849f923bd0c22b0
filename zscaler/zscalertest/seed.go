package zscalertest

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
)

//go:embed seed/*.json
var seedFiles embed.FS

// seed reads an embedded file of named lists. The files are part of the package, so an error here is
// a defect of the package and panics at the first NewTenant.
func seed(name string) map[string][]object {
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
