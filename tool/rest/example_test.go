package rest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
	"github.com/org/zscalermcp/zscaler"
)

// siteID is the input of the tool below: one argument, the wildcard of its path.
type siteID struct {
	SiteID string `json:"site_id" in:"path" jsonschema:"Site id, from the inventory."`
}

// A service declares an endpoint of its own in one expression. Inside a zscalermcp server the tenant
// is in the context already; here a gateway on loopback stands for it.
func Example() {
	getSite := rest.Read[siteID]("acme_get_site", "GET /zia/api/v1/locations/{site_id}", "Get one site.")
	if _, err := tool.Compile(tool.Set{Name: "acme_sites", Doc: "Sites of Acme.", Tools: []tool.Tool{getSite}}); err != nil {
		fmt.Println(err) // every mistake of the declaration
		return
	}

	gateway := httptest.NewServer(gatewayOfAcme())
	defer gateway.Close()
	client, err := zscaler.New(zscaler.Config{
		Credentials: zscaler.Credentials{VanityDomain: "acme", ClientID: "id", ClientSecret: "secret"},
		Endpoints:   zscaler.Endpoints{TokenURL: gateway.URL + "/token", GatewayURL: gateway.URL},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()

	ctx := zscaler.ContextWithDoer(context.Background(), client)
	for _, id := range []string{`"7"`, `"../users/1"`} {
		site, err := getSite.Spec().Handle(ctx, tool.NewArgs(map[string]json.RawMessage{"site_id": json.RawMessage(id)}))
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Printf("%s\n", site)
	}
	// Output:
	// {"id":7,"name":"Bern"}
	// argument "site_id": "../users/1" is not an id: it contains '/'
}

func gatewayOfAcme() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"access_token":"t","token_type":"Bearer","expires_in":3600}`)
	})
	mux.HandleFunc("GET /zia/api/v1/locations/7", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"id":7,"name":"Bern"}`)
	})
	return mux
}
