package zpa_test

import (
	"slices"
	"testing"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
	"github.com/org/zscalermcp/zscaler/zpa"
)

var suite = &paritytest.Suite{
	Service: "zpa", Sets: zpa.Sets(),
	Differences: slices.Concat(policiesDifferences, segmentsDifferences, connectivityDifferences),
	Hints:       slices.Concat(policiesHints, segmentsHints, connectivityHints),
}

func TestParity(t *testing.T) { suite.Test(t) }
