package zid_test

import (
	"slices"
	"testing"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
	"github.com/org/zscalermcp/zscaler/zid"
)

var suite = &paritytest.Suite{
	Service: "zid", Sets: zid.Sets(), Differences: slices.Concat(usersDifferences, groupsDifferences), Hints: usersHints,
}

func TestParity(t *testing.T) { suite.Test(t) }
