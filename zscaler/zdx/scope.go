package zdx

// window limits a report to the last hours. Without it the service reports on the last two.
type window struct {
	Since int `json:"since,omitempty" in:"query=from|hours_ago;query=to|now" min:"1" jsonschema:"Look back this many hours; the service looks back two when absent."`
}

// places limits a report to places and departments; ids of one kind are alternatives.
type places struct {
	LocationID   []string `json:"location_id,omitempty" in:"query=loc" skipempty:"true" jsonschema:"Zscaler location ids, from zdx_list_locations."`
	DepartmentID []string `json:"department_id,omitempty" in:"query=dept" skipempty:"true" jsonschema:"Department ids, from zdx_list_departments."`
	GeoID        []string `json:"geo_id,omitempty" in:"query=geo" skipempty:"true" jsonschema:"Geolocation ids, dotted texts, from members geolocations of zdx_get_alert or geo_loc of zdx_get_application_user."`
}

// scope limits a report to places, departments and the last hours.
type scope struct {
	places
	window
}

// applicationID names the application of a report.
type applicationID struct {
	AppID string `json:"app_id" in:"path" nonempty:"true" jsonschema:"Application id, from zdx_list_applications."`
}
