package zscalertest

import (
	"fmt"
	"net/http"
	"strconv"
)

func zpaRefusal(status int, id, reason string, params ...any) error {
	body := object{"id": id, "reason": reason}
	if len(params) > 0 {
		body["params"] = params
	}
	return &refusal{reply{status: status, body: body}}
}

func zpaInvalid(id, reason string, params ...any) error {
	return zpaRefusal(http.StatusBadRequest, id, reason, params...)
}

func zpaMissing(id string) error {
	return zpaRefusal(http.StatusNotFound, "resource.not.found", "Resource not found", id)
}

func (z *zpa) newID() string {
	z.lastID++
	return strconv.FormatInt(z.lastID, 10)
}

// newShortID makes an id of conditions, operands and applications inside a segment.
func (z *zpa) newShortID() string {
	z.lastShort++
	return strconv.Itoa(z.lastShort)
}

// epoch is a time as ZPA writes it: seconds in a string.
func (z *zpa) epoch() string { return strconv.FormatInt(z.now().Unix(), 10) }

// stamp writes the fields that tell of creation and the last change.
func (z *zpa) stamp(o, before object) {
	o["creationTime"] = z.epoch()
	if before != nil {
		o["creationTime"] = before["creationTime"]
	}
	o["modifiedTime"] = z.epoch()
	o["modifiedBy"] = zpaAdminID
}

// resolve replaces references by {id, name} of existing objects.
func (z *zpa) resolve(o object, field, kind string) error {
	refs, isList := o[field].([]any)
	if o[field] != nil && !isList {
		return zpaInvalid("invalid.request", "A list of references is expected", field)
	}
	var out []any
	for _, ref := range refs {
		target, found := z.directory[kind].get(refID(ref))
		if !found {
			return zpaInvalid("resource.not.found", fmt.Sprintf("%s refers to an object that does not exist", field), refID(ref))
		}
		out = append(out, pick(target, "id", "name", "enabled", "networkId"))
	}
	delete(o, field)
	if len(out) > 0 {
		o[field] = out
	}
	return nil
}
