package zpa

import (
	"context"
	"errors"
	"regexp"

	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

type samlSearch struct {
	IDPName string `json:"idp_name,omitempty" in:"-" jsonschema:"Exact name of the identity provider; all of them when absent."`
	filter
	page
}

// plainSearch is the search of the SCIM lists, which take no expressions.
type plainSearch struct {
	Search string `json:"search,omitempty" in:"query=search" skipempty:"true" jsonschema:"Part of the name, as plain text, in any case."`
}

type scimAttributeSearch struct {
	IDPName     string `json:"idp_name" in:"-" nonempty:"true" jsonschema:"Exact name of the identity provider, as get_zpa_saml_attribute shows it in idpName."`
	AttributeID string `json:"attribute_id,omitempty" in:"-" jsonschema:"Id of one attribute; all of the provider's when absent."`
	plainSearch
	page
}

type scimGroupSearch struct {
	SCIMGroupID string `json:"scim_group_id,omitempty" in:"-" jsonschema:"Id of one group, in digits; then nothing else is needed."`
	IDPName     string `json:"idp_name,omitempty" in:"-" jsonschema:"Exact name of the identity provider; needed to list groups."`
	plainSearch
	page
}

// The list tools are declared with the path of the identity providers. Their Prepare looks one up, and
// puts its own path in the place of that.
var identity = tool.Set{
	Name: "zpa_idp", Doc: "What identity providers tell ZPA of users: SAML attributes, SCIM attributes and SCIM groups.",
	Tools: []tool.Tool{
		rest.Read[samlSearch]("get_zpa_saml_attribute", "GET "+customerV2+"/samlAttribute",
			"List the SAML attributes that ZPA knows, of one identity provider or of all, with their ids and those of the providers; first page unless page or all is given. Policy conditions of type SAML take an attribute id and a value.",
			rest.List, rest.Prepare(samlOfProvider)),
		rest.Read[scimAttributeSearch]("get_zpa_scim_attribute", "GET "+identityProviders.path,
			"List the SCIM attributes of an identity provider, or get one by id, with types and ids; first page unless page or all is given. Policy conditions of type SCIM take an attribute id and a value.",
			rest.List, rest.Prepare(scimAttributes)),
		rest.Read[scimGroupSearch]("get_zpa_scim_group", "GET "+identityProviders.path,
			"List the SCIM groups (user groups) of an identity provider, or get one by id; first page unless page or all is given. Policy conditions of type SCIM_GROUP take the provider's id (idpId) and the group's, digit for digit.",
			rest.List, rest.Prepare(scimGroups)),
	},
}

// ofProvider makes the plan a list of what the named identity provider has.
func ofProvider(ctx context.Context, p *rest.Plan, pattern string) error {
	id, err := identityProviders.id(ctx, p.Args.Text("idp_name"), "")
	if err != nil {
		return err
	}
	p.Path, err = rest.Path(pattern, map[string]string{"idp_id": id})
	return err
}

func samlOfProvider(ctx context.Context, p *rest.Plan) error {
	if p.Args.Text("idp_name") == "" {
		return nil
	}
	return ofProvider(ctx, p, customerV2+"/samlAttribute/idp/{idp_id}")
}

func scimAttributes(ctx context.Context, p *rest.Plan) error {
	const pattern = customerV1 + "/idp/{idp_id}/scimattribute"
	attribute := p.Args.Text("attribute_id")
	if attribute == "" {
		plainly(p)
		return ofProvider(ctx, p, pattern)
	}
	id, err := identityProviders.id(ctx, p.Args.Text("idp_name"), "")
	if err != nil {
		return err
	}
	return p.ReadOne(pattern+"/{attribute_id}", map[string]string{"idp_id": id, "attribute_id": attribute})
}

func scimGroups(ctx context.Context, p *rest.Plan) error {
	const path = "/zpa/userconfig/v1/customers/{customer_id}/scimgroup"
	if group := p.Args.Text("scim_group_id"); group != "" {
		return p.ReadOne(path+"/{scim_group_id}", map[string]string{"scim_group_id": group})
	}
	if p.Args.Text("idp_name") == "" {
		return errors.New("argument \"idp_name\" is needed to list groups, or \"scim_group_id\" to get one; get_zpa_saml_attribute shows the names of providers as idpName")
	}
	plainly(p)
	return ofProvider(ctx, p, path+"/idpId/{idp_id}")
}

// nameExpression is a search for a name in the form of the other lists.
var nameExpression = regexp.MustCompile(`(?i)^name\+(?:EQ|CONTAINS|STARTSWITH|ENDSWITH)\+(.+)$`)

// plainly takes the text out of a search in the form of the other lists, which would find nothing here.
func plainly(p *rest.Plan) {
	if m := nameExpression.FindStringSubmatch(p.Query.Get("search")); m != nil {
		p.Query.Set("search", m[1])
	}
}
