package zdx_test

import (
	"slices"
	"testing"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
	"github.com/org/zscalermcp/zscaler/zdx"
)

var suite = &paritytest.Suite{
	Service: "zdx", Sets: zdx.Sets(), Differences: slices.Concat(reportsDifferences, diagnosticsDifferences),
}

func TestParity(t *testing.T) { suite.Test(t) }
