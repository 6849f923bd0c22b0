package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// doctor asks the server that runs at the public URL, and the store, and prints what is wrong with the way there. It serves nothing itself. An error-level finding makes an
// error, so that scripts see it.
func (p *program) doctor(ctx context.Context, format string) error {
	if format != "text" && format != "json" {
		return fmt.Errorf("--format %q is not known: use text or json", format)
	}
	server, transport, end, err := p.build(ctx)
	if err != nil {
		return err
	}
	defer end()
	defer func() { _ = server.Close(context.WithoutCancel(ctx)) }() // nothing was served
	if transport == transportStdio {
		return errors.New("--doctor looks at a server over HTTP: add --transport streamable-http (ZSCALER_MCP_TRANSPORT)")
	}
	var storeErr error
	if p.shared != nil { // asked first: its clock is the one that the doctor compares
		if err := p.shared.Check(ctx); err != nil {
			storeErr = errors.New("ZSCALER_MCP_STORE_URL: " + err.Error())
		}
	}
	report, err := server.Doctor(ctx)
	if err != nil {
		return errors.Join(err, storeErr)
	}
	if format == "json" {
		encoder := json.NewEncoder(p.std.out)
		encoder.SetIndent("", "  ")
		err = encoder.Encode(report)
	} else {
		_, err = io.WriteString(p.std.out, report.String())
	}
	if errs := report.Count("error"); err == nil && errs > 0 {
		err = fmt.Errorf("the doctor has found what keeps clients from connecting (errors: %d)", errs)
	}
	return errors.Join(err, storeErr)
}
