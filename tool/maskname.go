package tool

import (
	"slices"
	"strings"
)

// A secrecy is what the name of a member says of its value.
type secrecy uint8

const (
	open     secrecy = iota
	secret           // masked
	hooked           // the address of a webhook: masked behind its host
	harmless         // says who or what something is: shown even inside of what is masked
)

// maxName is the longest name that is looked at, in bytes.
const maxName = 128

// secrecyOf judges a name in any spelling: preSharedKey, pre_shared_key, "Pre-Shared Key". It goes by the end of the name, since what
// stands behind says something about the secret that is none: passwordLastModified, apiKeyEnabled, provisioningKeyId, tokenType.
func secrecyOf(name string) secrecy {
	if len(name) > maxName {
		return open
	}
	words := nameWords(name)
	if len(words) == 0 || slices.Contains(flagWords, words[0]) {
		return open
	}
	for len(words) > 1 && (slices.Contains(trailingWords, words[len(words)-1]) || number(words[len(words)-1])) {
		words = words[:len(words)-1]
	}
	joined := strings.Join(words, "")
	for len(joined) > 0 && digit(joined[len(joined)-1]) { // password2
		joined = joined[:len(joined)-1]
	}
	last := words[len(words)-1]
	switch {
	case slices.Contains(harmlessWords, last):
		return harmless
	case endsIn(strings.TrimSuffix(joined, "s"), hookNames):
		return hooked
	case endsIn(joined, openNames):
		return open
	case endsIn(joined, secretNames), endsIn(strings.TrimSuffix(joined, "s"), secretNames):
		return secret
	}
	return open
}

// nameWords splits a name at its capitals and at everything that is no letter or digit, in lower case.
func nameWords(name string) (words []string) {
	start, previous := 0, byte(0)
	flush := func(end int) {
		if end > start {
			words = append(words, strings.ToLower(name[start:end]))
		}
	}
	for i := 0; i < len(name); i++ {
		switch c := name[i]; {
		case !letter(c) && !digit(c):
			flush(i)
			start = i + 1
		case upper(c) && (!upper(previous) || i+1 < len(name) && lower(name[i+1])): // apiKey, APIKey
			flush(i)
			start = i
		}
		previous = name[i]
	}
	flush(len(name))
	return words
}

func endsIn(joined string, names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return strings.HasSuffix(joined, name) })
}

func number(word string) bool { return strings.Trim(word, "0123456789") == "" }
func upper(c byte) bool       { return 'A' <= c && c <= 'Z' }
func lower(c byte) bool       { return 'a' <= c && c <= 'z' }
func letter(c byte) bool      { return lower(c | 0x20) }

// The names below are words in lower case, joined. Never modified.
var (
	// flagWords begin the names of switches, which the services write as texts too ("1", "true").
	flagWords = []string{"is", "has", "use", "uses", "enable", "enabled", "allow", "allowed", "require", "required", "requires", "hide", "can", "should", "must", "min", "max", "supports"}
	// trailingWords say in which form a secret is there.
	trailingWords = []string{"value", "text", "string", "plaintext", "plain", "pem", "data", "hash", "encrypted", "base64", "b64", "hex", "confirm", "confirmation", "code", "content"}
	// harmlessWords end the names of what may be told of a secret.
	harmlessWords = []string{"id", "uuid", "guid", "name", "type", "kind", "time", "date", "status", "algorithm", "description"}
	hookNames     = []string{"webhook", "webhookurl", "webhookuri", "hookurl", "incomingwebhookurl"}
	secretNames   = []string{
		"password", "passwd", "passphrase", "passcode", "pwd", "psk", "secret", "otp", "onetimepassword", "totpqr", "totpqrcode", "totpseed",
		"exitpass", "logoutpass", "uninstallpass", "settingspass", "disablepass", "userpass", "adminpass",
		"presharedkey", "sharedkey", "privatekey", "provisioningkey", "provisionkey", "enrollmentkey", "enrolmentkey", "registrationkey", "activationkey",
		"apikey", "apisecret", "secretkey", "accesskey", "authkey", "authenticationkey", "encryptionkey", "decryptionkey", "signingkey", "masterkey", "symmetrickey",
		"hmackey", "aeskey", "sshkey", "sslkey", "tlskey", "serverkey", "clientkey", "integrationkey", "recoverykey", "sessionkey", "accountkey", "storagekey", "subscriptionkey",
		"token", "jwt", "sessioncookie", "communitystring", "puk",
	}
	// openNames end like secrets and are none: where the next page begins, for example.
	openNames = []string{
		"pagetoken", "nexttoken", "continuationtoken", "synctoken", "cursortoken", "scrolltoken", "paginationtoken",
	}
)
