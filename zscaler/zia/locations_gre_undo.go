package zia

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
	"github.com/org/zscalermcp/zscaler"
)

// undoTime bounds the removal of what a failed call left behind, which goes on when the caller is gone.
const undoTime = 30 * time.Second

// abandonTunnel removes the static IP again if this call registered it, and says in the error what that
// came to.
func abandonTunnel(ctx context.Context, source staticIP, cause error) error {
	if !source.made {
		return rest.Step("no GRE tunnel was made", cause)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoTime)
	defer cancel()
	path, err := staticIPByID(source.ID.String())
	if err == nil {
		_, err = rest.Send(ctx, &zscaler.Request{Method: http.MethodDelete, Path: path})
	}
	if err != nil {
		return rest.Step("no GRE tunnel was made, and removing its new static IP failed too"+source.leftBehind(), cause)
	}
	return rest.Step("no GRE tunnel was made, and its new static IP was removed again", cause)
}

// leftBehind names the static IP that this call registered, "" if there was one before.
func (s staticIP) leftBehind() string {
	if !s.made {
		return ""
	}
	return fmt.Sprintf("; the static IP %s (id %s) stays: zia_delete_static_ip removes it", s.IPAddress, s.ID)
}

func staticIPByID(id string) (string, error) {
	return rest.Path(staticIPPath+"/{static_ip_id}", map[string]string{"static_ip_id": id})
}

func tunnelByID(id string) (string, error) {
	return rest.Path(grePath+"/{tunnel_id}", map[string]string{"tunnel_id": id})
}

// deleteGRETunnel deletes the tunnel, and then the static IP, which ZIA keeps while the tunnel is there.
func deleteGRETunnel(ctx context.Context, args tool.Args) (any, error) {
	tunnelID, staticID := args.Text("tunnel_id"), args.Text("static_ip_id")
	tunnel, err := tunnelByID(tunnelID)
	if err != nil {
		return nil, err
	}
	address, err := staticIPByID(staticID)
	if err != nil {
		return nil, err
	}
	if _, err := rest.Send(ctx, &zscaler.Request{Method: http.MethodDelete, Path: tunnel}); err != nil {
		return nil, rest.Step("the static IP was not touched, because the GRE tunnel could not be deleted", err)
	}
	if _, err := rest.Send(ctx, &zscaler.Request{Method: http.MethodDelete, Path: address}); err != nil {
		return nil, rest.Step(fmt.Sprintf("the GRE tunnel %s was deleted, but its static IP %s was not: zia_delete_static_ip tries again", tunnelID, staticID), err)
	}
	return map[string]any{"success": true, "message": fmt.Sprintf("Deleted GRE tunnel %s and static IP %s.", tunnelID, staticID)}, nil
}

// doomedTunnel reads both objects that are about to be deleted, and names them by their addresses: that
// they differ is for the human to see.
func doomedTunnel(ctx context.Context, args tool.Args) (map[string]json.RawMessage, error) {
	tunnel, err := tunnelByID(args.Text("tunnel_id"))
	if err != nil {
		return nil, err
	}
	address, err := staticIPByID(args.Text("static_ip_id"))
	if err != nil {
		return nil, err
	}
	var doomed struct {
		SourceIP  string `json:"sourceIp"`
		IPAddress string `json:"ipAddress"`
	}
	for _, path := range []string{tunnel, address} {
		raw, err := rest.Send(ctx, &zscaler.Request{Method: http.MethodGet, Path: path})
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(raw, &doomed); err != nil {
			return nil, fmt.Errorf("zia: gre tunnel: %w", err)
		}
	}
	name := doomed.SourceIP
	if doomed.IPAddress != name {
		name += " and " + doomed.IPAddress
	}
	return map[string]json.RawMessage{"name": json.RawMessage(strconv.Quote(name))}, nil
}

// mayBeDone reports whether a write that failed may have reached the tenant all the same.
func mayBeDone(err error) bool {
	var failure *zscaler.APIError
	return !errors.As(err, &failure) || failure.Kind() == zscaler.KindUnavailable || failure.Kind() == zscaler.KindBadAnswer
}
