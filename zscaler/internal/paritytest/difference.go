package paritytest

// A Difference is a deliberate departure from the vendor's server. What no difference names has to be as the table says.
type Difference struct {
	// Tools are the tools that it is about: names, or patterns as of path.Match.
	Tools []string
	// Text tells readers of docs/differences.md what is otherwise and why, in one or two sentences.
	Text string
	// Defect marks the answer to what the table records as a defect of the vendor's tool.
	Defect bool
	// Params turns arguments of the vendor's into ours, by name.
	Params map[string]func(*Param)
	// Adds are arguments that the vendor's tool does not have, by name; the value is how ours is declared.
	Adds map[string]Param
	// Declare changes what of the tool is not about its arguments.
	Declare func(*Declaration)
	// Requests turns the requests of the vendor's tool for args into ours.
	Requests func(args map[string]any, requests []Request) []Request
	// Elsewhere names the test function that shows the requests, where they depend on answers or are not what the table can tell.
	Elsewhere string
}
