package zscalertest

import (
	"regexp"
	"strings"
)

var md5Text = regexp.MustCompile(`^[0-9a-fA-F]{32}$`)

// Hashes that one list of the sandbox holds at most.
const maxHashes = 10000

// sandboxRoutes serve reports, their quota and the hashes of the tenant.
func (z *zia) sandboxRoutes(data map[string][]object, empty bool) []route {
	hashes := []any{}
	for _, o := range data["sandboxHashes"] {
		if !empty {
			hashes = append(hashes, o)
		}
	}
	used, started, allowed := 0, int64(-1), 1000
	path := ziaBase + "/behavioralAnalysisAdvancedSettings"
	return []route{
		{"GET " + ziaBase + "/sandbox/report/quota", func(*call) (reply, error) {
			return ok([]any{object{"startTime": started, "used": used, "allowed": allowed, "scale": "DAYS", "unused": allowed - used}}), nil
		}},
		{"GET " + ziaBase + "/sandbox/report/{md5}", func(c *call) (reply, error) {
			answer, err := sandboxReport(c, data["sandboxReports"])
			if err == nil && used == 0 {
				started = z.now().Unix()
			}
			if err == nil {
				used++
			}
			return answer, err
		}},
		{"GET " + path, func(*call) (reply, error) { return ok(object{"md5HashValueList": hashes}), nil }},
		{"GET " + path + "/fileHashCount", func(*call) (reply, error) { return ok(countHashes(hashes)), nil }},
	}
}

// sandboxReport answers with status 200 for an unknown file too, as the service does.
func sandboxReport(c *call, reports []object) (reply, error) {
	hash := strings.ToUpper(c.PathValue("md5"))
	if !md5Text.MatchString(hash) {
		return reply{}, ziaInvalid("md5Hash must have 32 hexadecimal digits")
	}
	title := "Summary"
	switch c.query.Get("details") {
	case "", "summary":
	case "full":
		title = "Full Details"
	default:
		return reply{}, ziaInvalid("details must be summary or full")
	}
	for _, report := range reports {
		if report["md5"] != hash {
			continue
		}
		if title == "Summary" {
			return ok(object{title: pick(report, "Summary", "Classification", "FileProperties")}), nil
		}
		return ok(object{title: without(report, "md5")}), nil
	}
	return ok(object{title: object{"Summary": object{"Status": "CONTENT_NOTFOUND", "Message": "md5 is unknown or analysis has yet not been completed. Please try again later."}}}), nil
}

func countHashes(hashes []any) object {
	allowed := 0
	for _, hash := range hashes {
		if o, _ := hash.(object); o["type"] == "CUSTOM_FILEHASH_ALLOW" {
			allowed++
		}
	}
	denied := len(hashes) - allowed
	return object{
		"allowedFileHashesCount": allowed, "allowedRemainingFileHashes": maxHashes - allowed,
		"deniedFileHashesCount": denied, "deniedRemainingFileHashes": maxHashes - denied,
	}
}
