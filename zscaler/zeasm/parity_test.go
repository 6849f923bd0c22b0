package zeasm_test

import (
	"testing"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
	"github.com/org/zscalermcp/zscaler/zeasm"
)

var suite = &paritytest.Suite{Service: "zeasm", Sets: zeasm.Sets(), Differences: zeasmDifferences}

func TestParity(t *testing.T) { suite.Test(t) }
