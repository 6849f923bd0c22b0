package ztw_test

import (
	"testing"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
	"github.com/org/zscalermcp/zscaler/ztw"
)

var suite = &paritytest.Suite{
	Service: "ztw", Sets: ztw.Sets(), Differences: ztwDifferences, Hints: ztwHints,
}

func TestParity(t *testing.T) { suite.Test(t) }
