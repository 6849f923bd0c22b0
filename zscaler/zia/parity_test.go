package zia_test

import (
	"slices"
	"testing"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
	"github.com/org/zscalermcp/zscaler/zia"
)

var suite = &paritytest.Suite{
	Service: "zia", Sets: zia.Sets(), Hints: slices.Concat(rulesHints, policiesHints, sitesHints),
	Differences: slices.Concat(rulesDifferences, policiesDifferences, threatsDifferences, cloudFirewallDifferences, sitesDifferences),
}

func TestParity(t *testing.T) { suite.Test(t) }
