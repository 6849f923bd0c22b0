package rest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/org/zscalermcp/zscaler"
)

const microtenant = "microtenantId"

// readFirst reads the object that an update changes and lays the planned members over it. Nothing is
// written when the read fails: a PUT of the sent members alone would clear all others.
func (c *call) readFirst(ctx context.Context) error {
	if err := c.needsChange(); err != nil {
		return err
	}
	if err := c.findRead(); err != nil {
		return err
	}
	c.followMicrotenant()
	c.scope = maps.Clone(c.Query)
	current, err := c.read(ctx)
	if err != nil {
		return stepError{"nothing was changed, because the current object could not be read", err}
	}
	c.Current = current
	return c.fillBody(writable(c.service, c.Path, current))
}

// findRead works out where the object is read from.
func (c *call) findRead() (err error) {
	c.readPath = c.Path
	if c.readFrom != "" {
		c.readPath, err = c.expand(c.readFrom)
	}
	return err
}

// read gets the object that is being updated or deleted.
func (c *call) read(ctx context.Context) (map[string]json.RawMessage, error) {
	resp, err := c.doer.Do(ctx, &zscaler.Request{Method: "GET", Path: c.readPath, Query: maps.Clone(c.scope)})
	if err != nil {
		return nil, err
	}
	object, err := decodeObject(resp.Body)
	if err != nil {
		return nil, fmt.Errorf("GET %s did not answer an object: %w", c.readPath, err)
	}
	return object, nil
}

// needsChange refuses an update that would write back what it reads.
func (c *call) needsChange() error {
	for _, w := range c.writes {
		if !w.weak && !w.fixed {
			return nil
		}
	}
	var names []string
	for i := range c.args {
		if !c.args[i].changes(len(c.prepare) > 0) {
			continue
		}
		if len(c.prepare) > 0 && c.given(&c.args[i]) {
			return nil // the preparation makes something of it
		}
		names = append(names, c.args[i].name)
	}
	return errors.New("nothing to change: send at least one of " + strings.Join(names, ", "))
}

// changes reports whether the argument can change the object: it goes into the body, or it is for the
// preparation, if there is one.
func (a *argument) changes(prepared bool) bool {
	return slices.ContainsFunc(a.places, func(p place) bool { return p.kind == inBody }) || prepared && len(a.places) == 0
}

// given reports whether the caller gave the argument a value that counts.
func (c *call) given(a *argument) bool {
	value, ok := c.Args.Raw(a.name)
	return ok && !absent(value) && !(a.skipEmpty && isEmpty(value)) && givenBy(a, value) != ""
}

// followMicrotenant puts the microtenant that the object lives in into the query, whichever way it is
// known, so that both reads and the write mean the same object.
func (c *call) followMicrotenant() {
	if c.service != zscaler.ZPA || c.Query.Has(microtenant) {
		return
	}
	id, err := c.doer.Setting(zscaler.MicrotenantID)
	if err != nil {
		id = "" // a Doer without the setting has no microtenants
	}
	for _, w := range c.writes {
		if len(w.names) != 1 || w.names[0] != microtenant {
			continue
		}
		if named, _ := plainText(w.value); named != "" {
			id = named
		}
	}
	if id == "" {
		return
	}
	if c.Query == nil {
		c.Query = url.Values{}
	}
	c.Query.Set(microtenant, id)
}

// readBack reads the object after an update that answered without it. The update has been done, so
// that a failure is told in the result and is no error.
func (c *call) readBack(ctx context.Context) json.RawMessage {
	resp, err := c.doer.Do(ctx, &zscaler.Request{Method: "GET", Path: c.readPath, Query: c.scope})
	if err != nil {
		return done("Updated, but reading the object back failed: " + publicText(err))
	}
	if absent(resp.Body) {
		return done("Updated; the service does not return the object.")
	}
	return resp.Body
}

// Overlay returns a copy of current in which each member of changes replaces the one of that name.
// It is for [tool.Func] tools that read, change and write an object themselves.
func Overlay(current, changes map[string]json.RawMessage) map[string]json.RawMessage {
	merged := make(map[string]json.RawMessage, len(current)+len(changes))
	maps.Copy(merged, current)
	maps.Copy(merged, changes)
	return merged
}
