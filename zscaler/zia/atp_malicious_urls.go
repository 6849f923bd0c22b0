package zia

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
	"github.com/org/zscalermcp/zscaler"
)

const maliciousPath = threatPath + "/maliciousUrls"

type urlsToUnblock struct {
	MaliciousURLs []string `json:"malicious_urls" in:"body=maliciousUrls" nonempty:"true" jsonschema:"URLs to remove, spelt as zia_list_atp_malicious_urls shows them."`
}

// deleteMaliciousURLs reads the list before a human is asked, so that no question is asked about URLs
// that are not on it, and after the removal, so that it is not called one when they still are.
func deleteMaliciousURLs() tool.Tool {
	spec := rest.Delete[urlsToUnblock]("zia_delete_atp_malicious_urls", "PUT "+maliciousPath,
		"Remove URLs from the tenant's list of malicious URLs, all of which have to be on it, and keep the others. Takes effect after zia_activate_configuration.",
		rest.ConstQuery("action", "REMOVE_FROM_LIST"), rest.Prepare(refuseUnlisted), rest.Finish(checkRemoved)).Spec()
	spec.Confirm = confirmUnblocking
	return tool.New(spec)
}

// confirmUnblocking says how many URLs go, since a long list is cut in the question.
func confirmUnblocking(ctx context.Context, args tool.Args) (string, error) {
	var in urlsToUnblock
	if err := args.Decode(&in); err != nil {
		return "", err
	}
	listed := func(ctx context.Context, _ tool.Args) (map[string]json.RawMessage, error) {
		return nil, allListed(ctx, in.MaliciousURLs)
	}
	return rest.Question(fmt.Sprintf("%d malicious URLs from the list of advanced threat protection", len(in.MaliciousURLs)), listed, "malicious_urls")(ctx, args)
}

func refuseUnlisted(ctx context.Context, p *rest.Plan) error {
	var in urlsToUnblock
	if err := p.Args.Decode(&in); err != nil {
		return err
	}
	return allListed(ctx, in.MaliciousURLs)
}

// allListed is an error that names the URLs which are not on the list.
func allListed(ctx context.Context, urls []string) error {
	list, _, err := maliciousURLs(ctx)
	if err != nil {
		return err
	}
	missing := slices.DeleteFunc(slices.Clone(urls), func(url string) bool { return slices.Contains(list, url) })
	if len(missing) > 0 {
		return fmt.Errorf("not on the list of malicious URLs: %s; zia_list_atp_malicious_urls shows what is, and the spelling has to agree", strings.Join(missing, ", "))
	}
	return nil
}

// checkRemoved turns the acknowledgement into an error when the list says otherwise.
func checkRemoved(ctx context.Context, p *rest.Plan, _ *rest.Answer) error {
	var in urlsToUnblock
	if err := p.Args.Decode(&in); err != nil {
		return err
	}
	list, _, err := maliciousURLs(ctx)
	if err != nil {
		return fmt.Errorf("the service accepted the removal, but reading the list back failed: %w", err)
	}
	left := slices.DeleteFunc(slices.Clone(in.MaliciousURLs), func(url string) bool { return !slices.Contains(list, url) })
	if len(left) > 0 {
		return fmt.Errorf("the service accepted the removal, but these URLs are still on the list: %s", strings.Join(left, ", "))
	}
	return nil
}

// readListBack answers with the whole list, which the service does not do itself.
func readListBack(ctx context.Context, _ *rest.Plan, a *rest.Answer) error {
	_, record, err := maliciousURLs(ctx)
	if err != nil {
		return fmt.Errorf("the URLs were added, but reading the list back failed: %w", err)
	}
	a.Record = record
	return nil
}

// maliciousURLs reads the list; record is the answer as it came.
func maliciousURLs(ctx context.Context) (list []string, record json.RawMessage, err error) {
	record, err = rest.Send(ctx, &zscaler.Request{Method: http.MethodGet, Path: maliciousPath})
	if err != nil {
		return nil, nil, err
	}
	var answer struct {
		MaliciousURLs []string `json:"maliciousUrls"`
	}
	if err := json.Unmarshal(record, &answer); err != nil {
		return nil, nil, fmt.Errorf("zia: malicious URLs: %w", err)
	}
	return answer.MaliciousURLs, record, nil
}
