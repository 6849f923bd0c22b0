package zscalertest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/org/zscalermcp/zscaler/zscalertest"
)

// A program under test gets the addresses and credentials of the tenant instead of real ones.
func Example() {
	tenant := zscalertest.NewTenant(zscalertest.Options{Entitlements: []string{"ZIA"}})
	defer tenant.Close()

	resp, err := http.PostForm(tenant.TokenURL(), url.Values{
		"grant_type": {"client_credentials"}, "audience": {"https://api.zscaler.com"},
		"client_id": {tenant.ClientID}, "client_secret": {tenant.ClientSecret},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	var token struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&token); err != nil {
		fmt.Println(err)
		return
	}

	tenant.Fail(zscalertest.Fault{PathPrefix: "/zia", Kind: zscalertest.RateLimited})
	for range 2 {
		req, _ := http.NewRequest("GET", tenant.GatewayURL()+"/zia/api/v1/status", nil)
		req.Header.Set("Authorization", "Bearer "+token.AccessToken)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			fmt.Println(err)
			return
		}
		resp.Body.Close()
		fmt.Println(resp.Status)
	}
	fmt.Println(len(tenant.Requests()), "requests recorded")
	// Output:
	// 429 Too Many Requests
	// 200 OK
	// 2 requests recorded
}
