package zia

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/org/zscalermcp/tool/rest"
	"github.com/org/zscalermcp/zscaler"
)

// staticIP is what has to be known of a registered address.
type staticIP struct {
	ID        json.Number `json:"id"`
	IPAddress string      `json:"ipAddress"`
	made      bool        // by this call
}

// vip is one of the addresses of Zscaler that a tunnel can end at.
type vip struct {
	ID   json.Number `json:"id"`
	City string      `json:"city"`
}

// createGRETunnel registers the source address if it is not yet, and makes the tunnel. What it
// registered does not stay behind when the tunnel cannot be made.
func createGRETunnel(ctx context.Context, in newGRETunnel) (any, error) {
	source, err := sourceOfTunnel(ctx, in)
	if err != nil {
		return nil, err
	}
	body, err := planTunnel(ctx, in, source)
	if err != nil {
		return nil, abandonTunnel(ctx, source, err)
	}
	answer, err := rest.Send(ctx, &zscaler.Request{Method: http.MethodPost, Path: grePath, Body: body})
	if err != nil && mayBeDone(err) {
		// To remove the address under a tunnel that may exist would break it.
		return nil, rest.Step("the GRE tunnel may have been made all the same: see zia_list_gre_tunnels"+source.leftBehind(), err)
	}
	if err != nil {
		return nil, abandonTunnel(ctx, source, err)
	}
	return answer, nil
}

// sourceOfTunnel finds the static IP of the address, or registers it.
func sourceOfTunnel(ctx context.Context, in newGRETunnel) (staticIP, error) {
	rows, err := rest.SendRows(ctx, &zscaler.Request{
		Method: http.MethodGet, Path: staticIPPath, Query: url.Values{"ipAddress": {in.StaticIPAddress}},
	}, "")
	if err != nil {
		return staticIP{}, rest.Step("nothing was changed, because the static IPs could not be read", err)
	}
	for _, row := range rows.Rows {
		var have staticIP
		if err := json.Unmarshal(row, &have); err != nil {
			return staticIP{}, fmt.Errorf("zia: static ip: %w", err)
		}
		if have.IPAddress == in.StaticIPAddress {
			return have, nil
		}
	}
	body, err := json.Marshal(map[string]any{"ipAddress": in.StaticIPAddress, "comment": in.Comment})
	if err != nil {
		return staticIP{}, fmt.Errorf("zia: static ip: %w", err)
	}
	raw, err := rest.Send(ctx, &zscaler.Request{Method: http.MethodPost, Path: staticIPPath, Body: body})
	if err != nil && mayBeDone(err) {
		return staticIP{}, rest.Step("no GRE tunnel was made; the static IP "+in.StaticIPAddress+" may have been registered all the same: see zia_list_static_ips", err)
	}
	if err != nil {
		return staticIP{}, rest.Step("no GRE tunnel was made, because the address could not be registered as a static IP", err)
	}
	made := staticIP{made: true}
	if err := json.Unmarshal(raw, &made); err != nil || made.ID == "" {
		return staticIP{}, errors.New("no GRE tunnel was made: ZIA registered the static IP " + in.StaticIPAddress +
			" but did not say its id. It stays: find it by zia_list_static_ips, or call this tool again")
	}
	if made.IPAddress == "" {
		made.IPAddress = in.StaticIPAddress
	}
	return made, nil
}

// planTunnel chooses the range and both ends, and returns the body that asks for the tunnel.
func planTunnel(ctx context.Context, in newGRETunnel, source staticIP) (json.RawMessage, error) {
	internal := in.InternalIPRange
	if (in.IPUnnumbered == nil || !*in.IPUnnumbered) && (internal == nil || *internal == "") {
		free, err := freeRange(ctx, source)
		if err != nil {
			return nil, err
		}
		internal = &free
	}
	primary, secondary, err := tunnelEnds(ctx, source)
	if err != nil {
		return nil, err
	}
	return json.Marshal(map[string]any{
		"sourceIp": source.IPAddress, "ipUnnumbered": in.IPUnnumbered, "internalIpRange": internal, "comment": in.Comment,
		"primaryDestVip": map[string]any{"id": primary.ID}, "secondaryDestVip": map[string]any{"id": secondary.ID},
	})
}

// freeRange returns the first address of the first internal range that is free.
func freeRange(ctx context.Context, source staticIP) (string, error) {
	rows, err := rest.SendRows(ctx, &zscaler.Request{
		Method: http.MethodGet, Path: greRangesPath, Query: url.Values{"staticIp": {source.IPAddress}},
	}, "")
	if err != nil {
		return "", err
	}
	var free struct {
		Start string `json:"startIPAddress"`
	}
	if len(rows.Rows) > 0 {
		err = json.Unmarshal(rows.Rows[0], &free)
	}
	if err != nil || free.Start == "" {
		return "", errors.New("ZIA has no free internal range for this tunnel: name one by internal_ip_range, or set ip_unnumbered")
	}
	return free.Start, nil
}

// tunnelEnds returns the first recommended address, and the first in another city.
func tunnelEnds(ctx context.Context, source staticIP) (primary, secondary vip, err error) {
	rows, err := rest.SendRows(ctx, &zscaler.Request{
		Method: http.MethodGet, Path: vipsPath, Query: url.Values{"sourceIp": {source.IPAddress}},
	}, "")
	if err != nil {
		return vip{}, vip{}, err
	}
	for i, row := range rows.Rows {
		var next vip
		if err := json.Unmarshal(row, &next); err != nil {
			return vip{}, vip{}, fmt.Errorf("zia: vip: %w", err)
		}
		switch {
		case i == 0:
			primary = next
		case next.City != primary.City:
			return primary, next, nil
		}
	}
	return vip{}, vip{}, fmt.Errorf("ZIA recommends no two addresses in different cities for a tunnel from %s", source.IPAddress)
}
