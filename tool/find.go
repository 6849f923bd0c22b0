package tool

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
)

// Weights of where a word of a search stands.
const (
	inName     = 4.0
	inToolset  = 2.0
	inDoc      = 1.0
	inArgument = 0.5
)

// maxTask bounds a search, in bytes: each of its words is looked up for each tool.
const maxTask = 1 << 10

// A toolIndex finds tools by words.
type toolIndex struct {
	tools []*compiled
	words []map[string]float64 // of each tool, with the weight of its best place
	seen  map[string]int       // in how many tools a word is
}

func newToolIndex(tools []*compiled) *toolIndex {
	x := &toolIndex{tools: tools, seen: map[string]int{}}
	for _, t := range tools {
		words := map[string]float64{}
		add := func(text string, weight float64) {
			for _, word := range wordsOf(text) {
				words[word] = max(words[word], weight)
			}
		}
		add(t.spec.Name, inName)
		add(t.toolset, inToolset)
		add(t.spec.Doc, inDoc)
		for _, arg := range t.args.fields {
			add(arg.name+" "+arg.doc, inArgument)
		}
		for word := range words {
			x.seen[word]++
		}
		x.words = append(x.words, words)
	}
	return x
}

// search returns at most limit tools of those that keep accepts, the best first. Words that few tools have count more.
func (x *toolIndex) search(text string, limit int, keep func(*compiled) bool) []*compiled {
	type hit struct {
		tool  *compiled
		score float64
	}
	var hits []hit
	wanted := wordsOf(text)
	for i, t := range x.tools {
		score := 0.0
		for _, word := range wanted {
			score += x.words[i][word] * math.Log(1+float64(len(x.tools))/float64(1+x.seen[word]))
		}
		if score > 0 && keep(t) {
			hits = append(hits, hit{t, score / math.Sqrt(float64(len(wordsOf(t.spec.Name))))})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(b.score, a.score) })
	found := make([]*compiled, 0, limit)
	for _, h := range hits[:min(limit, len(hits))] {
		found = append(found, h.tool)
	}
	return found
}

// synonyms are words of people for those of the catalogue.
var synonyms = map[string]string{
	"show": "list", "display": "list", "find": "list", "search": "list", "view": "get", "read": "get", "fetch": "get",
	"add": "create", "new": "create", "make": "create", "onboard": "create", "change": "update", "edit": "update", "modify": "update", "set": "update",
	"remove": "delete", "drop": "delete", "website": "url", "site": "url", "webpage": "url", "domain": "url",
	"app": "application", "apps": "application", "laptop": "device", "computer": "device", "phone": "device", "endpoint": "device",
	"commit": "activate", "publish": "activate", "apply": "activate", "deploy": "activate", "tls": "ssl", "decryption": "inspection", "decrypt": "inspection",
	"offline": "connector", "slow": "experience", "latency": "experience", "performance": "experience", "password": "otp", "people": "user", "person": "user", "employee": "user",
}

// fillers say nothing of a task.
var fillers = map[string]bool{
	"a": true, "an": true, "the": true, "of": true, "to": true, "for": true, "in": true, "on": true, "with": true, "and": true, "or": true, "is": true, "are": true,
	"which": true, "what": true, "how": true, "my": true, "our": true, "all": true, "i": true, "me": true, "from": true, "by": true, "that": true, "it": true, "this": true, "their": true, "please": true,
}

// hyphens joins words that are written with and without.
var hyphens = strings.NewReplacer("e-mail", "email", "sub-", "sub", "pre-", "pre")

// wordsOf cuts text into lower-case words in a common form.
func wordsOf(text string) []string {
	var words []string
	for _, word := range strings.FieldsFunc(hyphens.Replace(strings.ToLower(text)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if fillers[word] {
			continue
		}
		word = singular(word)
		words = append(words, cmp.Or(synonyms[word], word))
	}
	return words
}

// singular returns the singular of an English plural, or something that its singular becomes, too.
func singular(word string) string {
	switch {
	case len(word) > 4 && strings.HasSuffix(word, "ies"):
		return strings.TrimSuffix(word, "ies") + "y"
	case len(word) > 4 && (strings.HasSuffix(word, "sses") || strings.HasSuffix(word, "xes")):
		return strings.TrimSuffix(word, "es")
	case len(word) > 3 && strings.HasSuffix(word, "s") && !strings.HasSuffix(word, "ss"):
		return strings.TrimSuffix(word, "s")
	}
	return word
}

func findTools(ctx context.Context, in wantedTool) (any, error) {
	v, err := agentViewOf(ctx)
	if err != nil {
		return nil, err
	}
	if len(in.Task) > maxTask {
		return nil, &refusal{text: fmt.Sprintf("task is longer than %d bytes; say in a few words what is to be done", maxTask), outcome: outcomeInvalid}
	}
	permitted := v.engine.permittedFor(v.principal)
	found := v.engine.index().search(in.Task, in.Limit, func(t *compiled) bool { return t.service != AgentService && permitted(v.engine.known[t.spec.Name]) })
	if len(found) == 0 {
		return nil, fmt.Errorf("no tool's name or description has one of the words of %q; try other words, or zscaler_list_toolsets", clip(in.Task))
	}
	var rows []any
	for _, t := range found {
		row := v.row(t)
		row.Toolset, row.InputSchema = t.toolset, t.wire.InputSchema
		rows = append(rows, row)
	}
	return rowsOf(rows)
}
