package zcc_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/org/zscalermcp/zscaler/internal/paritytest"
)

func TestEveryToolWorksWithATenant(t *testing.T) {
	w := suite.Open(t, nil)
	udid := w.First(t, "zcc_list_devices", map[string]any{"username": "ada.moreau@acme.example.com", "os_type": "macos", "page": 1, "page_size": 5}, "[0].udid")
	args := map[string]map[string]any{
		"zcc_get_device_otp":           {"udid": udid},
		"zcc_list_forwarding_profiles": {"search": "phones", "page": 1, "page_size": 5},
		"zcc_list_trusted_networks":    {"search": "branch", "page": 1, "page_size": 1},
	}
	for name, spec := range suite.Specs(t) {
		if text, failed := w.Call(t, name, args[name]); failed || spec.List && text == "[]" {
			t.Errorf("%s: error %v: %s", name, failed, text)
		}
	}
	text := w.Must(t, "zcc_list_trusted_networks", args["zcc_list_trusted_networks"])
	if !strings.Contains(text, "call again with page=2") {
		t.Errorf("later pages are not told of: %s", text)
	}
}

func TestOperatingSystems(t *testing.T) {
	for name, want := range map[string]string{"ios": "1", "Android": "2", "WINDOWS": "3", "macOS": "4", "linux": "5"} {
		w := suite.Open(t, nil)
		text := w.Must(t, "zcc_list_devices", map[string]any{"os_type": name, "query": "[].type"})
		if types := strings.Trim(text, "[]"); strings.Trim(types, want+",") != "" || types == "" || w.Last(t).Query.Get("osType") != want {
			t.Errorf("%s: types %s, request %s", name, text, w.Last(t))
		}
	}
	w := suite.Open(t, nil)
	if text, failed := w.Call(t, "zcc_list_devices", map[string]any{"os_type": "3"}); !failed || !strings.Contains(text, "ios, android, windows, macos, linux") || w.Lines() != "" {
		t.Errorf("%s; requests %s", text, w.Lines())
	}
	if w.Must(t, "zcc_list_devices", map[string]any{"os_type": ""}); w.Last(t).Query != nil {
		t.Errorf("an empty os_type is sent: %s", w.Last(t))
	}
}

// The passwords of one device come as the service sent them, by udid before device_id; without a device
// nothing is asked, and a failure with status 200 is none the less one.
func TestDeviceOTP(t *testing.T) {
	const passwords = `{"otp":"p1","logoutOtp":"p2","future":1.50}`
	for _, test := range []struct {
		args map[string]any
		want string // udid; "" for refused
	}{
		{nil, ""},
		{map[string]any{"udid": "", "device_id": ""}, ""},
		{map[string]any{"udid": "A:1"}, "A:1"},
		{map[string]any{"device_id": "B:2"}, "B:2"},
		{map[string]any{"udid": "", "device_id": "B:2"}, "B:2"},
		{map[string]any{"udid": "A:1", "device_id": "B:2"}, "A:1"},
	} {
		w := suite.Open(t, func(paritytest.Request) (int, string) { return http.StatusOK, passwords })
		text, failed := w.Call(t, "zcc_get_device_otp", test.args)
		switch {
		case test.want == "":
			if !failed || w.Lines() != "" || !strings.Contains(text, "udid is needed") {
				t.Errorf("%v: %s; requests %s", test.args, text, w.Lines())
			}
		case failed || len(w.Last(t).Query) != 1 || w.Last(t).Query.Get("udid") != test.want:
			t.Errorf("%v: error %v: %s; request %s", test.args, failed, text, w.Last(t))
		}
	}
	w := suite.Open(t, nil)
	if text, failed := w.Call(t, "zcc_get_device_otp", map[string]any{"udid": "nobody"}); !failed || !strings.Contains(text, "No device with this udid") {
		t.Errorf("an unknown device: error %v: %s", failed, text)
	}
}

func TestBounds(t *testing.T) {
	w := suite.Open(t, func(paritytest.Request) (int, string) { return http.StatusOK, `[]` })
	for _, test := range []struct {
		tool    string
		args    map[string]any
		refused bool
	}{
		{"zcc_list_devices", map[string]any{"page_size": 5001}, true},
		{"zcc_list_devices", map[string]any{"page_size": 5000}, false},
		{"zcc_list_devices", map[string]any{"page": 0}, true},
		{"zcc_list_devices", map[string]any{"page": 1}, false},
		{"zcc_list_forwarding_profiles", map[string]any{"page_size": 0}, true},
		{"zcc_list_forwarding_profiles", map[string]any{"page_size": 9000}, false},
	} {
		if text, failed := w.Call(t, test.tool, test.args); failed != test.refused {
			t.Errorf("%s %v: refused is %v: %s", test.tool, test.args, failed, text)
		}
	}
}
