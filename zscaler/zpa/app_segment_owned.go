package zpa

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/org/zscalermcp/tool/rest"
)

// appKinds are all kinds of application that commonAppsDto can hold. Never modified.
var appKinds = []appKind{browserAccess, remoteAccess, {"INSPECT", "inspectAppId", "deletedInspectApps"}}

// ownApps refuses a change of a segment that names applications of another one, to change or delete them: whoever may change this
// segment is not asked about that one. It belongs behind clientlessApps.
func ownApps(ctx context.Context, p *rest.Plan) error {
	if err := ownClientlessApps(p); err != nil {
		return err
	}
	var dto object
	if !sent(p, "commonAppsDto") || json.Unmarshal(p.Body["commonAppsDto"], &dto) != nil {
		return nil // what is no object is refused elsewhere
	}
	segment := p.Args.Text("segment_id")
	var entries []object
	_ = json.Unmarshal(dto["appsConfig"], &entries)
	if err := ofSegment(segment, entries); err != nil {
		return err
	}
	for _, k := range appKinds {
		ids := k.named(dto, entries)
		if len(ids) == 0 {
			continue
		}
		existing, err := k.existing(ctx, segment, p.Query)
		if err != nil {
			return err
		}
		if err := among(existing, ids); err != nil {
			return err
		}
	}
	return nil
}

// ownClientlessApps does the same for the applications that the segment itself lists.
func ownClientlessApps(p *rest.Plan) error {
	if !sent(p, "clientlessApps") && !inAdvanced(p, "clientlessAppIds") {
		return nil
	}
	var entries []object
	_ = json.Unmarshal(p.Body["clientlessApps"], &entries) // clientlessApps has refused what is no list
	if err := ofSegment(p.Args.Text("segment_id"), entries); err != nil {
		return err
	}
	var existing []application
	_ = json.Unmarshal(p.Current["clientlessApps"], &existing)
	var ids []string
	for _, entry := range entries {
		ids = appendID(ids, entry["id"])
	}
	return among(existing, ids)
}

// named returns the ids of applications of kind k that the caller gave.
func (k appKind) named(dto object, entries []object) (ids []string) {
	for _, entry := range entries {
		ids = appendID(ids, entry[k.id])
	}
	for _, id := range list(dto[k.deleted]) {
		ids = appendID(ids, id)
	}
	return ids
}

// appendID appends the id that raw is, if it is one: as text, or the digits of a number.
func appendID(ids []string, raw json.RawMessage) []string {
	id := text(raw)
	if id == "" && !isNull(raw) && string(raw) != `""` {
		id = string(raw)
	}
	if id == "" {
		return ids
	}
	return append(ids, id)
}

// ofSegment refuses entries that say that they are of another segment.
func ofSegment(segment string, entries []object) error {
	for _, entry := range entries {
		for _, id := range appendID(nil, entry["appId"]) {
			if id != segment {
				return fmt.Errorf("app_id %s is another segment than segment_id %s, which this call changes: leave it out", id, segment)
			}
		}
	}
	return nil
}

// among refuses ids that none of the segment's applications has.
func among(existing []application, ids []string) error {
	for _, id := range ids {
		if !slices.ContainsFunc(existing, func(a application) bool { return a.ID == id }) {
			return fmt.Errorf("this segment has no application with the id %s: leave the ids out, applications are found by their domains", id)
		}
	}
	return nil
}
