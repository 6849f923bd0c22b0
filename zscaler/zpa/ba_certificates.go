package zpa

import (
	"github.com/org/zscalermcp/tool"
	"github.com/org/zscalermcp/tool/rest"
)

const (
	certificatePath   = customerV1 + "/certificate"
	certificateIDPath = certificatePath + "/{certificate_id}"
)

type certificateID struct {
	CertificateID string `json:"certificate_id" in:"path" nonempty:"true" jsonschema:"Browser-access certificate id, from zpa_list_ba_certificates."`
	scope
}

type newCertificate struct {
	Name     string `json:"name" in:"body=name" nonempty:"true" jsonschema:"Name of the certificate, unique in the tenant; usually the domain that it is for."`
	CertBlob string `json:"cert_blob" in:"body=certBlob" nonempty:"true" jsonschema:"PEM text: the certificate, its intermediates, and the private key. It is a secret, and the service never shows the key again."`
	ownerScope
}

var baCertificates = tool.Set{
	Name: "zpa_ba_certificates", Doc: "Web server certificates for ZPA browser access and privileged portals.",
	Tools: []tool.Tool{
		rest.Read[search]("zpa_list_ba_certificates", "GET "+issuedCertificates.path,
			"List the web server certificates of ZPA browser access with their ids, subjects and validity (epoch seconds); first page unless page or all is given. Browser-access applications and privileged portals refer to these ids; certificates that connectors enrol with come from get_zpa_enrollment_certificate.", rest.List),
		rest.Read[certificateID]("zpa_get_ba_certificate", "GET "+certificateIDPath,
			"Get one web server certificate of ZPA browser access with its subject, issuer, alternative names and validity."),
		rest.Create[newCertificate]("zpa_create_ba_certificate", "POST "+certificatePath,
			"Upload a web server certificate with its private key for ZPA browser access or a privileged portal. A certificate cannot be changed: upload the new one, refer to it, delete the old one."),
		rest.Delete[certificateID]("zpa_delete_ba_certificate", "DELETE "+certificateIDPath,
			"Delete a web server certificate of ZPA browser access. The service refuses while an application or privileged portal uses it."),
	},
}
