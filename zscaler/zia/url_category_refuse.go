package zia

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
	"github.com/org/zscalermcp/zscaler"
)

// refusePredefined refuses to update a predefined category by id: its name and place are Zscaler's.
func refusePredefined(_ context.Context, p *rest.Plan) error {
	if string(p.Current["customCategory"]) == "true" {
		return nil
	}
	return fmt.Errorf("%s is a predefined URL category: use zia_update_url_category_predefined", p.Args.Text("category_id"))
}

// refuseDeletingPredefined looks at the category first: only custom ones may go.
func refuseDeletingPredefined(ctx context.Context, p *rest.Plan) error {
	_, err := deletable(ctx, p.Path)
	return err
}

// doomedCategory reads the category that is about to be deleted.
func doomedCategory(ctx context.Context, args tool.Args) (map[string]json.RawMessage, error) {
	path, err := rest.Path(categoriesPath+"/{category_id}", map[string]string{"category_id": args.Text("category_id")})
	if err != nil {
		return nil, err
	}
	c, err := deletable(ctx, path)
	if err != nil {
		return nil, err
	}
	return c.members()
}

// deletable returns the category at path if it is a custom one.
func deletable(ctx context.Context, path string) (category, error) {
	raw, err := rest.Send(ctx, &zscaler.Request{Method: http.MethodGet, Path: path})
	if err != nil {
		return category{}, err
	}
	c, err := parseCategory(raw)
	if err == nil && !c.Custom {
		err = fmt.Errorf("%s is a predefined URL category and cannot be deleted", c.ID)
	}
	return c, err
}
