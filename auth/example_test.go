package auth_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/org/zscalermcp/auth"
)

func Example() {
	key := auth.GenerateAPIKey()
	keys, err := auth.NewAPIKeys(auth.APIKeysConfig{Keys: []auth.APIKey{{Name: "ci", Key: auth.Secret(key), Scopes: []string{"read"}}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	hello := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p, _ := auth.PrincipalFromContext(r.Context())
		fmt.Fprintf(w, "hello %s, your key is %q", p.Subject, r.Header.Get("Authorization"))
	})
	guarded := auth.Middleware(keys, auth.MiddlewareConfig{})(hello)

	r := httptest.NewRequest(http.MethodGet, "/mcp", nil)
	r.Header.Set("Authorization", "Bearer "+key)
	w := httptest.NewRecorder()
	guarded.ServeHTTP(w, r)
	fmt.Println(w.Code, w.Body)
	// Output: 200 hello ci, your key is ""
}
