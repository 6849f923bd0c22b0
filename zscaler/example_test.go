package zscaler_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/org/zscalermcp/zscaler"
)

// The tenant here is a stand-in on loopback; with a real one leave Endpoints out.
func Example() {
	tenant := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch r.URL.Path {
		case "/oauth2/v1/token":
			_, _ = io.WriteString(w, `{"access_token":"t","token_type":"Bearer","expires_in":3600}`)
		case "/zpa/mgmtconfig/v1/admin/customers/216196257331281920/segmentGroup":
			_, _ = io.WriteString(w, `{"totalPages":"1","totalCount":"1","list":[{"id":"7","name":"Finance"}]}`)
		default:
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, `{"id":"resource.not.found","reason":"no such object"}`)
		}
	}))
	defer tenant.Close()

	client, err := zscaler.New(zscaler.Config{
		Credentials: zscaler.Credentials{
			VanityDomain: "acme", ClientID: "id", ClientSecret: "secret", CustomerID: "216196257331281920",
		},
		Endpoints: zscaler.Endpoints{TokenURL: tenant.URL + "/oauth2/v1/token", GatewayURL: tenant.URL},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()

	ctx := context.Background()
	resp, err := client.Do(ctx, &zscaler.Request{
		Method: http.MethodGet, Path: "/zpa/mgmtconfig/v1/admin/customers/{customer_id}/segmentGroup",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	rows, page, err := zscaler.Rows(zscaler.ZPA, resp.Body, "")
	fmt.Println(string(rows[0]), page.Total, err)

	_, err = client.Do(ctx, &zscaler.Request{
		Method: http.MethodGet, Path: "/zpa/mgmtconfig/v1/admin/customers/{customer_id}/segmentGroup/8",
	})
	var failure *zscaler.APIError
	if errors.As(err, &failure) {
		fmt.Println(failure.Kind(), failure.Code)
		fmt.Println(failure.Advice())
	}
	// Output:
	// {"id":"7","name":"Finance"} 1 <nil>
	// not_found resource.not.found
	// Nothing has this id or path: list the objects to see the ids that exist
}
