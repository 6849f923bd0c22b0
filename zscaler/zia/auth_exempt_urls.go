package zia

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
	"github.com/org/zscalermcp/zscaler"
)

// exemptPause is how long the list may take to show a change.
const exemptPause = 2 * time.Second

// An exemptList is the answer of ZIA, and the URLs in it.
type exemptList struct {
	URLs []string `json:"urls"`
	raw  json.RawMessage
}

// listed returns those of urls that the list holds.
func (l exemptList) listed(urls []string) (held []string) {
	for _, wanted := range urls {
		if slices.ContainsFunc(l.URLs, func(have string) bool { return strings.EqualFold(have, strings.TrimSpace(wanted)) }) {
			held = append(held, wanted)
		}
	}
	return held
}

func readExempt(ctx context.Context) (exemptList, error) {
	raw, err := rest.Send(ctx, &zscaler.Request{Method: http.MethodGet, Path: exemptPath})
	if err != nil {
		return exemptList{}, err
	}
	l := exemptList{raw: raw}
	if err := json.Unmarshal(raw, &l); err != nil {
		return exemptList{}, fmt.Errorf("zia: exempt urls: %w", err)
	}
	return l, nil
}

// changeExempt adds or removes urls and reads the list back, a second time after a pause where settled
// does not find the change in it yet.
func changeExempt(ctx context.Context, action string, urls []string, settled func(exemptList) bool) (exemptList, error) {
	body, err := json.Marshal(map[string]any{"urls": urls})
	if err != nil {
		return exemptList{}, fmt.Errorf("zia: exempt urls: %w", err)
	}
	_, err = rest.Send(ctx, &zscaler.Request{Method: http.MethodPost, Path: exemptPath, Query: url.Values{"action": {action}}, Body: body})
	if err != nil {
		return exemptList{}, err
	}
	now, err := readExempt(ctx)
	if err == nil && !settled(now) {
		select {
		case <-ctx.Done():
			err = context.Cause(ctx)
		case <-time.After(exemptPause):
			now, err = readExempt(ctx)
		}
	}
	if err != nil {
		return exemptList{}, rest.Step("the list was changed, but reading it back failed", err)
	}
	return now, nil
}

// addExempt returns the list as it is then. URLs that it does not show are told, since ZIA may write them
// in another way than the caller does.
func addExempt(ctx context.Context, in exemptAddition) (any, error) {
	all := func(l exemptList) bool { return len(l.listed(in.ExemptURLs)) == len(in.ExemptURLs) }
	now, err := changeExempt(ctx, "ADD_TO_LIST", in.ExemptURLs, all)
	if err != nil || all(now) {
		return now.raw, err
	}
	return map[string]any{"urls": now.URLs, "message": "ZIA took the URLs, but its list does not show all of them yet: zia_list_auth_exempt_urls tells more."}, nil
}

func removeExempt(ctx context.Context, args tool.Args) (any, error) {
	var in exemptRemoval
	if err := args.Decode(&in); err != nil {
		return nil, err
	}
	now, err := changeExempt(ctx, "REMOVE_FROM_LIST", in.ExemptURLs, func(l exemptList) bool { return len(l.listed(in.ExemptURLs)) == 0 })
	if err != nil {
		return nil, err
	}
	if left := now.listed(in.ExemptURLs); len(left) > 0 {
		return nil, fmt.Errorf("ZIA took the removal, but its list still holds %s: look again with zia_list_auth_exempt_urls", strings.Join(left, ", "))
	}
	return map[string]any{"success": true, "message": fmt.Sprintf("None of these %d URLs is exempt any more; %d others are exempt now.", len(in.ExemptURLs), len(now.URLs))}, nil
}

// exemptNow reads the list before anybody is asked, and refuses a removal that would remove nothing.
func exemptNow(ctx context.Context, args tool.Args) (map[string]json.RawMessage, error) {
	var in exemptRemoval
	if err := args.Decode(&in); err != nil {
		return nil, err
	}
	now, err := readExempt(ctx)
	if err == nil && len(now.listed(in.ExemptURLs)) == 0 {
		err = errors.New("none of these URLs is exempt: zia_list_auth_exempt_urls shows those that are")
	}
	return nil, err
}
