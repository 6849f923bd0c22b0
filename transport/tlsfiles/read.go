package tlsfiles

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// maxFile bounds a file, in bytes.
const maxFile = 1 << 20

// readRegular reads a small regular file: a device would not end, and a pipe might not begin.
func readRegular(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", path)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot be read: %w; check the path and who may read it", err)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("cannot be read: %w; check the path and who may read it", err)
	}
	defer func() { _ = file.Close() }()
	data, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("cannot be read: %w", err)
	case len(data) > maxFile:
		return nil, fmt.Errorf("%s is larger than %d bytes: is it the right file?", path, maxFile)
	}
	return data, nil
}

// readPEM reads the blocks of a file. There is at least one.
func readPEM(path string) ([]*pem.Block, error) {
	data, err := readRegular(path)
	if err != nil {
		return nil, err
	}
	blocks, err := parsePEM(data)
	if err != nil {
		return nil, fmt.Errorf("%s %w", path, err)
	}
	return blocks, nil
}

var (
	beginLine = []byte("-----BEGIN ")
	utf8Mark  = []byte("\xef\xbb\xbf")
)

// parsePEM returns the blocks of data, which may have other text between them. A block that is damaged is a mistake: left out, it would be missed later, as
// a link of a chain for example.
func parsePEM(data []byte) ([]*pem.Block, error) {
	data = bytes.TrimPrefix(data, utf8Mark) // some editors of Windows put it there
	begun := bytes.Count(data, append([]byte("\n"), beginLine...))
	if bytes.HasPrefix(data, beginLine) {
		begun++
	}
	var blocks []*pem.Block
	for rest := data; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		blocks = append(blocks, block)
	}
	switch {
	case len(blocks) == 0:
		return nil, notPEM(data)
	case len(blocks) < begun:
		return nil, fmt.Errorf("has %d PEM blocks (-----BEGIN), but only %d that are whole: one is damaged or cut off", begun, len(blocks))
	}
	return blocks, nil
}

// notPEM says what a file without PEM seems to be.
func notPEM(data []byte) error {
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return errors.New("is empty")
	case bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")):
		return errors.New("is UTF-16 text: save it as ASCII or UTF-8")
	case bytes.Contains(data, bytes.TrimSpace(beginLine)):
		return errors.New("has a -----BEGIN, but no whole PEM block: is it cut off, are its lines joined or indented?")
	case data[0] != 0x30: // an ASN.1 SEQUENCE
		return errors.New("has no PEM block (-----BEGIN …): is it the right file?")
	}
	if _, err := x509.ParseCertificate(data); err == nil {
		return errors.New("is a certificate in DER, not PEM: convert it with openssl x509 -inform DER -in OLD -out NEW")
	}
	if _, err := parsePlainKey(data); err == nil {
		return errors.New("is a key in DER, not PEM: convert it with openssl pkey -inform DER -in OLD -out NEW")
	}
	return errors.New("is binary, not PEM: if it is PKCS#12 (.pfx, .p12), convert it with openssl pkcs12 -in OLD -out NEW")
}

func isKey(block *pem.Block) bool { return strings.HasSuffix(block.Type, "PRIVATE KEY") }

// ofType are the blocks of a type.
func ofType(blocks []*pem.Block, is func(*pem.Block) bool) []*pem.Block {
	var found []*pem.Block
	for _, block := range blocks {
		if is(block) {
			found = append(found, block)
		}
	}
	return found
}
