package zia

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/org/zscalermcp/tool/rest"
)

// A portRange is an entry of one of the four lists of ports of a network service.
type portRange struct {
	Start int `json:"start"`
	End   int `json:"end,omitempty"` // 0: one port
}

// portMembers are the lists of ports of a network service, by direction and protocol. Never modified.
var portMembers = map[[2]string]string{
	{"src", "tcp"}: "srcTcpPorts", {"src", "udp"}: "srcUdpPorts",
	{"dest", "tcp"}: "destTcpPorts", {"dest", "udp"}: "destUdpPorts",
}

// layPorts puts the ports that were given into the body, in place of all that the service had.
func layPorts(_ context.Context, p *rest.Plan) error {
	var in struct {
		Ports [][]string `json:"ports"`
	}
	raw, ok := p.Args.Raw("ports")
	if !ok {
		return nil
	}
	if err := json.Unmarshal(raw, &in.Ports); err != nil {
		return fmt.Errorf("zia: ports: %w", err)
	}
	lists := map[string][]portRange{}
	for i, row := range in.Ports {
		member, ports, err := parsePorts(row)
		if err != nil {
			return fmt.Errorf(`argument "ports": entry %d: %w`, i+1, err)
		}
		lists[member] = append(lists[member], ports)
	}
	for _, member := range portMembers {
		delete(p.Body, member)
	}
	for member, ports := range lists {
		list, err := json.Marshal(ports)
		if err != nil {
			return fmt.Errorf("zia: ports: %w", err)
		}
		p.Body[member] = list
	}
	return nil
}

// parsePorts returns the ports of one entry, and the member whose list they belong to.
func parsePorts(row []string) (member string, ports portRange, err error) {
	if len(row) != 3 && len(row) != 4 {
		return "", ports, fmt.Errorf(`has %d parts: want direction, protocol, first port and, for a range, last port, as in ["dest", "tcp", "443"]`, len(row))
	}
	member, ok := portMembers[[2]string{strings.ToLower(row[0]), strings.ToLower(row[1])}]
	if !ok {
		return "", ports, fmt.Errorf("%q, %q: the direction must be src or dest, the protocol tcp or udp", row[0], row[1])
	}
	if ports.Start, err = parsePort(row[2]); err != nil || len(row) == 3 {
		return member, ports, err
	}
	if ports.End, err = parsePort(row[3]); err == nil && ports.End < ports.Start {
		err = fmt.Errorf("the last port, %d, is below the first, %d", ports.End, ports.Start)
	}
	return member, ports, err
}

func parsePort(text string) (int, error) {
	port, err := strconv.ParseUint(strings.TrimSpace(text), 10, 16)
	if err != nil || port == 0 {
		return 0, fmt.Errorf("%q is no port: want a number from 1 to 65535", text)
	}
	return int(port), nil
}

// someServiceChange refuses an update that would write back what it has read.
func someServiceChange(_ context.Context, p *rest.Plan) error {
	if !p.Args.Has("name") && !p.Args.Has("ports") && !p.Args.Has("description") {
		return errors.New("nothing to change: send at least one of name, ports, description")
	}
	return nil
}
