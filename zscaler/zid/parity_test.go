package zid_test

import (
	"testing"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
	"github.com/org/zscalermcp/zscaler/zid"
)

var suite = &paritytest.Suite{
	Service: "zid", Sets: zid.Sets(), Differences: usersDifferences, Hints: usersHints,
}

func TestParity(t *testing.T) { suite.Test(t) }
