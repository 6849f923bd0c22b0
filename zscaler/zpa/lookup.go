package zpa

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/org/zscalermcp/tool/rest"
	"github.com/org/zscalermcp/zscaler"
)

const (
	customerV1 = "/zpa/mgmtconfig/v1/admin/customers/{customer_id}"
	customerV2 = "/zpa/mgmtconfig/v2/admin/customers/{customer_id}"
)

// A directory is a list whose objects other tools refer to by name.
type directory struct {
	path   string
	what   string // that it holds, for people
	lister string // the tool that lists it
	whole  bool   // it takes no search
	fold   bool   // the case of names does not count
}

var (
	identityProviders  = directory{path: customerV2 + "/idp", what: "identity provider", lister: "get_zpa_saml_attribute without idp_name shows their names as idpName"}
	enrollmentCerts    = directory{path: customerV2 + "/enrollmentCert", what: "enrollment certificate", lister: "get_zpa_enrollment_certificate lists them", fold: true}
	issuedCertificates = directory{path: customerV2 + "/clientlessCertificate/issued", what: "browser-access certificate", lister: "give certificate_id, from zpa_list_ba_certificates", fold: true}
	versionProfiles    = directory{path: customerV1 + "/visible/versionProfiles", what: "version profile", lister: "the groups that exist show theirs as versionProfileName", whole: true, fold: true}
)

// id returns the id of the object of that name in the microtenant, "" for the configured one.
func (d directory) id(ctx context.Context, name, microtenant string) (string, error) {
	query := url.Values{"search": {rest.ZPAFilter(name)}}
	if d.whole {
		query = url.Values{"pagesize": {"500"}}
	}
	if microtenant != "" {
		query.Set("microtenantId", microtenant)
	}
	rows, err := rest.SendRows(ctx, &zscaler.Request{Method: "GET", Path: d.path, Query: query}, "")
	if err != nil {
		return "", fmt.Errorf("looking up the %s %q: %w", d.what, name, err)
	}
	named := rowsNamed(rows.Rows, name, d.fold)
	if len(named) == 0 {
		return "", fmt.Errorf("no %s is named %q: %s", d.what, name, d.lister)
	}
	var ids []string
	for _, row := range named {
		var found object
		if id := ""; json.Unmarshal(row, &found) == nil {
			if id = strings.Trim(string(found["id"]), `"`); id != "" && id != "null" && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	switch len(ids) {
	case 0:
		return "", fmt.Errorf("the %s %q has no id in the tenant's answer", d.what, name)
	case 1:
		return ids[0], nil
	}
	return "", fmt.Errorf("which %s is meant by the name %q is not clear, several have it: ids %s", d.what, name, strings.Join(ids, ", "))
}

// rowsNamed returns the rows of that name; with fold, if there is none, those whose name differs in case only.
func rowsNamed(rows []json.RawMessage, name string, fold bool) []json.RawMessage {
	var same, similar []json.RawMessage
	for _, row := range rows {
		var o object
		if json.Unmarshal(row, &o) != nil {
			continue
		}
		switch have := text(o["name"]); {
		case have == name:
			same = append(same, row)
		case fold && strings.EqualFold(have, name):
			similar = append(similar, row)
		}
	}
	if len(same) > 0 {
		return same
	}
	return similar
}

// onlyNamed keeps the rows whose name is the argument name, letter for letter, and refuses a name that
// none has. A search alone also finds names in other case.
func onlyNamed(what, tool string) rest.Option {
	return rest.Finish(func(_ context.Context, p *rest.Plan, a *rest.Answer) error {
		name := p.Args.Text("name")
		if name == "" || p.ReadsOne() {
			return nil
		}
		kept := rowsNamed(a.Rows, name, false)
		if len(kept) == 0 {
			return fmt.Errorf("no %s is named %q, in this case: call %s without name to see them", what, name, tool)
		}
		a.Rows = kept
		return nil
	})
}

// single turns a list into the read of one object at pattern when the argument that holds its id is given.
func single(argument, pattern string) rest.Option {
	return rest.Prepare(func(_ context.Context, p *rest.Plan) error {
		id := p.Args.Text(argument)
		if id == "" {
			return nil
		}
		return p.ReadOne(pattern, map[string]string{argument: id})
	})
}
