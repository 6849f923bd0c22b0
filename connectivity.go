package zscalermcp

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/zscaler"
)

// probeTime is how long one service has to answer.
const probeTime = 15 * time.Second

type servicesToProbe struct {
	Services []string `json:"services,omitempty" enum:"zia,zpa,zdx,zcc,ztw,zid,zins,zms,zcell,zeasm" jsonschema:"Services to ask, of those whose tools are offered; all of them when absent."`
}

// probes are the smallest question of each service that every role may ask.
var probes = []struct {
	service zscaler.Service
	request zscaler.Request
}{
	{zscaler.ZIA, zscaler.Request{Method: http.MethodGet, Path: "/zia/api/v1/status"}},
	{zscaler.ZPA, zscaler.Request{Method: http.MethodGet, Path: "/zpa/mgmtconfig/v1/admin/customers/{customer_id}/segmentGroup", Query: url.Values{"page": {"1"}, "pagesize": {"1"}}}},
	{zscaler.ZDX, zscaler.Request{Method: http.MethodGet, Path: "/zdx/v1/administration/departments"}},
	{zscaler.ZCC, zscaler.Request{Method: http.MethodGet, Path: "/zcc/papi/public/v1/webForwardingProfile/listByCompany", Query: url.Values{"page": {"1"}, "pageSize": {"1"}}}},
	{zscaler.ZTW, zscaler.Request{Method: http.MethodGet, Path: "/ztw/api/v1/ipSourceGroups/lite"}},
	{zscaler.ZID, zscaler.Request{Method: http.MethodGet, Path: "/ziam/admin/api/v1/users", Query: url.Values{"limit": {"1"}}}},
	{zscaler.ZINS, graphProbe("/zins/graphql")},
	{zscaler.ZMS, graphProbe("/zms/graphql")},
	{zscaler.ZCell, zscaler.Request{Method: http.MethodGet, Path: "/zcell/config/api/v1/customers/{zcell_customer_id}/regions"}},
	{zscaler.ZEASM, zscaler.Request{Method: http.MethodGet, Path: "/easm/easm-ui/v1/organizations"}},
}

func graphProbe(path string) zscaler.Request {
	return zscaler.Request{Method: http.MethodPost, Path: path, Body: json.RawMessage(`{"query":"query { __typename }"}`), Safe: true}
}

// A probed service is a row of zscaler_check_connectivity.
type probed struct {
	Service      string `json:"service"`
	Reachable    bool   `json:"reachable"`
	Milliseconds int64  `json:"milliseconds"`
	RequestID    string `json:"requestId"`
	Problem      string `json:"problem"`
}

// checkConnectivity asks the services side by side.
func checkConnectivity(ctx context.Context, in servicesToProbe) (any, error) {
	doer, err := zscaler.DoerFromContext(ctx)
	if err != nil {
		return nil, err
	}
	rows := make([]json.RawMessage, len(probes))
	offered := tool.Services(ctx)
	var asking sync.WaitGroup
	for i, p := range probes {
		if !slices.Contains(offered, string(p.service)) || len(in.Services) > 0 && !slices.Contains(in.Services, string(p.service)) {
			continue
		}
		asking.Go(func() {
			rows[i], _ = json.Marshal(probe(ctx, doer, string(p.service), p.request)) // text and numbers
		})
	}
	asking.Wait()
	result := tool.Rows{Rows: slices.DeleteFunc(rows, func(row json.RawMessage) bool { return row == nil })}
	if len(result.Rows) == 0 {
		result.Note = "Nothing was asked, since none of these services has tools for you here. Those that have: " + cmp.Or(strings.Join(offered, ", "), "none") + "."
	}
	return result, nil
}

func probe(ctx context.Context, doer zscaler.Doer, service string, req zscaler.Request) probed {
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	began := time.Now()
	resp, err := safely(ctx, doer, &req)
	row := probed{Service: service, Reachable: err == nil, Milliseconds: time.Since(began).Milliseconds()}
	if err == nil {
		row.RequestID = resp.RequestID
		return row
	}
	row.Problem = strings.ReplaceAll(publicText(err), "\n", " ")
	if ctx.Err() != nil {
		row.Problem = fmt.Sprintf("no answer within %s", time.Since(began).Round(time.Millisecond)) // the call itself may have had less time
	}
	return row
}

// safely makes an error of a panic, in the HTTP client of the host for example: here nobody else would recover it. Its value may be anything, and is not told.
func safely(ctx context.Context, doer zscaler.Doer, req *zscaler.Request) (resp *zscaler.Response, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = errors.New("the question failed inside the server; tell whoever runs it")
		}
	}()
	return doer.Do(ctx, req)
}

// publicText is what of an error a caller may see, as for the error of a tool.
func publicText(err error) string {
	var public interface{ PublicError() string }
	if errors.As(err, &public) {
		return public.PublicError()
	}
	return err.Error()
}
