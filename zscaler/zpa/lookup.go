package zpa

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
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
	row, ok := rowNamed(rows.Rows, name, d.fold)
	if !ok {
		return "", fmt.Errorf("no %s is named %q: %s", d.what, name, d.lister)
	}
	var found object
	if id := ""; json.Unmarshal(row, &found) == nil {
		if id = strings.Trim(string(found["id"]), `"`); id != "" && id != "null" {
			return id, nil
		}
	}
	return "", fmt.Errorf("the %s %q has no id in the tenant's answer", d.what, name)
}

// rowNamed returns the row of that name; with fold, if there is none, the first whose name differs in
// case only.
func rowNamed(rows []json.RawMessage, name string, fold bool) (json.RawMessage, bool) {
	var similar json.RawMessage
	for _, row := range rows {
		var o object
		if json.Unmarshal(row, &o) != nil {
			continue
		}
		have := text(o["name"])
		if have == name {
			return row, true
		}
		if fold && similar == nil && strings.EqualFold(have, name) {
			similar = row
		}
	}
	return similar, similar != nil
}

// onlyNamed keeps the rows whose name is the argument name, letter for letter, and refuses a name that
// none has. A search alone also finds names in other case.
func onlyNamed(what, tool string) rest.Option {
	return rest.Finish(func(_ context.Context, p *rest.Plan, a *rest.Answer) error {
		name := p.Args.Text("name")
		if name == "" || p.ReadsOne() {
			return nil
		}
		var kept []json.RawMessage
		for _, row := range a.Rows {
			if _, ok := rowNamed([]json.RawMessage{row}, name, false); ok {
				kept = append(kept, row)
			}
		}
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
