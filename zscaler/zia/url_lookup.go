package zia

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
	"github.com/org/zscalermcp/zscaler"
)

type urlsToLookUp struct {
	URLs []string `json:"urls" nonempty:"true" jsonschema:"URLs or domains, without scheme."`
}

// The service takes at most this many URLs a call, and about one call a second.
const (
	lookUpChunk = 100
	lookUpPause = time.Second
)

// lookUp asks for the URLs in chunks, with a pause between them, and joins the rows.
func lookUp(ctx context.Context, in urlsToLookUp) (any, error) {
	var all tool.Rows
	done := 0
	for chunk := range slices.Chunk(in.URLs, lookUpChunk) {
		rows, err := lookUpOnce(ctx, chunk, done > 0)
		if err != nil {
			return nil, fmt.Errorf("after %d of %d urls: %w", done, len(in.URLs), err)
		}
		all.Rows = append(all.Rows, rows.Rows...)
		done += len(chunk)
	}
	return all, nil
}

func lookUpOnce(ctx context.Context, urls []string, pauseFirst bool) (tool.Rows, error) {
	if pauseFirst {
		select {
		case <-ctx.Done():
			return tool.Rows{}, context.Cause(ctx)
		case <-time.After(lookUpPause):
		}
	}
	body, err := json.Marshal(urls)
	if err != nil {
		return tool.Rows{}, fmt.Errorf("zia: urls: %w", err)
	}
	return rest.SendRows(ctx, &zscaler.Request{Method: http.MethodPost, Path: "/zia/api/v1/urlLookup", Body: body, Safe: true}, "")
}
