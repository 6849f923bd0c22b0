package zpa

import (
	"context"
	"fmt"
	"net/url"

	"github.com/org/zscalermcp/tool/rest"
)

type enrollmentCertSearch struct {
	CertificateID string `json:"certificate_id,omitempty" in:"-" jsonschema:"Id of one certificate; not used when name is given."`
	Name          string `json:"name,omitempty" in:"-" jsonschema:"Name of one certificate, in any case, such as Connector, Service Edge or Root; goes before all else."`
	filter
	page
}

// enrollmentCertByName makes the list a search for one name.
func enrollmentCertByName(_ context.Context, p *rest.Plan) error {
	if name := p.Args.Text("name"); name != "" {
		p.Query = url.Values{"search": {rest.ZPAFilter(name)}}
	}
	return nil
}

// enrollmentCertByID makes the list the read of one certificate, unless there is a name.
func enrollmentCertByID(_ context.Context, p *rest.Plan) error {
	id := p.Args.Text("certificate_id")
	if id == "" || p.Args.Text("name") != "" {
		return nil
	}
	return p.ReadOne(customerV1+"/enrollmentCert/{certificate_id}", map[string]string{"certificate_id": id})
}

// namedCerts keeps the certificate that has the name, or those that have it in other case if there is none.
func namedCerts(_ context.Context, p *rest.Plan, a *rest.Answer) error {
	name := p.Args.Text("name")
	if name == "" {
		return nil
	}
	named := rowsNamed(a.Rows, name, enrollmentCerts.fold)
	if len(named) == 0 {
		return fmt.Errorf("no %s is named %q: call get_zpa_enrollment_certificate without name to see them", enrollmentCerts.what, name)
	}
	a.Rows, a.Note = named, ""
	return nil
}
