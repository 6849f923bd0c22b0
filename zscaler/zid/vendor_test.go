package zid_test

import (
	"net/url"
	"testing"

	"github.com/org/zscalermcp/tool"
)

// Every tool reads, so the plain selections hold all of them.
var everything, bindable = tool.Selection{}, tool.Selection{}

// changedParams are the deliberate differences in arguments: by tool and argument.
var changedParams = map[string]func(*parityParam){}

func (w *world) invoke(t *testing.T, name string, args map[string]any) { w.call(t, name, args) }

// renamed are the deliberate differences in query names: the vendor's server sends camelCase, its Go
// client lower case.
var renamed = map[string]string{
	"loginName[like]":    "loginname[like]",
	"displayName[like]":  "displayname[like]",
	"primaryEmail[like]": "primaryemail[like]",
	"domainName":         "domainname",
	"idpName":            "idpname",
}

// mend returns the vendor's request with our query names.
func mend(r request) request {
	query := url.Values{}
	for name, values := range r.Query {
		if ours, ok := renamed[name]; ok {
			name = ours
		}
		query[name] = values
	}
	r.Query = query
	return r
}

// normal returns the request as it stands in testdata.
func normal(_ *testing.T, r request) request {
	if len(r.Query) == 0 {
		r.Query = nil
	}
	return r
}
