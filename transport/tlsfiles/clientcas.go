package tlsfiles

import (
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"time"
)

// readClientCAs reads the CAs that may issue certificates of clients. One that has expired admits nobody any more; it is a mistake only if there is
// no other, or a restart after its end would keep the callers of the others out.
func readClientCAs(path string, now time.Time) ([]*x509.Certificate, error) {
	blocks, err := readPEM(path)
	if err != nil {
		return nil, err
	}
	cas, err := parseCertificates(blocks)
	if err == nil {
		err = judgeCAs(cas, now)
	}
	if err == nil {
		err = judgeMode(path)
	}
	if err != nil {
		return nil, fmt.Errorf("%s %w", path, err)
	}
	return cas, nil
}

func judgeCAs(cas []*x509.Certificate, now time.Time) error {
	for i, ca := range cas {
		if !ca.BasicConstraintsValid || !ca.IsCA || ca.KeyUsage != 0 && ca.KeyUsage&x509.KeyUsageCertSign == 0 {
			return fmt.Errorf("has a certificate, number %d (%s), that is not of a CA: a client's own does not belong there, give the one of who has issued it", i+1, nameOf(ca))
		}
		if err := judgeKey(ca.PublicKey); err != nil {
			return fmt.Errorf("has a CA, number %d (%s), that %w", i+1, nameOf(ca), err)
		}
	}
	for _, ca := range cas {
		if !now.Before(ca.NotBefore) && !now.After(ca.NotAfter) {
			return nil
		}
	}
	err := judgeTimes(cas[0], now)
	return fmt.Errorf("has no CA that counts now, so that no client could connect: number 1 (%s) %w", nameOf(cas[0]), err)
}

// judgeMode refuses a file with which everybody can let everybody in.
func judgeMode(path string) error {
	info, err := os.Stat(path)
	if err == nil && info.Mode().Perm()&0o002 != 0 && os.PathSeparator == '/' {
		err = errors.New("can be written by everybody, who could let in whom they like: chmod o-w it")
	}
	return err
}
