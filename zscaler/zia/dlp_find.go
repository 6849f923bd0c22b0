package zia

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
	"github.com/org/zscalermcp/zscaler"
)

type dictionarySearch struct {
	Action string `json:"action,omitempty" enum:"read,read_lite" default:"read" jsonschema:"read for whole dictionaries; read_lite for ids and names alone, of all of them."`
	DictID string `json:"dict_id,omitempty" jsonschema:"Id of the one dictionary to read; not used by read_lite."`
	Search string `json:"search,omitempty" jsonschema:"Text in the name of the dictionary; not used with dict_id."`
}

type engineSearch struct {
	Action   string `json:"action,omitempty" enum:"read,read_lite" default:"read" jsonschema:"read for whole engines; read_lite for ids and names alone, of all of them."`
	EngineID string `json:"engine_id,omitempty" jsonschema:"Id of the one engine to read; not used by read_lite."`
	Search   string `json:"search,omitempty" jsonschema:"Part of the name of the engine, in any case; not used with engine_id."`
}

const lite = "read_lite"

// dlpDictionaries has the service search the whole dictionaries. It cannot search the brief ones, so
// those are searched here.
func dlpDictionaries(ctx context.Context, in dictionarySearch) (any, error) {
	const path = "/zia/api/v1/dlpDictionaries"
	switch {
	case in.Action == lite:
		return searchRows(ctx, path+"/lite", in.Search, "name")
	case in.DictID != "":
		return oneRow(ctx, path, "dict_id", in.DictID)
	}
	req := &zscaler.Request{Method: http.MethodGet, Path: path}
	if in.Search != "" {
		req.Query = url.Values{"search": {in.Search}}
	}
	return rest.SendRows(ctx, req, "")
}

// dlpEngines searches by the names of custom and of predefined engines, which stand in two members.
func dlpEngines(ctx context.Context, in engineSearch) (any, error) {
	const path = "/zia/api/v1/dlpEngines"
	switch {
	case in.Action == lite:
		return searchRows(ctx, path+"/lite", in.Search, "name", "predefinedEngineName")
	case in.EngineID != "":
		return oneRow(ctx, path, "engine_id", in.EngineID)
	}
	return searchRows(ctx, path, in.Search, "name", "predefinedEngineName")
}

// searchRows lists what is at path and keeps the rows in which one of the members holds search.
func searchRows(ctx context.Context, path, search string, members ...string) (any, error) {
	rows, err := rest.SendRows(ctx, &zscaler.Request{Method: http.MethodGet, Path: path}, "")
	if err != nil {
		return nil, err
	}
	rows.Note = searchedOnly(ctx, rows.Note, len(rows.Rows), "search", search)
	rows.Rows, err = namedLike(rows.Rows, search, members)
	return rows, err
}

// oneRow reads one object below path, as a list of it.
func oneRow(ctx context.Context, path, argument, id string) (any, error) {
	path, err := rest.Path(path+"/{"+argument+"}", map[string]string{argument: id})
	if err != nil {
		return nil, err
	}
	record, err := rest.Send(ctx, &zscaler.Request{Method: http.MethodGet, Path: path})
	if err != nil {
		return nil, err
	}
	if record == nil {
		return nil, fmt.Errorf("nothing found: the service answered without a record for %s %s", argument, id)
	}
	return tool.Rows{Rows: []json.RawMessage{record}}, nil
}
