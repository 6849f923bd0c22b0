package zpa

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/org/zscalermcp/tool/rest"
)

// The service answers ports in two styles and takes one of them: a flat list of from-to pairs, or a
// list of {from, to}.
var (
	flatPorts   = [...]string{"tcpPortRanges", "udpPortRanges"}
	rangedPorts = [...]string{"tcpPortRange", "udpPortRange"}
)

// somePorts refuses a new segment without any port: nothing could reach it.
func somePorts(_ context.Context, p *rest.Plan) error {
	for i := range flatPorts {
		if len(list(p.Body[flatPorts[i]]))+len(list(p.Body[rangedPorts[i]])) > 0 {
			return nil
		}
	}
	return errors.New(`an application segment needs ports: give tcp_port_ranges or udp_port_ranges as pairs, such as ["443", "443"]`)
}

// onePortStyle leaves one style of ports in the body: the one that the caller used, else the flat one.
// Ports that the caller did not mention stay, translated where they are known in the other style only.
func onePortStyle(_ context.Context, p *rest.Plan) error {
	flat, err := sentPorts(p, flatPorts)
	if err != nil {
		return err
	}
	ranged, err := sentPorts(p, rangedPorts)
	if err != nil {
		return err
	}
	if flat && ranged {
		return errors.New("use one style of ports: tcp_port_ranges and udp_port_ranges, or tcp_port_range and udp_port_range inside advanced, not both")
	}
	for i := range flatPorts {
		keep, drop, translate := flatPorts[i], rangedPorts[i], flatten
		if ranged {
			keep, drop, translate = drop, keep, pair
		}
		if other, ok := p.Body[drop]; ok && isNull(p.Body[keep]) && !isNull(other) {
			p.Body[keep] = translate(other)
		}
		delete(p.Body, drop)
	}
	return nil
}

// sentPorts reports whether the caller sent ports under one of the names, and refuses halves of pairs.
func sentPorts(p *rest.Plan, names [2]string) (bool, error) {
	found := false
	for _, name := range names {
		if !sent(p, name) {
			continue
		}
		found = true
		if n := len(list(p.Body[name])); names == flatPorts && n%2 != 0 {
			return false, fmt.Errorf(`%s holds %d values; want pairs of from and to, such as ["443", "443", "8080", "8090"]`, name, n)
		}
	}
	return found, nil
}

// sent reports whether the caller gave the member of the body, by an argument of its own or in advanced.
func sent(p *rest.Plan, member string) bool {
	switch member {
	case "tcpPortRanges":
		return p.Args.Has("tcp_port_ranges") || inAdvanced(p, member)
	case "udpPortRanges":
		return p.Args.Has("udp_port_ranges") || inAdvanced(p, member)
	case "commonAppsDto":
		return p.Args.Has("common_apps_dto") || inAdvanced(p, member)
	case "clientlessApps":
		return p.Args.Has("clientless_app_ids") || inAdvanced(p, member)
	}
	return inAdvanced(p, member)
}

func inAdvanced(p *rest.Plan, member string) bool {
	raw, _ := p.Args.Raw("advanced")
	var members object
	if json.Unmarshal(raw, &members) != nil {
		return false
	}
	for name := range members {
		if rest.Camel(name) == member {
			return true
		}
	}
	return false
}

type portRange struct {
	From json.RawMessage `json:"from"`
	To   json.RawMessage `json:"to"`
}

// flatten turns [{from, to}] into [from, to].
func flatten(raw json.RawMessage) json.RawMessage {
	flat := []json.RawMessage{}
	for _, item := range list(raw) {
		var r portRange
		if json.Unmarshal(item, &r) == nil && r.From != nil && r.To != nil {
			flat = append(flat, r.From, r.To)
		}
	}
	return encode(flat)
}

// pair turns [from, to] into [{from, to}].
func pair(raw json.RawMessage) json.RawMessage {
	ranges := []portRange{}
	flat := list(raw)
	for i := 0; i+1 < len(flat); i += 2 {
		ranges = append(ranges, portRange{flat[i], flat[i+1]})
	}
	return encode(ranges)
}
