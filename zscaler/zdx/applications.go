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
		"List the monitored applications with their ids, experience score (0 to 100), most impacted region and number of users: the place to start when something is slow.", rest.List),
	rest.Read[applicationReport]("zdx_get_application", "GET /zdx/v1/apps/{app_id}",
		"Get one application with its score, most impacted region and how many users and devices fare well, fairly and badly; who they are is in zdx_list_application_users.", rest.JSONText),
	rest.Read[applicationReport]("zdx_get_application_score_trend", "GET /zdx/v1/apps/{app_id}/score",
		"Get how the score of an application went over the time window, as data points (epoch seconds and score), to see when trouble began.", rest.JSONText),
	rest.Read[applicationMetric]("zdx_get_application_metric", "GET /zdx/v1/apps/{app_id}/metrics",
		"Get data points of the metrics of an application over the time window: page fetch time and DNS time (milliseconds), availability (percent).", rest.List, rest.JSONText),
	rest.Read[applicationUsers]("zdx_list_application_users", "GET /zdx/v1/apps/{app_id}/users",
		"List the users of an application with their ids and scores; the first page unless all is true, so narrow it by score band, place or department.", rest.Rows("users")),
	rest.Read[applicationUser]("zdx_get_application_user", "GET /zdx/v1/apps/{app_id}/users/{user_id}",
		"Get one user of an application with the score, the devices that it was used on and where those were; zdx_get_web_probes goes on from there.", rest.JSONText),
}
