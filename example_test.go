package zscalermcp_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"

	"github.com/org/zscalermcp"
	"github.com/org/zscalermcp/auth"
	"github.com/org/zscalermcp/zscaler"
	"github.com/org/zscalermcp/zscaler/zscalertest"
)

func ExampleServer_Mount() {
	keys, err := auth.NewAPIKeys(auth.APIKeysConfig{Keys: []auth.APIKey{{Name: "agents", Key: auth.Secret(os.Getenv("MCP_KEY"))}}})
	if err != nil {
		log.Fatal(err)
	}
	srv, err := zscalermcp.New( // the tenant's credentials are those of the environment, or of WithCredentials
		zscalermcp.WithAuth(keys),
		zscalermcp.WithPublicURL("https://svc.example.com/mcp"),
	)
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux() // the one your service has
	if err := srv.Mount(mux); err != nil {
		log.Fatal(err)
	}
}

// A simulated tenant stands for the real one, and a request without a key is refused.
func ExampleNew() {
	tenant := zscalertest.NewTenant(zscalertest.Options{})
	defer tenant.Close()
	keys, err := auth.NewAPIKeys(auth.APIKeysConfig{Keys: []auth.APIKey{{Name: "agents", Key: auth.Secret(auth.GenerateAPIKey())}}})
	if err != nil {
		log.Fatal(err)
	}
	srv, err := zscalermcp.New(
		zscalermcp.WithAuth(keys),
		zscalermcp.WithCredentials(zscaler.Credentials{
			VanityDomain: tenant.VanityDomain, ClientID: tenant.ClientID,
			ClientSecret: zscaler.Secret(tenant.ClientSecret), CustomerID: tenant.CustomerID,
		}),
		zscalermcp.WithEndpoints(zscaler.Endpoints{TokenURL: tenant.TokenURL(), GatewayURL: tenant.GatewayURL()}),
		zscalermcp.WithToolsets("zia_rule_labels"),
		zscalermcp.WithEnv(nil),
	)
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = srv.Close(context.Background()) }()
	for _, info := range srv.Tools() {
		fmt.Println(info.Name)
	}
	handler, err := srv.Handler()
	if err != nil {
		log.Fatal(err)
	}
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequest(http.MethodPost, "/mcp", nil))
	fmt.Println(answer.Code, answer.Header().Get("WWW-Authenticate"))
	// Output:
	// zia_list_rule_labels
	// zia_get_rule_label
	// zscaler_list_toolsets
	// zscaler_get_toolset_tools
	// zscaler_enable_toolset
	// zscaler_find_tool
	// zscaler_check_connectivity
	// 401 Bearer realm="zscaler-mcp"
}
