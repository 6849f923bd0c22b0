package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/org/zscalermcp/tool"
)

// A ledger counts the calls that run, and writes each one that begins, so that the driver knows after the end of the process what had been accepted.
type ledger struct {
	running atomic.Int64
	mu      sync.Mutex
	out     io.Writer
}

func newLedger(out io.Writer) *ledger { return &ledger{out: out} }

// begin counts a call until end.
func (l *ledger) begin(id string) (end func()) {
	l.running.Add(1)
	if id != "" {
		l.mu.Lock()
		defer l.mu.Unlock()
		_, _ = fmt.Fprintln(l.out, "begun", id) // without a reader there is nobody to tell
	}
	return func() { l.running.Add(-1) }
}

type (
	work struct {
		ID           string `json:"id" jsonschema:"Comes back in the answer." pattern:"^[a-z0-9-]*$"`
		Milliseconds int    `json:"milliseconds" jsonschema:"How long it takes." min:"0" max:"600000"`
	}
	hang struct {
		Milliseconds int `json:"milliseconds" jsonschema:"How long it ignores that it should end." min:"0" max:"600000"`
	}
	flood struct {
		Mebibytes int `json:"mebibytes" jsonschema:"The size of the answer." min:"0" max:"64"`
	}
	nothing struct{}
)

// tools are the work of a good tool, and what bad ones do.
func (l *ledger) tools() tool.Set {
	return tool.Set{
		Name: "fault_tools", Doc: "Tools that do what tools must not do.",
		Tools: []tool.Tool{
			tool.Func(tool.Read, "fault_work", "Wait, and say so; ends when it should.", l.work),
			tool.Func(tool.Read, "fault_idle", "Do nothing, and ask nobody.", idle),
			tool.Func(tool.Read, "fault_panic", "Panic at once.", l.panics),
			tool.Func(tool.Read, "fault_hang", "Never answer, until the call is ended.", l.hang),
			tool.Func(tool.Read, "fault_deaf", "Sleep, whether the call has ended or not.", l.deaf),
			tool.Func(tool.Read, "fault_flood", "Answer one record of so many MiB.", l.flood),
			tool.Func(tool.Read, "fault_rows", "Answer rows of 1 KiB, so many MiB of them.", l.rows, tool.List),
		},
	}
}

func (l *ledger) work(ctx context.Context, in work) (any, error) {
	defer l.begin(in.ID)()
	select {
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case <-time.After(time.Duration(in.Milliseconds) * time.Millisecond):
		return map[string]string{"id": in.ID}, nil
	}
}

func idle(context.Context, nothing) (any, error) { return map[string]bool{"idle": true}, nil }

func (l *ledger) panics(context.Context, nothing) (any, error) {
	defer l.begin("")()
	panic("a fault of this tool, on purpose")
}

func (l *ledger) hang(ctx context.Context, _ nothing) (any, error) {
	defer l.begin("")()
	<-ctx.Done()
	return nil, context.Cause(ctx)
}

func (l *ledger) deaf(_ context.Context, in hang) (any, error) {
	defer l.begin("")()
	time.Sleep(time.Duration(in.Milliseconds) * time.Millisecond)
	return map[string]bool{"slept": true}, nil
}

func (l *ledger) flood(_ context.Context, in flood) (any, error) {
	defer l.begin("")()
	return json.RawMessage(`{"text":"` + strings.Repeat("x", in.Mebibytes<<20) + `"}`), nil
}

func (l *ledger) rows(_ context.Context, in flood) (any, error) {
	defer l.begin("")()
	rows := make([]json.RawMessage, in.Mebibytes<<10)
	for i := range rows {
		rows[i] = json.RawMessage(fmt.Sprintf(`{"row":%d,"text":%q}`, i, strings.Repeat("x", 1000)))
	}
	return tool.Rows{Rows: rows}, nil
}
