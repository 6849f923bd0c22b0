package zscalertest

import (
	"strconv"
	"time"
)

// bytesEach is how many bytes a transaction has on average.
const bytesEach = 18_432

// totals resolves a report whose entries are seeded rows, with their total for each day times the days.
func (z *zins) totals(rows string, path ...any) func(object) (any, error) {
	return func(args object) (any, error) {
		days, err := z.days(args, path...)
		if err != nil {
			return nil, err
		}
		return z.report(args, z.entries(rows, days), days), nil
	}
}

// entries returns the rows with their totals for a window.
func (z *zins) entries(rows string, days int) []object {
	out := []object{}
	for _, row := range z.rows[rows] {
		daily, _ := number(row["daily"])
		out = append(out, object{"id": row["id"], "name": row["name"], "total": daily * days})
	}
	return out
}

// report puts entries into the form of a report, in the unit and with the trend that are asked for.
func (z *zins) report(args object, entries []object, days int) object {
	for _, entry := range entries {
		if args["traffic_unit"] == "BYTES" {
			entry["total"] = entry["total"].(int) * bytesEach
		}
		if args["include_trend"] == true {
			entry["trend"] = trendOf(args, entry["total"].(int), days)
		}
	}
	return object{"obfuscated": false, "entries": byTotal(entries)}
}

// trendOf spreads a total evenly over the steps of the window; the last step has the rest.
func trendOf(args object, total, days int) object {
	interval, steps := "DAY", days
	if args["trend_interval"] == "HOUR" {
		interval, steps = "HOUR", days*24
	}
	values := make([]any, steps)
	for i := range values {
		values[i] = total / steps
	}
	values[steps-1] = total - total/steps*(steps-1)
	return object{"trend_start_time": args["start_time"], "trend_interval": interval, "trend_values": values}
}

// shares are the parts of all traffic, in thousandths, that a filter leaves.
var shares = map[string]int{"ALLOW": 970, "BLOCK": 30, "ANY": 10, "NONE": 990}

// allTraffic resolves the report without groups.
func (z *zins) allTraffic(args object) (any, error) {
	days, err := z.days(args, "WEB_TRAFFIC", "no_grouping")
	if err != nil {
		return nil, err
	}
	total := 0
	for _, entry := range z.entries("locations", days) {
		total += entry["total"].(int)
	}
	for _, filter := range []string{"action_filter", "dlp_engine_filter"} {
		if by := str(args[filter]); by != "" {
			share, known := shares[by]
			if !known {
				share = 2 // one engine of several
			}
			total = total * share / 1000
		}
	}
	entries := []object{}
	if total > 0 {
		entries = append(entries, object{"name": "Total", "total": total})
	}
	return z.report(args, entries, days), nil
}

// groups are the seeded rows behind the words that incidents can be grouped by.
var groups = map[string]string{
	"THREAT_CATEGORY_ID": "threatCategories", "APP_ID": "incidentApps", "USER_ID": "incidentUsers", "SRC_COUNTRY": "incidentCountries",
}

// incidents resolves the report on incidents: entries of the first group hold those of the second.
func (z *zins) incidents(args object) (any, error) {
	path := []any{"CYBER_SECURITY", "incidents"}
	days, err := z.days(args, path...)
	if err != nil {
		return nil, err
	}
	by := list(args["categorize_by"])
	if len(by) == 0 || len(by) > 2 {
		return nil, &graphQLRefusal{message: "categorize_by takes one or two groups", class: "BAD_REQUEST", path: path}
	}
	outer := z.group(str(by[0]), args, days)
	for _, entry := range outer {
		if len(by) == 2 {
			entry["entries"] = divided(entry["total"].(int), z.group(str(by[1]), args, days))
		}
	}
	return object{"obfuscated": false, "entries": outer}, nil
}

// group returns the incidents in one grouping; days stay in their order.
func (z *zins) group(by string, args object, days int) []object {
	if by != "TIME" {
		return byTotal(z.entries(groups[by], days))
	}
	out := []object{}
	total := 0
	for _, entry := range z.entries("threatCategories", 1) {
		total += entry["total"].(int)
	}
	start, _ := number(args["start_time"])
	for i := range days {
		at := time.UnixMilli(int64(start)).Add(time.Duration(i) * zinsDay)
		if total > 0 {
			out = append(out, object{"name": strconv.FormatInt(at.UnixMilli(), 10), "total": total})
		}
	}
	return out
}

// divided gives each of the parts its share of total; parts that get nothing are left out.
func divided(total int, parts []object) []object {
	sum := 0
	for _, part := range parts {
		sum += part["total"].(int)
	}
	out := []object{}
	for _, part := range parts {
		if share := total * part["total"].(int) / sum; share > 0 {
			out = append(out, object{"name": part["name"], "total": share})
		}
	}
	return out
}

// devices resolves the report on devices, which is about now.
func (z *zins) devices(object) (any, error) {
	out := object{"devices_count": 0, "user_devices_count": 0, "iot_devices_count": 0, "server_devices_count": 0, "un_classified_devices_count": 0}
	counters := map[string]string{"IoT": "iot_devices_count", "User": "user_devices_count", "Server": "server_devices_count"}
	for _, row := range z.rows["devices"] {
		n, _ := number(row["total"])
		counter := counters[str(row["category"])]
		if counter == "" {
			counter = "un_classified_devices_count"
		}
		out[counter] = out[counter].(int) + n
		out["devices_count"] = out["devices_count"].(int) + n
	}
	out["entries"] = append([]object{}, z.rows["devices"]...)
	return out, nil
}
