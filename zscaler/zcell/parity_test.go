package zcell_test

import (
	"testing"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
	"github.com/org/zscalermcp/zscaler/zcell"
)

var suite = &paritytest.Suite{Service: "zcell", Sets: zcell.Sets(), Differences: zcellDifferences}

func TestParity(t *testing.T) { suite.Test(t) }
