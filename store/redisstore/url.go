package redisstore

import (
	"crypto/tls"
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"
)

const (
	defaultPort  = "6379"
	maxDatabases = 1 << 16
)

// parseURL reads the address of the server. Its errors show nothing of it, since what is malformed may be the password.
func parseURL(raw Secret, config *tls.Config) (*redis.Options, error) {
	if raw == "" {
		return nil, &ConfigError{"URL", "is empty: write redis://user:password@host:6379/0, or rediss:// with TLS; or give Client"}
	}
	u, err := url.Parse(string(raw))
	if err != nil {
		return nil, &ConfigError{"URL", "is malformed: write redis://user:password@host:6379/0, with %XX for characters of the password that are neither letters nor digits"}
	}
	o := &redis.Options{Network: "tcp"}
	var errs []error
	complain := func(problem string) { errs = append(errs, &ConfigError{"URL", problem}) }
	database := strings.Trim(u.Path, "/")
	switch u.Scheme {
	case "redis", "rediss":
		if u.Hostname() == "" {
			complain("has no host: write redis://host:6379, or redis://:password@host:6379")
		}
		o.Addr = net.JoinHostPort(u.Hostname(), portOf(u))
		if n, err := strconv.ParseUint(portOf(u), 10, 16); err != nil || n == 0 {
			complain("has a port that is none: use 1 to 65535")
		}
	case "unix":
		o.Network, o.Addr, database = "unix", u.Path, u.Query().Get("db")
		if u.Host != "" || u.Path == "" {
			complain("has no absolute path of a socket: write unix:///run/redis.sock")
		}
	default:
		complain("begins with another scheme than redis://, rediss:// or unix://: write redis://localhost:6379")
		database = ""
	}
	if u.Fragment != "" || u.RawQuery != "" && (u.Scheme != "unix" || u.RawQuery != "db="+database) {
		complain("has a query or a fragment, which say nothing here; ? and # in a password are written %3F and %23")
	}
	if o.DB, err = databaseOf(database); err != nil {
		complain("has a path that is no number of a database: write redis://host:6379/0")
	}
	o.Username = u.User.Username()
	password, given := u.User.Password()
	if o.Password = password; u.User != nil && (!given || password == "") {
		complain("has a user without a password; a password alone is written redis://:password@host")
	}
	o.TLSConfig, err = tlsFor(u, config)
	return o, errors.Join(append(errs, err)...)
}

func portOf(u *url.URL) string {
	if port := u.Port(); port != "" {
		return port
	}
	return defaultPort
}

func databaseOf(text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n >= maxDatabases {
		return 0, errors.New("no number of a database")
	}
	return n, nil
}

func tlsFor(u *url.URL, config *tls.Config) (*tls.Config, error) {
	if u.Scheme != "rediss" {
		if config != nil {
			return nil, &ConfigError{"TLS", "is given, but the URL does not begin with rediss://"}
		}
		return nil, nil
	}
	if config == nil {
		config = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	config = config.Clone()
	if config.ServerName == "" {
		config.ServerName = u.Hostname()
	}
	return config, nil
}

// A place is where a server is.
type place struct {
	label string // for people: without the password
	plain bool   // TCP without TLS
	local bool   // on this machine
}

func placeOf(o *redis.Options) place {
	u := url.URL{Scheme: "redis", Host: o.Addr, Path: "/" + strconv.Itoa(o.DB)}
	at := place{plain: o.TLSConfig == nil}
	switch {
	case o.Network == "unix":
		u, at = url.URL{Scheme: "unix", Path: o.Addr}, place{local: true}
	case o.TLSConfig != nil:
		u.Scheme = "rediss"
	}
	if o.Username != "" {
		u.User = url.User(o.Username)
	}
	host, _, err := net.SplitHostPort(o.Addr)
	at.local = at.local || err == nil && (host == "localhost" || net.ParseIP(host).IsLoopback())
	at.label = u.String()
	return at
}
