package zins_test

import (
	"testing"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
	"github.com/org/zscalermcp/zscaler/zins"
)

var suite = &paritytest.Suite{Service: "zins", Sets: zins.Sets(), Differences: zinsDifferences, Hints: zinsHints}

func TestParity(t *testing.T) { suite.Test(t) }
