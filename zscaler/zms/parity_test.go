package zms_test

import (
	"testing"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
	"github.com/org/zscalermcp/zscaler/zms"
)

var suite = &paritytest.Suite{
	Service: "zms", Sets: zms.Sets(), Differences: queriesDifferences, Hints: queriesHints,
}

func TestParity(t *testing.T) { suite.Test(t) }
