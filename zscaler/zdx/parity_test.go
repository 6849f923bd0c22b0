package zdx_test

import (
	"testing"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
	"github.com/org/zscalermcp/zscaler/zdx"
)

var suite = &paritytest.Suite{
	Service: "zdx", Sets: zdx.Sets(), Differences: reportsDifferences,
}

func TestParity(t *testing.T) { suite.Test(t) }
