package zcell

const (
	api      = "/zcell/config/api/v1"
	customer = api + "/customers/{zcell_customer_id}"
)

// page limits a list to one page; the service counts pages from 0.
type page struct {
	Page int `json:"page,omitempty" in:"query=page" min:"0" jsonschema:"Page to return, counted from 0; the first when absent."`
	Size int `json:"size,omitempty" in:"query=size" min:"1" max:"100" jsonschema:"Rows a page, 1 to 100; 10 when absent."`
}

// pageInBody is the same for searches that want it beside their filters.
type pageInBody struct {
	Page int `json:"page,omitempty" in:"body=page" min:"0" jsonschema:"Page to return, counted from 0; the first when absent."`
	Size int `json:"size,omitempty" in:"body=size" min:"1" max:"100" jsonschema:"Rows a page, 1 to 100; 10 when absent."`
}

// violationDays and usageDays look back from now. The service names the times differently in its two families of reports.
type violationDays struct {
	Days int `json:"days,omitempty" in:"query=startDateTime|days_ago;query=endDateTime|now" default:"7" min:"1" max:"365" jsonschema:"Look back this many days from now, 1 to 365."`
}

type usageDays struct {
	Days int `json:"days,omitempty" in:"query=startDate|days_ago;query=endDate|now" default:"7" min:"1" max:"365" jsonschema:"Look back this many days from now, 1 to 365."`
}
