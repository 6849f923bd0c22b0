// Customtool adds tools of the service's own beside the catalogue: one that sees who calls it, and one that is a
// declared request to OneAPI.
//
//	export ZSCALER_VANITY_DOMAIN=… ZSCALER_CLIENT_ID=… ZSCALER_CLIENT_SECRET=… ZSCALER_MCP_AUTH_API_KEY=…
//	go run ./examples/customtool
package main

import (
	"context"
	"fmt"
	"log"
	"log/slog"
	"os"
	"os/signal"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/tool"
)

// tickets is a toolset of the service's own, in the same form as those of the catalogue.
var tickets = tool.Set{
	Name: "acme_tickets", Doc: "Change tickets of Acme's help desk.",
	Tools: []tool.Tool{
		tool.Func(tool.Read, "acme_get_ticket", "Look up a change ticket by its number before you change a rule that names it.", getTicket),
	},
}

type ticketNumber struct {
	Number int `json:"number" jsonschema:"Ticket number, the digits behind CHG." min:"1"`
}

type ticket struct {
	Number int    `json:"number"`
	Title  string `json:"title"`
	SeenBy string `json:"seen_by"`
}

func getTicket(ctx context.Context, in ticketNumber) (any, error) {
	caller, ok := auth.PrincipalFromContext(ctx)
	if !ok {
		return nil, fmt.Errorf("acme_get_ticket needs a caller")
	}
	return ticket{Number: in.Number, Title: "Allow the finance app", SeenBy: caller.Subject}, nil
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	srv, err := newServer(zscalermcp.WithLogger(slog.Default()))
	if err != nil {
		log.Fatal(err)
	}
	if err := srv.Run(ctx); err != nil {
		log.Fatal(err)
	}
}

func newServer(opts ...zscalermcp.Option) (*zscalermcp.Server, error) {
	return zscalermcp.New(append(opts, zscalermcp.WithTools(tickets, labels))...)
}
