package paritytest

import "path"

// A Difference is a deliberate departure from the vendor's server. What no difference names has to be as the table says.
// One that changes nothing, or whose patterns match no tool, is reported.
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
	// Requests turns the requests of the vendor's tool for args into ours; none: ours refuses the call. It owns
	// what it gets, numbers are json.Number. Of an update that reads first the body holds what is laid over
	// the object, and the reads of an object before it is changed or deleted are not in the list.
	Requests func(args map[string]any, requests []Request) []Request
	// Elsewhere names the test function that shows the requests, where they depend on answers or are not what the table can tell.
	// It is reported when all requests agree with the table's: then Test is meant.
	Elsewhere string
	// Test names the test function that shows a difference in something else than arguments and requests, such as
	// the answer: the requests are compared all the same.
	Test string
}

// covers reports whether the difference is about the tool.
func (d *Difference) covers(name string) bool { return matches(d.Tools, name) }

func matches(patterns []string, name string) bool {
	for _, pattern := range patterns {
		if ok, err := path.Match(pattern, name); ok && err == nil {
			return true
		}
	}
	return false
}

// A Hint tells what has to be known of tools to call them with generated arguments, and the table does not say.
type Hint struct {
	// Tools are the tools that it is about: names, or patterns as of path.Match.
	Tools []string
	// Values are lawful values of arguments, by name, where any text or number would not do.
	Values map[string][]any
	// Always are arguments that every call has, since the tool demands them in words only.
	Always map[string]any
	// Refuses tells calls that the vendor's tool refuses, too, by a rule that its parameters do not tell.
	Refuses func(args map[string]any) bool
	// Answer answers for the gateway; status 0 leaves it to the engine, which answers every request with an object.
	Answer Answer
	// Read is the path that an update or delete reads its object from, where it is not the path it writes to,
	// for example "/zia/api/v1/things/{thing_id}".
	Read string
}

func (h *Hint) covers(name string) bool { return matches(h.Tools, name) }

// RenameQuery returns the Requests of a [Difference] in the names of query arguments: the vendor's and ours.
func RenameQuery(names map[string]string) func(map[string]any, []Request) []Request {
	return func(_ map[string]any, requests []Request) []Request {
		for _, r := range requests {
			for vendor, ours := range names {
				if values, ok := r.Query[vendor]; ok {
					delete(r.Query, vendor)
					r.Query[ours] = values
				}
			}
		}
		return requests
	}
}
