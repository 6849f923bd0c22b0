package zscalermcp_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/trace"
	tracenoop "go.opentelemetry.io/otel/trace/noop"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/zscaler/zscalertest"
)

// A recorder remembers what a tracer and a meter are told.
type recorder struct {
	mu    sync.Mutex
	spans []*recordedSpan
	times []string
}

type recordedSpan struct {
	tracenoop.Span
	name, attributes, status string
	context, parent          trace.SpanContext
}

// traces and meters are the providers of a recorder, one interface each.
type (
	traces struct {
		tracenoop.TracerProvider
		r *recorder
	}
	tracer struct {
		tracenoop.Tracer
		r *recorder
	}
	meters struct {
		metricnoop.MeterProvider
		r *recorder
	}
	meter struct {
		metricnoop.Meter
		r *recorder
	}
	histogram struct {
		metricnoop.Float64Histogram
		r    *recorder
		name string
	}
)

func (p traces) Tracer(string, ...trace.TracerOption) trace.Tracer { return tracer{r: p.r} }
func (p meters) Meter(string, ...metric.MeterOption) metric.Meter  { return meter{r: p.r} }

func (m meter) Float64Histogram(name string, opts ...metric.Float64HistogramOption) (metric.Float64Histogram, error) {
	return histogram{r: m.r, name: name + " " + metric.NewFloat64HistogramConfig(opts...).Unit()}, nil
}

func (h histogram) Record(_ context.Context, value float64, opts ...metric.RecordOption) {
	h.r.mu.Lock()
	defer h.r.mu.Unlock()
	set := metric.NewRecordConfig(opts).Attributes()
	h.r.times = append(h.r.times, fmt.Sprintf("%s %v %s", h.name, value >= 0, shown(set.ToSlice())))
}

func (tr tracer) Start(ctx context.Context, name string, opts ...trace.SpanStartOption) (context.Context, trace.Span) {
	config := trace.NewSpanStartConfig(opts...)
	parent := trace.SpanContextFromContext(ctx)
	tr.r.mu.Lock()
	defer tr.r.mu.Unlock()
	id := byte(len(tr.r.spans) + 1)
	traceID := parent.TraceID()
	if !parent.IsValid() {
		traceID = trace.TraceID{id}
	}
	span := &recordedSpan{name: fmt.Sprintf("%s (%s)", name, config.SpanKind()), attributes: shown(config.Attributes()), parent: parent,
		context: trace.NewSpanContext(trace.SpanContextConfig{TraceID: traceID, SpanID: trace.SpanID{id}, TraceFlags: trace.FlagsSampled, TraceState: parent.TraceState()})}
	tr.r.spans = append(tr.r.spans, span)
	return trace.ContextWithSpan(ctx, span), span
}

func (s *recordedSpan) SpanContext() trace.SpanContext         { return s.context }
func (s *recordedSpan) SetStatus(code codes.Code, text string) { s.status = code.String() + " " + text }
func (s *recordedSpan) SetAttributes(attributes ...attribute.KeyValue) {
	s.attributes += " " + shown(attributes)
}

func shown(attributes []attribute.KeyValue) string {
	var parts []string
	for _, a := range attributes {
		parts = append(parts, string(a.Key)+"="+a.Value.String())
	}
	slices.Sort(parts)
	return strings.Join(parts, " ")
}

// Each request is a span and a measurement, without what callers have sent, and the tenant is told of the trace.
func TestTelemetry(t *testing.T) {
	r := &recorder{}
	tenant, opts := tenantOptions(t)
	srv := newServer(t, append(opts, withKey(t), zscalermcp.WithTracerProvider(traces{r: r}), zscalermcp.WithMeterProvider(meters{r: r}))...)
	session := connect(t, serve(t, srv)+"/mcp", testKey, "", nil)
	params := &mcp.CallToolParams{Name: "zia_list_rule_labels", Arguments: map[string]any{"search": "a-secret-word"}}
	params.SetMeta(map[string]any{"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"})
	if _, err := session.CallTool(t.Context(), params); err != nil {
		t.Fatal(err)
	}
	_, _ = call(t, session, "zia_get_rule_label", map[string]any{"label_id": "999999"})
	_, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "a-secret-word"})
	if err == nil {
		t.Fatal("there is such a tool")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	var lines []string
	for _, s := range r.spans {
		lines = append(lines, strings.TrimSpace(s.name+" "+s.attributes+" "+s.status))
	}
	all := strings.Join(lines, "\n") + "\n" + strings.Join(r.times, "\n")
	for _, want := range []string{
		"tools/call zia_list_rule_labels (server) gen_ai.operation.name=execute_tool gen_ai.tool.name=zia_list_rule_labels mcp.method.name=tools/call",
		"tools/call zia_get_rule_label (server) gen_ai.operation.name=execute_tool gen_ai.tool.name=zia_get_rule_label mcp.method.name=tools/call",
		"error.type=tool_error Error tool_error",
		"tools/call (server) gen_ai.operation.name=execute_tool mcp.method.name=tools/call",
		"rpc.response.status_code=-32602",
		"mcp.server.operation.duration s true gen_ai.operation.name=execute_tool gen_ai.tool.name=zia_list_rule_labels mcp.method.name=tools/call",
		"mcp.server.operation.duration s true error.type=tool_error gen_ai.operation.name=execute_tool gen_ai.tool.name=zia_get_rule_label mcp.method.name=tools/call",
		"mcp.server.operation.duration s true error.type=-32602 gen_ai.operation.name=execute_tool mcp.method.name=tools/call",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in\n%s", want, all)
		}
	}
	for _, secret := range []string{"a-secret-word", "999999", testKey, "tester"} {
		if strings.Contains(all, secret) {
			t.Errorf("%q is told:\n%s", secret, all)
		}
	}
	first := slices.IndexFunc(r.spans, func(s *recordedSpan) bool { return strings.Contains(s.name, "zia_list_rule_labels") })
	span := r.spans[first].context
	if got := r.spans[first].parent.TraceID().String(); got != "0af7651916cd43dd8448eb211c80319c" {
		t.Errorf("the parent's trace is %s", got)
	}
	requests := tenant.Requests()
	i := slices.IndexFunc(requests, func(req zscalertest.Request) bool { return strings.HasSuffix(req.Path, "/ruleLabels") })
	if want := fmt.Sprintf("00-%s-%s-01", span.TraceID(), span.SpanID()); requests[i].Header.Get("Traceparent") != want {
		t.Errorf("the tenant is told of %q, want %q", requests[i].Header.Get("Traceparent"), want)
	}
}

// Without a provider nothing is told, and the tenant gets no header.
func TestNoTelemetry(t *testing.T) {
	tenant, opts := tenantOptions(t)
	session := connect(t, serve(t, newServer(t, append(opts, withKey(t))...))+"/mcp", testKey, "", nil)
	if text, failed := call(t, session, "zia_list_rule_labels", nil); failed {
		t.Fatal(text)
	}
	for _, req := range tenant.Requests() {
		if req.Header.Get("Traceparent") != "" {
			t.Errorf("%s has a traceparent", req.Path)
		}
	}
	for name, option := range map[string]zscalermcp.Option{"WithTracerProvider": zscalermcp.WithTracerProvider(nil), "WithMeterProvider": zscalermcp.WithMeterProvider(nil)} {
		if _, err := zscalermcp.New(zscalermcp.WithEnv(nil), option); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s(nil): %v", name, err)
		}
	}
}

// What a caller says of a trace goes on to the tenant only as the parent of a span of the server's own, and never what its systems add in tracestate.
func TestCallersTraces(t *testing.T) {
	const theirs = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	r := &recorder{}
	for name, tc := range map[string]struct {
		option zscalermcp.Option
		goesOn bool
	}{
		"spans":        {zscalermcp.WithTracerProvider(traces{r: r}), true},
		"measurements": {zscalermcp.WithMeterProvider(meters{r: r}), false},
	} {
		t.Run(name, func(t *testing.T) {
			tenant, opts := tenantOptions(t)
			session := connect(t, serve(t, newServer(t, append(opts, withKey(t), tc.option)...))+"/mcp", testKey, "", nil)
			params := &mcp.CallToolParams{Name: "zia_list_rule_labels"}
			params.SetMeta(map[string]any{"traceparent": theirs, "tracestate": "acme=user-alice"})
			if _, err := session.CallTool(t.Context(), params); err != nil {
				t.Fatal(err)
			}
			for _, req := range tenant.Requests() {
				got := req.Header.Get("Traceparent")
				if strings.HasPrefix(got, theirs[:35]) != tc.goesOn || got == theirs || req.Header.Get("Tracestate") != "" {
					t.Errorf("%s: %q, %q", req.Path, got, req.Header.Get("Tracestate"))
				}
			}
		})
	}
}
