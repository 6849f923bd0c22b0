// Package rest turns a declared endpoint of the OneAPI gateway into a tool.
//
// The arguments are the fields of a struct. Besides the tags of package tool a field has an in tag that
// says where its value goes:
//
//	in:"path"                     the wildcard of the same name in the endpoint's path, escaped
//	in:"query=pageSize"           a query parameter; lists become repeated keys
//	in:"body=parent.apiName"      a member of the JSON body; dots nest
//	in:"body=serverGroups[].id"   a list of ids becomes a list of objects
//	in:"body=*"                   an object whose members are merged into the body, snake_case names
//	                              turned into the API's camelCase; it goes last. Refused are its
//	                              id, its microtenant, what the service sets itself, and members
//	                              that another argument gives another value
//	in:"body=$"                   the whole body
//	in:"var=filter.name.contains" a GraphQL variable
//	in:"-"                        not sent: for Prepare and Finish
//
// Several places are separated by semicolons, and each may end in a conversion behind a bar:
// in:"query=from|hours_ago;query=to|now", in:"query=search|zpa_filter", in:"body=action|upper":
//
//	upper            text in upper case, also in a list
//	string           a number or boolean as text
//	int              a text of digits as a number, also in a list
//	state            true as "ENABLED", false as "DISABLED"
//	zpa_filter       text as ZPA's search expression, name+EQ+text unless it holds an operator
//	hours_ago        n as the epoch second n hours before the call
//	days_ago         n as the epoch second n days before the call
//	now              the epoch second of the call, whatever the value
//	list             text as a list of it; the JSON text of a list as that list
//	camel            keys in camelCase, at every depth
//	zia_advanced     the advanced members of a ZIA rule, for body=*
//	zpa_flag         true as "TRUE", false as "FALSE"
//	zpa_key_type     connector as CONNECTOR_GRP, service_edge as SERVICE_EDGE_GRP, for a path
//
// Further tags:
//
//	unset:"[]"       JSON sent, as it is, when the argument is absent; else an absent argument is not
//	                 sent. In an update that reads first, the object's own value goes before it.
//	skipempty:"true" an empty string, list or object, and zero, count as absent
//
// Ids below another member (serverGroups[].id, owner.id) are sent as the service writes them: numbers
// in ZIA and ZTW, strings in ZPA, digits exact. A path argument that could name another resource is
// refused before anything is sent. [tool.Compile] reports every mistake of a declaration.
//
// The placeholders {customer_id} and {zcell_customer_id} in a path stand for the tenant's settings and
// need no field.
package rest
