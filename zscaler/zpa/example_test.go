package zpa_test

import (
	"fmt"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/zscaler/zpa"
)

func Example() {
	catalogue, err := tool.Compile(zpa.Sets()...)
	if err != nil {
		fmt.Println(err)
		return
	}
	selected, err := catalogue.Select(tool.Selection{Toolsets: []string{"zpa_segment_groups"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, info := range selected.Tools() {
		fmt.Println(info.Name, info.Effect)
	}
	// Output:
	// zpa_list_segment_groups read
	// zpa_get_segment_group read
}
