package zscalertest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// threatRoutes serve the settings of threat protection, each one object, and the list of malicious URLs.
func (z *zia) threatRoutes(data map[string][]object, empty bool) []route {
	var out []route
	for _, seeded := range data["cyberThreatProtection"] {
		path := ziaBase + "/cyberThreatProtection/" + str(seeded["path"])
		state, silent := without(seeded, "path", "silent"), seeded["silent"] == true
		out = append(out,
			route{"GET " + path, func(*call) (reply, error) { return ok(state), nil }},
			route{"PUT " + path, func(c *call) (reply, error) {
				changed, err := z.replaceSettings(c, state)
				if err != nil {
					return reply{}, err
				}
				if state = changed; silent {
					return noContent(), nil
				}
				return ok(state), nil
			}},
		)
	}
	malicious := []any{}
	for _, o := range data["maliciousUrls"] {
		if !empty {
			malicious = append(malicious, o["url"])
		}
	}
	path := ziaBase + "/cyberThreatProtection/maliciousUrls"
	return append(out,
		route{"GET " + path, func(*call) (reply, error) { return ok(object{"maliciousUrls": malicious}), nil }},
		route{"PUT " + path, func(c *call) (reply, error) {
			changed, err := z.changeMalicious(c, malicious)
			if err != nil {
				return reply{}, err
			}
			malicious = changed
			return noContent(), nil
		}},
	)
}

// replaceSettings returns the settings as a PUT makes them: those that it does not name are reset.
func (z *zia) replaceSettings(c *call, before object) (object, error) {
	in, err := ziaObject(c)
	if err != nil {
		return nil, err
	}
	after := object{}
	for field, had := range before {
		if after[field] = in[field]; in[field] == nil {
			after[field] = zero(had)
		}
		if fmt.Sprintf("%T", after[field]) != fmt.Sprintf("%T", had) {
			return nil, ziaInvalid("Cannot deserialize value of '" + field + "'")
		}
	}
	for field := range in {
		if _, known := before[field]; !known {
			return nil, ziaInvalid("Unrecognized field '" + field + "'")
		}
	}
	z.stage()
	return after, nil
}

// zero is the value of a setting that nobody has set.
func zero(v any) any {
	switch v.(type) {
	case bool:
		return false
	case json.Number:
		return ziaNumber(0)
	case []any:
		return []any{}
	}
	return ""
}

// changeMalicious returns the list with URLs added or removed.
func (z *zia) changeMalicious(c *call, before []any) ([]any, error) {
	in, err := ziaObject(c)
	if err != nil {
		return nil, err
	}
	if err := texts(in, "maliciousUrls", func(url string) bool { return url != "" && !strings.Contains(url, "://") }); err != nil {
		return nil, err
	}
	urls, action := list(in["maliciousUrls"]), c.query.Get("action")
	if len(urls) == 0 {
		return nil, ziaInvalid("maliciousUrls must not be empty")
	}
	if action != "ADD_TO_LIST" && action != "REMOVE_FROM_LIST" {
		return nil, ziaInvalid("action must be ADD_TO_LIST or REMOVE_FROM_LIST")
	}
	after := slices.DeleteFunc(slices.Clone(before), func(url any) bool { return slices.Contains(urls, url) })
	switch {
	case action == "ADD_TO_LIST":
		after = append(after, urls...)
	case len(after) == len(before):
		return nil, ziaInvalid("None of the URLs is in the list")
	}
	z.stage()
	return after, nil
}
