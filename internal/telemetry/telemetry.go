// Package telemetry tells OpenTelemetry of the MCP requests that a server handles, by the semantic conventions for MCP: a server span and
// one measurement of mcp.server.operation.duration for each. Neither holds arguments, answers, session ids or who is calling.
package telemetry

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
	tracenoop "go.opentelemetry.io/otel/trace/noop"
)

const scope = "github.com/org/zscalermcp"

// Names of attributes in the semantic conventions.
const (
	keyMethod    = attribute.Key("mcp.method.name")
	keyProtocol  = attribute.Key("mcp.protocol.version")
	keyTool      = attribute.Key("gen_ai.tool.name")
	keyPrompt    = attribute.Key("gen_ai.prompt.name")
	keyOperation = attribute.Key("gen_ai.operation.name")
	keyError     = attribute.Key("error.type")
	keyStatus    = attribute.Key("rpc.response.status_code")
)

// bounds are the buckets that the semantic conventions advise, in seconds.
var bounds = []float64{0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300}

// A Config says whom to tell. Nil providers are told nothing.
type Config struct {
	Traces  trace.TracerProvider
	Metrics metric.MeterProvider
	Version string // of this module
	// Known reports whether a tool or prompt of that name exists: names that callers invent must not become attributes.
	Known func(name string) bool
}

// Middleware returns the receiving middleware of a server. The error is the meter's.
func Middleware(cfg Config) (mcp.Middleware, error) {
	adopt := parent
	if cfg.Traces == nil {
		cfg.Traces = tracenoop.NewTracerProvider()
		adopt = func(ctx context.Context, _ mcp.Request) context.Context { return ctx } // else the caller's own span would go on to the tenant
	}
	if cfg.Metrics == nil {
		cfg.Metrics = metricnoop.NewMeterProvider()
	}
	tracer := cfg.Traces.Tracer(scope, trace.WithInstrumentationVersion(cfg.Version))
	duration, err := cfg.Metrics.Meter(scope, metric.WithInstrumentationVersion(cfg.Version)).Float64Histogram("mcp.server.operation.duration",
		metric.WithUnit("s"), metric.WithDescription("How long the server took for an MCP request or notification."), metric.WithExplicitBucketBoundaries(bounds...))
	if err != nil {
		return nil, fmt.Errorf("telemetry: %w", err)
	}
	return func(next mcp.MethodHandler) mcp.MethodHandler {
		return func(ctx context.Context, method string, req mcp.Request) (mcp.Result, error) {
			name, attributes := cfg.describe(method, req)
			ctx, span := tracer.Start(adopt(ctx, req), name, trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(attributes...), trace.WithAttributes(protocol(req)...))
			defer span.End()
			began := time.Now()
			result, err := next(ctx, method, req)
			if failure := failureOf(result, err); failure != "" {
				attributes = append(attributes, keyError.String(failure))
				span.SetStatus(codes.Error, failure) // never the message, which may hold what a caller has sent
				span.SetAttributes(outcome(failure, err)...)
			}
			duration.Record(ctx, time.Since(began).Seconds(), metric.WithAttributes(attributes...))
			return result, err
		}
	}, nil
}

// describe names the span of a request, and what is known of it before it is handled.
func (cfg Config) describe(method string, req mcp.Request) (name string, attributes []attribute.KeyValue) {
	attributes = []attribute.KeyValue{keyMethod.String(method)}
	target, key := "", keyTool
	switch params := req.GetParams().(type) {
	case *mcp.CallToolParamsRaw:
		if params != nil {
			target = params.Name
		}
		attributes = append(attributes, keyOperation.String("execute_tool"))
	case *mcp.GetPromptParams:
		if params != nil {
			target, key = params.Name, keyPrompt
		}
	}
	if target == "" || !cfg.Known(target) {
		return method, attributes
	}
	return method + " " + target, append(attributes, key.String(target))
}

// protocol is the version that the session speaks, where it is known.
func protocol(req mcp.Request) []attribute.KeyValue {
	session, ok := req.GetSession().(*mcp.ServerSession)
	if !ok || session == nil || session.InitializeParams() == nil {
		return nil
	}
	return []attribute.KeyValue{keyProtocol.String(clip(session.InitializeParams().ProtocolVersion))}
}

// clip keeps what a client calls its protocol short.
func clip(version string) string { return version[:min(len(version), len("2026-07-28"))] }

// parent is ctx with the span that the caller names in _meta (traceparent), unless the host has begun one for the request.
func parent(ctx context.Context, req mcp.Request) context.Context {
	params := req.GetParams()
	if trace.SpanContextFromContext(ctx).IsValid() || isNil(params) {
		return ctx
	}
	carrier := propagation.MapCarrier{}
	for _, name := range []string{"traceparent", "tracestate"} {
		if text, ok := params.GetMeta()[name].(string); ok {
			carrier[name] = text
		}
	}
	return propagation.TraceContext{}.Extract(ctx, carrier)
}

// isNil reports whether a message came without params.
func isNil(params mcp.Params) bool {
	v := reflect.ValueOf(params)
	return !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil()
}

// failureOf is the error.type of an outcome, "" for a success.
func failureOf(result mcp.Result, err error) string {
	var wire *jsonrpc.Error
	switch {
	case errors.As(err, &wire):
		return strconv.FormatInt(wire.Code, 10)
	case err != nil:
		return "_OTHER"
	}
	if called, ok := result.(*mcp.CallToolResult); ok && called != nil && called.IsError {
		return "tool_error"
	}
	return ""
}

// outcome is what a span tells of a failure.
func outcome(failure string, err error) []attribute.KeyValue {
	attributes := []attribute.KeyValue{keyError.String(failure)}
	if wire := (*jsonrpc.Error)(nil); errors.As(err, &wire) {
		attributes = append(attributes, keyStatus.String(failure))
	}
	return attributes
}
