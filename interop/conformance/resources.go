package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

const (
	templatePrefix = "test://template/"
	templateSuffix = "/data"
)

func addResources(s *mcp.Server) {
	for _, r := range []struct {
		name, doc string
		contents  mcp.ResourceContents
	}{
		{"static-text", "Text that stays.", mcp.ResourceContents{MIMEType: "text/plain", Text: "This is the content of the static text resource."}},
		{"static-binary", "An image that stays.", mcp.ResourceContents{MIMEType: pngType, Blob: redPixel()}},
		{"watched-resource", "Text that clients subscribe to.", mcp.ResourceContents{MIMEType: "text/plain", Text: "Watched resource content"}},
	} {
		r.contents.URI = "test://" + r.name
		s.AddResource(&mcp.Resource{URI: r.contents.URI, Name: r.name, Description: r.doc, MIMEType: r.contents.MIMEType}, fixed(r.contents))
	}
	s.AddResourceTemplate(&mcp.ResourceTemplate{
		URITemplate: templatePrefix + "{id}" + templateSuffix, Name: "template",
		Description: "Data for an id.", MIMEType: "application/json",
	}, fromTemplate)
}

func fixed(contents mcp.ResourceContents) mcp.ResourceHandler {
	return func(context.Context, *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
		return &mcp.ReadResourceResult{Contents: []*mcp.ResourceContents{&contents}}, nil
	}
}

func fromTemplate(_ context.Context, req *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
	uri := req.Params.URI
	id := strings.TrimSuffix(strings.TrimPrefix(uri, templatePrefix), templateSuffix)
	return &mcp.ReadResourceResult{Contents: []*mcp.ResourceContents{{
		URI: uri, MIMEType: "application/json",
		Text: fmt.Sprintf(`{"id":%q,"templateTest":true,"data":%q}`, id, "Data for ID: "+id),
	}}}, nil
}
