package zia

import (
	"reflect"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const exemptPath = "/zia/api/v1/authSettings/exemptedUrls"

type exemptAddition struct {
	ExemptURLs []string `json:"exempt_urls" nonempty:"true" jsonschema:"URLs or domains without scheme, such as updates.example.com; a leading dot covers the subdomains."`
}

type exemptRemoval struct {
	ExemptURLs []string `json:"exempt_urls" nonempty:"true" jsonschema:"URLs as zia_list_auth_exempt_urls shows them."`
}

var authenticationSettings = tool.Set{
	Name: "zia_authentication_settings", Doc: "URLs that users of ZIA reach without cookie authentication.",
	Tools: []tool.Tool{
		rest.Read[struct{}]("zia_list_auth_exempt_urls", "GET "+exemptPath,
			"List the URLs that are exempt from ZIA's cookie authentication, which users reach without having logged in.", rest.Rows("urls"), rest.OnePage),
		tool.Func(tool.Create, "zia_add_auth_exempt_urls",
			"Exempt further URLs from cookie authentication, keep those that are, and return the whole list. Takes effect after zia_activate_configuration.",
			addExempt),
		tool.New(tool.Spec{
			Name: "zia_delete_auth_exempt_urls", Effect: tool.Delete,
			Doc: "Remove URLs from the list of those exempt from cookie authentication, so that users have to log in for them again. Takes effect after zia_activate_configuration.",
			In:  reflect.TypeFor[exemptRemoval](), Handle: removeExempt,
			Confirm: rest.Question("authentication exemption of URLs", exemptNow, "exempt_urls"),
		}),
	},
}
