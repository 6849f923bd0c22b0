package zia_test

import (
	"testing"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
	"github.com/org/zscalermcp/zscaler/zia"
)

var suite = &paritytest.Suite{
	Service: "zia", Sets: zia.Sets(), Differences: rulesDifferences, Hints: rulesHints,
}

func TestParity(t *testing.T) { suite.Test(t) }
