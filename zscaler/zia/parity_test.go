package zia_test

import (
	"testing"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
	"github.com/org/zscalermcp/zscaler/zia"
)

var suite = &paritytest.Suite{
	Sets: zia.Sets(), Tools: 22,
	// The bounds that the vendor's server checks without saying so are advertised.
	Params: map[string]func(*paritytest.Param){
		"zia_create_url_filtering_rule order": ordered,
		"zia_update_url_filtering_rule order": ordered,
		"zia_create_url_filtering_rule rank":  ranked,
		"zia_update_url_filtering_rule rank":  ranked,
		// The object is read anyway, so a change of its URLs need not repeat its name.
		"zia_update_url_category configured_name": func(p *paritytest.Param) { p.Required = false },
	},
	Elsewhere: []string{
		"zia_delete_url_category", "zia_get_url_category_predefined", "zia_update_rule_label", "zia_update_url_category",
		"zia_update_url_category_predefined", "zia_update_url_filtering_rule",
	},
}

func ordered(p *paritytest.Param) { p.Min = paritytest.Bound(1) }

func ranked(p *paritytest.Param) { p.Min, p.Max = paritytest.Bound(0), paritytest.Bound(7) }

func TestParity(t *testing.T) { suite.Test(t) }
