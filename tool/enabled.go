package tool

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/store"
)

// enabledFor is how long a toolset stays listed for the caller who has enabled it.
const enabledTime = 12 * time.Hour

// The store keeps one entry for each caller and toolset, so that replicas list the same.
const enabledPrefix = "toolset/"

func enabledIndex(p *auth.Principal) string { return enabledPrefix + p.Key() }

// enabledFor returns the toolsets that p has enabled. A store that does not answer costs p a longer list, not its tools.
func (e *engine) enabledFor(ctx context.Context, p *auth.Principal) map[string]bool {
	if len(e.selected.later) == 0 || e.rt.Store == nil {
		return nil
	}
	index := enabledIndex(p)
	keys, err := e.rt.Store.List(ctx, index)
	if err != nil {
		e.rt.Logger.LogAttrs(ctx, slog.LevelWarn, "enabled toolsets cannot be read, and are not listed", slog.Any("error", err))
	}
	enabled := make(map[string]bool, len(keys))
	for _, key := range keys {
		enabled[strings.TrimPrefix(key, index+"/")] = true
	}
	return enabled
}

// enable has the tools of a toolset listed for p, and tells p's sessions.
func (e *engine) enable(ctx context.Context, p *auth.Principal, toolset string) error {
	if e.rt.Store == nil {
		return errors.New("this server cannot keep which toolsets are enabled; call the tools by name, without having them listed")
	}
	index := enabledIndex(p)
	err := e.rt.Store.Create(ctx, index+"/"+toolset, []byte{1}, enabledTime, index)
	if err != nil && !errors.Is(err, store.ErrExists) {
		return fmt.Errorf("the toolset was not enabled, since the store does not answer; its tools can be called by name all the same: %w", err)
	}
	e.viewers.announce(p)
	return nil
}
