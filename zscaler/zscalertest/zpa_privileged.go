package zscalertest

import (
	"slices"
	"strings"
)

// privilegedRoutes are web server certificates, privileged portals and credentials.
func (z *zpa) privilegedRoutes() []route {
	certificates, portals, credentials := z.kind("certificate"), z.kind("praPortal"), z.kind("credential")
	certificates.check, certificates.remove = checkCertificate, z.checkCertificateUnused
	portals.check = z.checkPortal
	credentials.check = z.checkCredential
	path := zpaV1 + "/certificate"
	return slices.Concat(
		[]route{
			{"GET " + zpaV2 + "/clientlessCertificate/issued", certificates.list},
			{"POST " + path, certificates.create}, {"GET " + path + "/{id}", certificates.get}, {"DELETE " + path + "/{id}", certificates.delete},
		},
		portals.routes(zpaV1+"/praPortal"), credentials.routes(zpaV1+"/credential"),
	)
}

// checkCertificate takes the certificate and keeps none of the secret.
func checkCertificate(in, _ object) error {
	if !strings.Contains(str(in["certBlob"]), "-----BEGIN CERTIFICATE-----") {
		return zpaInvalid("invalid.certificate", "certBlob is not a certificate in PEM", "certBlob")
	}
	delete(in, "certBlob")
	setDefaults(in, object{
		"cName": in["name"], "issuedBy": "CN=Acme Issuing CA,O=Acme", "issuedTo": "CN=" + str(in["name"]) + ",O=Acme", "san": []any{in["name"]},
		"serialNo": "9100", "status": "UNUSED", "validFromInEpochSec": "1757408000", "validToInEpochSec": "1820480000",
	})
	return nil
}

func (z *zpa) checkCertificateUnused(o object, _ bool) error {
	id := str(o["id"])
	portals := z.directory["praPortal"].list(func(p object) bool { return str(p["certificateId"]) == id })
	apps := z.segments.list(func(s object) bool {
		return slices.ContainsFunc(list(s["apps"]), func(app any) bool { return str(app.(object)["certificateId"]) == id })
	})
	if len(portals)+len(apps) > 0 {
		return zpaInvalid("resource.in.use", "The certificate is used by a portal or an application", o["id"], o["name"])
	}
	return nil
}

func (z *zpa) checkPortal(in, _ object) error {
	if str(in["domain"]) == "" || str(in["certificateId"]) == "" {
		return zpaInvalid("missing.required.field", "A required field is missing", "domain", "certificateId")
	}
	setDefaults(in, object{"enabled": false, "userNotificationEnabled": false})
	return z.nameOf(in, "certificateId", "certificateName", "certificate")
}

// credentialFields are the members that a credential of each type needs.
var credentialFields = map[string][]string{
	"USERNAME_PASSWORD": {"userName", "password"}, "PASSWORD": {"password"}, "SSH_KEY": {"userName", "privateKey"},
}

// checkCredential judges a credential; its secrets are taken and never shown.
func (z *zpa) checkCredential(in, before object) error {
	kind := str(in["credentialType"])
	if before != nil && kind != before["credentialType"] {
		return zpaInvalid("invalid.credential.type", "The type of a credential cannot be changed", kind)
	}
	fields, known := credentialFields[kind]
	if !known {
		return zpaInvalid("invalid.credential.type", "The type of a credential is unknown", kind)
	}
	for _, field := range []string{"userName", "password", "privateKey"} {
		if has, needs := str(in[field]) != "", slices.Contains(fields, field); has != needs {
			return zpaInvalid("invalid.credential", "A credential has what its type needs, and nothing else", field)
		}
	}
	delete(in, "password")
	delete(in, "privateKey")
	in["lastCredentialResetTime"] = z.epoch()
	if before == nil {
		in["id"] = z.newShortID()
	}
	return nil
}
