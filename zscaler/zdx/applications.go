package zdx

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type applicationReport struct {
	applicationID
	scope
}

type applicationMetric struct {
	applicationID
	MetricName string `json:"metric_name,omitempty" in:"query=metric_name" enum:"pft,dns,availability" jsonschema:"Metric to report: pft (page fetch time), dns (resolution time) or availability; all of them when absent."`
	scope
}

type applicationUsers struct {
	applicationID
	ScoreBucket string `json:"score_bucket,omitempty" in:"query=score_bucket" enum:"poor,okay,good" jsonschema:"Only users whose score is in this band."`
	scope
}

type applicationUser struct {
	applicationID
	UserID string `json:"user_id" in:"path" nonempty:"true" jsonschema:"User id, from zdx_list_application_users."`
	window
}

var applications = []tool.Tool{
	rest.Read[scope]("zdx_list_applications", "GET /zdx/v1/apps",
		"List the monitored applications with their experience score, most impacted region and number of users.", rest.List),
	rest.Read[applicationReport]("zdx_get_application", "GET /zdx/v1/apps/{app_id}",
		"Get one application with its score, most impacted region and how many users and devices fare well, fairly and badly.", rest.JSONText),
	rest.Read[applicationReport]("zdx_get_application_score_trend", "GET /zdx/v1/apps/{app_id}/score",
		"Get how the score of an application went over the time window, as data points.", rest.JSONText),
	rest.Read[applicationMetric]("zdx_get_application_metric", "GET /zdx/v1/apps/{app_id}/metrics",
		"Get data points of the metrics of an application (page fetch time, DNS time, availability) over the time window.", rest.List, rest.JSONText),
	rest.Read[applicationUsers]("zdx_list_application_users", "GET /zdx/v1/apps/{app_id}/users",
		"List users and devices of an application, each with its score; first page only, so narrow it by score, place or department.", rest.Rows("users")),
	rest.Read[applicationUser]("zdx_get_application_user", "GET /zdx/v1/apps/{app_id}/users/{user_id}",
		"Get one user of an application with the devices it was used on and their scores.", rest.JSONText),
}
