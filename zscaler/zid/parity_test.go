package zid_test

import (
	"testing"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
	"github.com/org/zscalermcp/zscaler/zid"
)

var suite = &paritytest.Suite{
	Sets: zid.Sets(), Tools: 5,
	// The vendor's server sends camelCase, its Go client lower case.
	Requests: paritytest.RenameQuery(map[string]string{
		"loginName[like]":    "loginname[like]",
		"displayName[like]":  "displayname[like]",
		"primaryEmail[like]": "primaryemail[like]",
		"domainName":         "domainname",
		"idpName":            "idpname",
	}),
	Elsewhere: []string{"zid_get_user_groups_by_name", "zid_search_users"},
}

func TestParity(t *testing.T) { suite.Test(t) }
