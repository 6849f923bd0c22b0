// Package tlsfiles serves TLS with certificates from files, and reads them again while connections go on.
//
//	files, err := tlsfiles.New(tlsfiles.Config{CertFile: "tls.crt", KeyFile: "tls.key"})
//	if err != nil { … }
//	server := &http.Server{Handler: handler, TLSConfig: files.TLS()}
//	err = server.ListenAndServeTLS("", "")
//
// [New] judges the files as a client would, so that a mistake is found at the start and not by the first caller: a key of
// another certificate, a certificate that has expired or is not for servers. [Files.Reload] judges them again, and takes all
// or nothing: a pair that is half replaced leaves the old pair in force. Programs call it when one of [Files.Paths] changes.
// Kubernetes and others replace the directory of the files behind a symbolic link; names are followed anew each time.
//
// # Mutual TLS
//
// With Config.ClientCAFile every client must show a certificate that one of those CAs has issued. Who it is says
// auth.ClientCertificate; auth.NewClientCertificate makes callers of them. A connection is judged when it is opened: one whose CA is taken
// out of the file later goes on until it ends, and is not resumed.
package tlsfiles
