package zscalermcp

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"text/template"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/internal/isolated"
	"github.com/org/zscalermcp/tool"
)

// A prompt is a job that people ask agents for again and again. Its plan is the template prompts/<name>.md, which a promptPlan fills.
type prompt struct {
	name, title, doc string
	args             []promptArgument
	needs            []string // tools without which there is no plan: a caller who may not use all of them is not shown the prompt
	may              []string // tools that the plan names for callers who may use them
}

//go:embed prompts/*.md
var promptTexts embed.FS

// promptTemplates are shared by the servers of a process.
var promptTemplates = sync.OnceValues(func() (*template.Template, error) { return template.ParseFS(promptTexts, "prompts/*.md") })

// A promptDesk hands out the prompts of one server. It does not change once it has been made.
type promptDesk struct {
	texts   *template.Template
	tools   map[string]tool.Info // that the server offers
	permit  func(*auth.Principal, auth.Operation) bool
	offered map[*mcp.Prompt]prompt
}

// bindPrompts offers the prompts whose tools this server offers.
func (s *Server) bindPrompts() error {
	s.prompts = &promptDesk{tools: map[string]tool.Info{}, permit: s.permit(), offered: map[*mcp.Prompt]prompt{}}
	if s.cfg.noPrompts {
		return nil
	}
	for _, info := range s.tools.Tools() {
		s.prompts.tools[info.Name] = info
	}
	var err error
	if s.prompts.texts, err = promptTemplates(); err != nil {
		return fmt.Errorf("prompts: %w", err)
	}
	for _, p := range prompts {
		if slices.ContainsFunc(p.needs, func(name string) bool { return s.prompts.tools[name].Name == "" }) {
			continue
		}
		wire := p.wire()
		s.prompts.offered[wire] = p
		s.mcp.AddPrompt(wire, s.prompts.handler(p))
	}
	s.mcp.AddReceivingMiddleware(s.prompts.filter)
	return nil
}

func (p prompt) wire() *mcp.Prompt {
	wire := &mcp.Prompt{Name: p.name, Title: p.title, Description: p.doc}
	for _, a := range p.args {
		wire.Arguments = append(wire.Arguments, &mcp.PromptArgument{Name: a.name, Description: a.described(), Required: a.required})
	}
	return wire
}

// filter is a receiving middleware that lists, of this module's prompts, those whose tools the caller may use. Prompts of the host's are the host's affair.
func (d *promptDesk) filter(next mcp.MethodHandler) mcp.MethodHandler {
	return func(ctx context.Context, method string, req mcp.Request) (mcp.Result, error) {
		result, err := next(ctx, method, req)
		list, ok := result.(*mcp.ListPromptsResult)
		if !ok || list == nil {
			return result, err
		}
		caller, mine := promptCaller(ctx), *list
		mine.Prompts = slices.DeleteFunc(slices.Clone(list.Prompts), func(wire *mcp.Prompt) bool {
			p, ours := d.offered[wire]
			return ours && !d.shown(p, caller)
		})
		mine.NextCursor = ""        // it holds a name
		mine.CacheScope = "private" // what one caller sees is not for the next
		return &mine, err
	}
}

// handler fills the plan of p. For callers who may not use its tools there is no such prompt: the answer is the SDK's for a name that it has never heard.
func (d *promptDesk) handler(p prompt) mcp.PromptHandler {
	return func(ctx context.Context, req *mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
		caller := promptCaller(ctx)
		if !d.shown(p, caller) {
			return nil, &jsonrpc.Error{Code: jsonrpc.CodeInvalidParams, Message: fmt.Sprintf("unknown prompt %q", p.name)}
		}
		values, err := p.accept(req.Params.Arguments)
		if err != nil {
			return nil, &jsonrpc.Error{Code: jsonrpc.CodeInvalidParams, Message: err.Error()}
		}
		var text bytes.Buffer
		if err := d.texts.ExecuteTemplate(&text, p.name+".md", d.plan(p, values, caller)); err != nil {
			return nil, fmt.Errorf("prompt %s: %w", p.name, err)
		}
		content := &mcp.TextContent{Text: strings.TrimSpace(text.String()) + "\n"}
		return &mcp.GetPromptResult{Description: p.doc, Messages: []*mcp.PromptMessage{{Role: "user", Content: content}}}, nil
	}
}

// shown reports whether caller may use every tool that p cannot do without.
func (d *promptDesk) shown(p prompt, caller *auth.Principal) bool {
	return !slices.ContainsFunc(p.needs, func(name string) bool { return !d.permitted(caller, name) })
}

func (d *promptDesk) permitted(caller *auth.Principal, name string) bool {
	info, ok := d.tools[name]
	return ok && d.permit(caller, operationOf(info))
}

// promptCaller returns the caller of ctx; without one it is the program itself, as for tools.
func promptCaller(ctx context.Context) *auth.Principal {
	if p, ok := auth.PrincipalFromContext(ctx); ok {
		return p
	}
	return isolated.Local
}
