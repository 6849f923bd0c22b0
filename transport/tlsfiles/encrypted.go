package tlsfiles

import (
	"crypto"
	"crypto/aes"
	"crypto/des"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"

	"github.com/youmark/pkcs8"
)

// Bounds of what a key file may ask for before its password is known to be right: a few seconds.
const (
	maxIterations   = 5_000_000 // of PBKDF2
	maxScryptMemory = 256 << 20 // bytes, and with each further lane as many again
)

var (
	errEncryption = errors.New("is encrypted in a way that is not known here: encrypt it anew with openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256 -in OLD -out NEW")
	errCost       = errors.New("asks for far more work to open it than is usual: encrypt it anew with openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD -out NEW")
)

const pkcs8Encrypted = "ENCRYPTED PRIVATE KEY"

// isEncrypted reports whether a password is needed.
func isEncrypted(block *pem.Block) bool {
	//lint:ignore SA1019 Keys of this form are in use; that its encryption proves nothing about the file is no worse than a key that is not encrypted.
	return block.Type == pkcs8Encrypted || x509.IsEncryptedPEMBlock(block)
}

// decryptKey reads an encrypted key. The error is errWrongPassword where the file is in order.
func decryptKey(block *pem.Block, password []byte) (crypto.Signer, error) {
	if block.Type == pkcs8Encrypted {
		if err := checkEncryption(block.Bytes); err != nil {
			return nil, err
		}
		key, err := pkcs8.ParsePKCS8PrivateKey(block.Bytes, password)
		if err != nil {
			return nil, errWrongPassword
		}
		return signer(key)
	}
	//lint:ignore SA1019 As above: nothing else reads this form.
	der, err := x509.DecryptPEMBlock(block, password)
	if errors.Is(err, x509.IncorrectPasswordError) {
		return nil, errWrongPassword
	}
	if err != nil {
		return nil, errEncryption
	}
	key, err := parsePlainKey(der)
	if err != nil { // one wrong password of 256 is not noticed before
		return nil, errWrongPassword
	}
	return key, nil
}

// An encryptedKeyInfo is EncryptedPrivateKeyInfo (RFC 5958 section 3).
type encryptedKeyInfo struct {
	Algorithm pkix.AlgorithmIdentifier
	Data      []byte
}

// A pbes2 is PBES2-params (RFC 8018 appendix A.4).
type pbes2 struct{ Derivation, Encryption pkix.AlgorithmIdentifier }

// A pbkdf2 is PBKDF2-params (RFC 8018 appendix A.2). A length of the key, which is optional in it, is not read.
type pbkdf2 struct {
	Salt       []byte
	Iterations int
	PRF        pkix.AlgorithmIdentifier `asn1:"optional"`
	Rest       asn1.RawValue            `asn1:"optional"`
}

// A scrypt is scrypt-params (RFC 7914 section 7). A length of the key is not read here either.
type scrypt struct {
	Salt             []byte
	Cost, Block, Par int
	Rest             asn1.RawValue `asn1:"optional"`
}

// The algorithms that are known, by their object identifiers.
var (
	oidPBES2  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}
	oidPBKDF2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 12}
	oidScrypt = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11591, 4, 11}
	oidSHA1   = asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 7}
	oidSHA256 = asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 9}

	blockSizes = map[string]int{ // of the ciphers, in bytes
		"2.16.840.1.101.3.4.1.2": aes.BlockSize, "2.16.840.1.101.3.4.1.22": aes.BlockSize, "2.16.840.1.101.3.4.1.42": aes.BlockSize, // AES in CBC mode
		"1.2.840.113549.3.7": des.BlockSize, // 3DES in CBC mode
	}
)

// checkEncryption refuses what the decoder does not know, would read wrongly or not survive.
func checkEncryption(der []byte) error {
	var info encryptedKeyInfo
	var params pbes2
	if rest, err := asn1.Unmarshal(der, &info); err != nil || len(rest) > 0 {
		return errDamagedKey
	}
	if !info.Algorithm.Algorithm.Equal(oidPBES2) || !unmarshal(info.Algorithm.Parameters, &params) {
		return errEncryption
	}
	var iv []byte
	size, known := blockSizes[params.Encryption.Algorithm.String()]
	if !known || !unmarshal(params.Encryption.Parameters, &iv) || len(iv) != size {
		return errEncryption
	}
	if len(info.Data) == 0 || len(info.Data)%size != 0 {
		return errDamagedKey
	}
	return checkDerivation(params.Derivation)
}

// checkDerivation refuses ways to a key from a password that are not known, or take too long.
func checkDerivation(derivation pkix.AlgorithmIdentifier) error {
	var p pbkdf2
	var s scrypt
	switch {
	case derivation.Algorithm.Equal(oidPBKDF2) && unmarshal(derivation.Parameters, &p):
		known := len(p.PRF.Algorithm) == 0 || p.PRF.Algorithm.Equal(oidSHA1) || p.PRF.Algorithm.Equal(oidSHA256)
		if !known || p.Iterations < 1 || len(p.Rest.FullBytes) > 0 {
			return errEncryption
		}
		if p.Iterations > maxIterations {
			return errCost
		}
		return nil
	case derivation.Algorithm.Equal(oidScrypt) && unmarshal(derivation.Parameters, &s):
		if s.Cost < 2 || s.Cost&(s.Cost-1) != 0 || s.Block < 1 || s.Par < 1 || len(s.Rest.FullBytes) > 0 {
			return errEncryption
		}
		if s.Par > maxScryptMemory/128/s.Cost/s.Block {
			return errCost
		}
		return nil
	}
	return errEncryption
}

// unmarshal reads all of the parameters of an algorithm.
func unmarshal(params asn1.RawValue, into any) bool {
	rest, err := asn1.Unmarshal(params.FullBytes, into)
	return err == nil && len(rest) == 0
}
