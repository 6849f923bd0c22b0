package zscalertest

import "strings"

const shadowFields = "application application_category risk_index computed_risk_index sanctioned_state integration data_consumed data_uploaded data_downloaded " +
	"authenticated_users unAuthenticated_location_count last_access_time vulnerability undiscovered custom_risk_index"

// Groups of the shadow IT summary: by category with the applications in each, counted by a field of theirs ("" counts applications), and plain ones by a field.
var (
	categoryGroups = map[string]string{
		"group_by_app_cat_for_app": "", "group_by_app_cat_for_user_count": "authenticated_users", "group_by_app_cat_for_upload_bytes": "data_uploaded",
		"group_by_app_cat_for_download_bytes": "data_downloaded", "group_by_app_cat_for_total_bytes": "data_consumed",
	}
	plainGroups = map[string]string{
		"group_by_risk_index_for_app": "risk_index", "group_by_provisioning_status_for_app": "sanctioned_state", "group_by_access_for_app": "access",
	}
)

func summaryShape() string {
	var b strings.Builder
	b.WriteString("total_upload_bytes total_download_bytes total_apps total_bytes")
	for name := range categoryGroups {
		b.WriteString(" " + name + " { " + nestedEntries + " }")
	}
	for name := range plainGroups {
		b.WriteString(" " + name + " { " + plainEntries + " }")
	}
	return b.String()
}

// shadowApps resolves the list of applications; amounts of data are those of the window.
func (z *zins) shadowApps(args object) (any, error) {
	apps, err := z.used(args, "apps")
	return object{"entries": apps}, err
}

func (z *zins) used(args object, report string) ([]object, error) {
	days, err := z.days(args, "SHADOW_IT", report)
	out := []object{}
	for _, row := range z.rows["shadowApps"] {
		app := without(row)
		up, _ := number(row["data_uploaded"])
		down, _ := number(row["data_downloaded"])
		app["data_uploaded"], app["data_downloaded"], app["data_consumed"] = up*days, down*days, (up+down)*days
		app["last_access_time"] = args["end_time"]
		out = append(out, app)
	}
	return out, err
}

// shadowSummary resolves the sums over all applications.
func (z *zins) shadowSummary(args object) (any, error) {
	apps, err := z.used(args, "shadow_it_summary")
	if err != nil {
		return nil, err
	}
	out := object{
		"total_apps": len(apps), "total_upload_bytes": sum(apps, "data_uploaded"), "total_download_bytes": sum(apps, "data_downloaded"),
		"total_bytes": sum(apps, "data_consumed"),
	}
	for name, field := range categoryGroups {
		out[name] = object{"obfuscated": false, "entries": grouped(apps, "application_category", field, true)}
	}
	for name, field := range plainGroups {
		out[name] = object{"obfuscated": false, "entries": grouped(apps, field, "", false)}
	}
	return out, nil
}

// sum adds up a field; "" counts the rows.
func sum(rows []object, field string) int {
	if field == "" {
		return len(rows)
	}
	total := 0
	for _, row := range rows {
		switch v := row[field].(type) {
		case int:
			total += v
		default:
			n, _ := number(v)
			total += n
		}
	}
	return total
}

// grouped sums up a field of the applications by another, with the single ones in each group where they are wanted.
func grouped(apps []object, by, field string, single bool) []object {
	members, names := map[string][]object{}, []string{}
	for _, app := range apps {
		name := str(app[by])
		if members[name] == nil {
			names = append(names, name)
		}
		members[name] = append(members[name], app)
	}
	out := []object{}
	for _, name := range names {
		group := object{"name": name, "total": sum(members[name], field)}
		if single {
			inner := []object{}
			for _, app := range members[name] {
				inner = append(inner, object{"name": app["application"], "total": sum([]object{app}, field)})
			}
			group["entries"] = byTotal(inner)
		}
		out = append(out, group)
	}
	return byTotal(out)
}
