package zpa

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/org/zscalermcp/tool/rest"
	"github.com/org/zscalermcp/zscaler"
)

// An appKind is a kind of application inside an application segment.
type appKind struct {
	name    string // of the type
	id      string // member of an appsConfig entry that holds the application's id
	deleted string // member of commonAppsDto that lists ids to remove
}

var (
	browserAccess = appKind{"BROWSER_ACCESS", "baAppId", "deletedBaApps"}
	remoteAccess  = appKind{"SECURE_REMOTE_ACCESS", "praAppId", "deletedPraApps"}
)

// An application is a row of getAppsByType or of clientlessApps.
type application struct {
	ID     string          `json:"id"`
	AppID  string          `json:"appId"` // of the segment
	Domain string          `json:"domain"`
	Port   json.RawMessage `json:"applicationPort"`
	taken  bool
}

// prepare completes the commonAppsDto that the caller sent: the type of each application and, on
// update, the ids of those that exist, and the ids of those that are to go.
func (k appKind) prepare(ctx context.Context, p *rest.Plan) error {
	if !sent(p, "commonAppsDto") {
		return nil
	}
	var dto object
	if json.Unmarshal(p.Body["commonAppsDto"], &dto) != nil || dto == nil {
		return errors.New("common_apps_dto must be an object with apps_config")
	}
	entries, err := k.entries(dto["appsConfig"])
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		return nil
	}
	if p.Current != nil {
		if err := k.match(ctx, p, dto, entries); err != nil {
			return err
		}
	}
	dto["appsConfig"] = encode(entries)
	p.Body["commonAppsDto"] = encode(dto)
	return nil
}

// entries decodes apps_config and gives each application without a type that of k.
func (k appKind) entries(raw json.RawMessage) ([]object, error) {
	if isNull(raw) {
		return nil, nil
	}
	var entries []object
	if json.Unmarshal(raw, &entries) != nil || slices.ContainsFunc(entries, func(e object) bool { return e == nil }) {
		return nil, errors.New("apps_config must be a list of objects")
	}
	for _, entry := range entries {
		if len(list(entry["appTypes"])) == 0 {
			entry["appTypes"] = encode([]string{k.name})
		}
	}
	return entries, nil
}

// match gives the entries the ids of the segment's applications with the same domain, and lists the
// applications whose domain no entry has as deleted.
func (k appKind) match(ctx context.Context, p *rest.Plan, dto object, entries []object) error {
	segment := p.Args.Text("segment_id")
	existing, err := k.existing(ctx, segment, p.Query)
	if err != nil {
		return err
	}
	domains := map[string]bool{}
	for _, entry := range entries {
		if !slices.ContainsFunc(list(entry["appTypes"]), func(t json.RawMessage) bool { return text(t) == k.name }) {
			continue
		}
		domains[strings.ToLower(text(entry["domain"]))] = true
		entry["appId"] = encode(segment)
		if text(entry[k.id]) == "" {
			entry[k.id] = encode(find(existing, entry).ID)
		}
	}
	deleted := list(dto[k.deleted])
	for _, app := range existing {
		if !domains[strings.ToLower(app.Domain)] {
			deleted = append(deleted, encode(app.ID))
		}
	}
	if len(deleted) > 0 {
		dto[k.deleted] = encode(deleted)
	}
	return nil
}

// find takes the application that entry means out of apps: equal domain, and equal port where several
// share the domain. The zero application stands for none.
func find(apps []application, entry object) application {
	best := -1
	for i, app := range apps {
		if app.taken || app.Domain == "" || !strings.EqualFold(app.Domain, text(entry["domain"])) {
			continue
		}
		samePort := strings.Trim(string(app.Port), `"`) == strings.Trim(string(entry["applicationPort"]), `"`)
		if best < 0 || samePort {
			best = i
		}
		if samePort {
			break
		}
	}
	if best < 0 {
		return application{}
	}
	apps[best].taken = true
	return apps[best]
}

// maxAppPages bounds the walk through a tenant's applications: 500 a page.
const maxAppPages = 40

// existing returns the applications of kind k in the segment, from every page.
func (k appKind) existing(ctx context.Context, segment string, scope url.Values) ([]application, error) {
	query := url.Values{"applicationType": {k.name}, "expandAll": {"false"}, "page": {"1"}, "pagesize": {"500"}}
	if id := scope.Get("microtenantId"); id != "" {
		query.Set("microtenantId", id)
	}
	var apps []application
	for range maxAppPages {
		body, err := rest.Send(ctx, &zscaler.Request{Method: "GET", Path: appsByTypePath, Query: query})
		if err != nil {
			return nil, err
		}
		rows, page, err := zscaler.Rows(zscaler.ZPA, body, "")
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			var app application
			if json.Unmarshal(row, &app) == nil && app.AppID == segment {
				apps = append(apps, app)
			}
		}
		next, more := zscaler.ZPA.Next(query, len(rows), page)
		if !more {
			return apps, nil
		}
		query = next
	}
	return nil, errors.New("nothing was changed: the tenant has more applications than can be matched by domain; set the ids in apps_config and update in the ZPA portal")
}

// clientlessApps puts browser-access applications under the name that the API knows and, on update,
// gives those that exist (by domain) their id, so that they are changed and not added a second time.
func clientlessApps(_ context.Context, p *rest.Plan) error {
	if raw, ok := p.Body["clientlessAppIds"]; ok {
		if p.Args.Has("clientless_app_ids") {
			return errors.New("clientless_app_ids is given twice, as an argument and in advanced: give one of them")
		}
		p.Body["clientlessApps"] = raw
		delete(p.Body, "clientlessAppIds")
	} else if !sent(p, "clientlessApps") {
		return nil
	}
	var entries []object
	if json.Unmarshal(p.Body["clientlessApps"], &entries) != nil {
		return errors.New("clientless_app_ids must be a list of objects such as {\"name\", \"domain\", \"application_protocol\", \"application_port\"}")
	}
	var existing []application
	_ = json.Unmarshal(p.Current["clientlessApps"], &existing)
	for _, entry := range entries {
		if app := find(existing, entry); app.ID != "" && text(entry["id"]) == "" {
			entry["id"] = encode(app.ID)
			entry["appId"] = encode(p.Args.Text("segment_id"))
		}
	}
	p.Body["clientlessApps"] = encode(entries)
	return nil
}
