package tool

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/store"
)

const (
	enabledTime = 12 * time.Hour  // how long a toolset stays listed for the caller who has enabled it
	storeTime   = 2 * time.Second // how long a list, or a call of the agent's tools, waits for the store
)

// The store keeps one entry for each caller and toolset, so that replicas list the same.
const enabledPrefix = "toolset/"

func enabledIndex(p *auth.Principal) string { return enabledPrefix + p.Key() }

// enabledFor returns the toolsets that p has enabled. A store that does not answer costs p a longer list, not its tools.
func (e *engine) enabledFor(ctx context.Context, p *auth.Principal) map[string]bool {
	if len(e.selected.later) == 0 || e.rt.Store == nil {
		return nil
	}
	asking, cancel := context.WithTimeout(ctx, storeTime)
	defer cancel()
	index := enabledIndex(p)
	keys, err := e.rt.Store.List(asking, index)
	if err != nil {
		e.rt.Logger.LogAttrs(ctx, slog.LevelWarn, "enabled toolsets cannot be read, and are not listed", slog.Any("error", err))
	}
	enabled := make(map[string]bool, len(keys))
	for _, key := range keys {
		enabled[strings.TrimPrefix(key, index+"/")] = true
	}
	return enabled
}

// enable has the tools of a toolset listed for p from now on, and tells p's sessions if they were not.
func (e *engine) enable(ctx context.Context, p *auth.Principal, toolset string) error {
	if e.rt.Store == nil {
		return errors.New("this server cannot keep which toolsets are enabled; call the tools by name, without having them listed")
	}
	ctx, cancel := context.WithTimeout(ctx, storeTime)
	defer cancel()
	index := enabledIndex(p)
	key := index + "/" + toolset
	err := e.rt.Store.Create(ctx, key, []byte{1}, enabledTime, index)
	known := errors.Is(err, store.ErrExists)
	if known {
		err = e.rt.Store.Swap(ctx, key, []byte{1}, []byte{1}, enabledTime)
	}
	if err != nil {
		const text = "The toolset was not enabled, since the server's store does not answer. Call its tools by name all the same, without having them listed, or try again later."
		return &refusal{text: text, outcome: outcomeError, cause: err}
	}
	if !known {
		e.viewers.announce(p)
	}
	return nil
}
