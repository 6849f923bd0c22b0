package zcc_test

import (
	"testing"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
	"github.com/org/zscalermcp/zscaler/zcc"
)

var suite = &paritytest.Suite{
	Service: "zcc", Sets: zcc.Sets(), Differences: zccDifferences, Hints: zccHints,
}

func TestParity(t *testing.T) { suite.Test(t) }
