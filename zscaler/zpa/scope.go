package zpa

// scope limits a call to one microtenant.
type scope struct {
	MicrotenantID string `json:"microtenant_id,omitempty" in:"query=microtenantId" skipempty:"true" jsonschema:"Microtenant to act in; leave out for the configured one."`
}

// ownerScope is scope for writes whose object also names its microtenant.
type ownerScope struct {
	MicrotenantID string `json:"microtenant_id,omitempty" in:"query=microtenantId;body=microtenantId" skipempty:"true" jsonschema:"Microtenant to act in; leave out for the configured one."`
}

// page selects a part of a list.
type page struct {
	Page     *int `json:"page,omitempty" in:"query=page" min:"1" jsonschema:"Page number, from 1; the first page by default."`
	PageSize *int `json:"page_size,omitempty" in:"query=pagesize" min:"1" max:"500" jsonschema:"Rows a page; 20 by default."`
}

// filter narrows a list.
type filter struct {
	Search string `json:"search,omitempty" in:"query=search|zpa_filter" skipempty:"true" jsonschema:"Exact name, or a filter such as name+CONTAINS+web (EQ, NE, GT, LT, GE, LE, CONTAINS, STARTSWITH, ENDSWITH)."`
}

// search is what lists of ZPA take.
type search struct {
	filter
	scope
	page
}
