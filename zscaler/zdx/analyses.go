package zdx

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const analysisPath = "/zdx/v1/analysis"

type newAnalysis struct {
	DeviceID string `json:"device_id" in:"body=device_id" jsonschema:"Device id, from zdx_list_devices."`
	AppID    int    `json:"app_id" in:"body=app_id" jsonschema:"Application id, from zdx_list_applications."`
	T0       *int   `json:"t0,omitempty" in:"body=t0" jsonschema:"Start of the time to analyse, in epoch seconds."`
	T1       *int   `json:"t1,omitempty" in:"body=t1" jsonschema:"End of the time to analyse, in epoch seconds."`
}

type analysisID struct {
	AnalysisID string `json:"analysis_id" in:"path" nonempty:"true" jsonschema:"Analysis id, from zdx_start_analysis."`
}

var analyses = []tool.Tool{
	rest.Create[newAnalysis]("zdx_start_analysis", "POST "+analysisPath,
		"Start an analysis of why the score of an application on a device was low. It runs for a while: "+
			"ask zdx_get_analysis with the analysis_id that it returns.", rest.Finish(started("analysis_id", ""))),
	rest.Read[analysisID]("zdx_get_analysis", "GET "+analysisPath+"/{analysis_id}",
		"Get the status of an analysis, and under data its findings: the issue, how sure that is (confidence in percent), an explanation and times in epoch seconds.",
		rest.JSONText, rest.Finish(analysisStatus)),
	rest.Delete[analysisID]("zdx_delete_analysis", "DELETE "+analysisPath+"/{analysis_id}",
		"Stop an analysis that is running, or drop the findings of one that is done; they cannot be had again."),
}

// started completes the answer to the start of something: its id stands in the member id, the status is
// "started" unless the service says otherwise, and the arguments in echo are repeated where the answer
// lacks them. Without an id the answer says so, and names the tool that finds it, "" for none.
func started(id, finder string, echo ...string) func(context.Context, *rest.Plan, *rest.Answer) error {
	return func(_ context.Context, p *rest.Plan, a *rest.Answer) error {
		var answer map[string]json.RawMessage
		if err := json.Unmarshal(a.Record, &answer); err != nil {
			return fmt.Errorf("it may have been started, but the service did not answer an object: %w", err)
		}
		fallBack(answer, id, answer["id"])
		fallBack(answer, "status", json.RawMessage(`"started"`))
		for _, name := range echo {
			sent, _ := p.Args.Raw(name)
			fallBack(answer, name, sent)
		}
		if missing(answer[id]) {
			hint := "The service answered without " + id
			if finder != "" {
				hint += "; " + finder + " tells it"
			}
			answer["message"] = json.RawMessage(fmt.Sprintf("%q", hint+"."))
		}
		a.Record = rest.Encode(answer)
		return nil
	}
}

// fallBack sets a member that is missing.
func fallBack(object map[string]json.RawMessage, member string, value json.RawMessage) {
	if missing(object[member]) {
		object[member] = value
	}
}

func missing(value json.RawMessage) bool { return len(value) == 0 || string(value) == "null" }

// analysisStatus puts the record under data, beside its id and its status.
func analysisStatus(_ context.Context, p *rest.Plan, a *rest.Answer) error {
	if a.Record == nil {
		return nil
	}
	var record map[string]json.RawMessage
	if err := json.Unmarshal(a.Record, &record); err != nil {
		return fmt.Errorf("the service did not answer an object: %w", err)
	}
	id, _ := p.Args.Raw("analysis_id")
	fallBack(record, "status", record["state"])
	a.Record = rest.Encode(map[string]json.RawMessage{"analysis_id": id, "status": record["status"], "data": a.Record})
	return nil
}
