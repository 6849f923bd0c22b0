package zcc_test

import "github.com/org/zscalermcp/zscaler/internal/paritytest"

// zccDifferences are those of all tools of the service.
var zccDifferences = []paritytest.Difference{
	{
		Tools: []string{"zcc_*"}, Test: "TestDeviceOTP",
		Text: "an answer with status 200 that says `\"success\":\"false\"`, as for the passwords of an unknown device, is an error, not a result.",
	},
	{
		Tools: []string{"zcc_list_*"}, Test: "TestEveryToolWorksWithATenant",
		Text: "a note tells when more rows follow, for trusted networks by the `totalCount` that the reference drops.",
	},
}

// zccHints are the rules that the table has in words only.
var zccHints = []paritytest.Hint{
	{Tools: []string{"zcc_list_devices"}, Values: map[string][]any{"os_type": {"ios", "android", "windows", "macos", "linux"}}},
	{
		Tools:   []string{"zcc_get_device_otp"},
		Refuses: func(args map[string]any) bool { return absent(args["udid"]) && absent(args["device_id"]) },
	},
}

func absent(value any) bool { return value == nil || value == "" }
