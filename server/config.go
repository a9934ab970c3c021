package server

import (
	"encoding/json"
	"log/slog"
	"maps"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"engawa/network/mail"
)

// Config is everything an operator decides about a home. [LoadConfig] is the
// only way to a checked one; what each setting means, how it is written and
// what it is when nobody says, stands in the table [Settings].
type Config struct {
	// Domain is the part after the second @ in handles, in the form of
	// package hostname; it has a port only if the operator gave one.
	Domain string
	// URL is the public base, scheme://host[:port], without a slash at the
	// end and without the scheme's own port. Its host may differ from Domain.
	URL string
	// Listen is where the home is served; AdminListen is off when zero.
	Listen, AdminListen Address
	// Data is the folder for the database, blobs and keys; see DataPath.
	Data string
	// Database and Objects say where rows and bytes are kept.
	Database Database
	Objects  Objects
	// Node is 0–1023, different on each node that shares a database.
	Node int
	// TLS is "off", "acme" or "files"; TLSCert and TLSKey are the paths of
	// PEM files and set only with "files".
	TLS, TLSCert, TLSKey string
	// TrustedProxies are the networks whose X-Forwarded-* are believed.
	TrustedProxies []netip.Prefix
	// Registration is "open", "approval", "invite" or "closed".
	Registration string
	// MinAge is the least age in years of who signs up, 0 for none.
	MinAge int
	// Invites is who may invite: "staff" or "members".
	Invites string
	// OIDC is the identity provider that people may log in with; without an
	// issuer there is none.
	OIDC OIDC
	// AllowNetworks are private or loopback networks that outgoing requests
	// may reach all the same.
	AllowNetworks []netip.Prefix
	// ExtraRoots is the path of a PEM file of further certificate
	// authorities, or empty.
	ExtraRoots string
	// Hosts says where outgoing requests to a name go instead of what the
	// DNS says: to ip:port. Keys have the form of package hostname, with a
	// port only if one was given.
	Hosts map[string]string
	// AllowHTTP federates over plain http too.
	AllowHTTP bool
	// AuthorizedFetch asks a signature of who reads over ActivityPub.
	AuthorizedFetch bool
	// RateLimits is false only for load tests.
	RateLimits bool
	// MediaCache is the most that copies of other servers' media may take,
	// in bytes; 0 keeps none.
	MediaCache int64
	// Languages are the languages spoken here, the first one first: BCP 47.
	Languages []string
	// SMTP is the server that mail is handed to; without a host none is sent.
	SMTP mail.SMTP
	// Translation is the service that posts are translated by; none without a kind.
	Translation Translation
	// Log is the least level that is logged.
	Log slog.Level

	// Warnings are things that look like mistakes and stop nothing, a line
	// each; for a person.
	Warnings []string

	origins map[string]Origin
}

// DataPath is a path inside the data folder.
func (c *Config) DataPath(elem ...string) string {
	return filepath.Join(append([]string{c.Data}, elem...)...)
}

// BaseURL is URL, parsed. The caller may change what is returned.
func (c *Config) BaseURL() *url.URL {
	scheme, host, _ := strings.Cut(c.URL, "://")
	return &url.URL{Scheme: scheme, Host: host}
}

// Origin says where the value of a setting came from. Names are those of
// [Settings]; an unknown name gives the zero Origin, "default".
func (c *Config) Origin(name string) Origin { return c.origins[name] }

// Address is an address to listen on. The zero Address listens nowhere.
type Address struct {
	Network string // "tcp" or "unix", as net.Listen wants it
	Addr    string // "host:port", or the path of the socket
}

// Off says that nothing is to listen.
func (a Address) Off() bool { return a.Network == "" }

// String is the address as the settings write it.
func (a Address) String() string {
	switch a.Network {
	case "":
		return "off"
	case "unix":
		return "unix:" + a.Addr
	}
	return a.Addr
}

// Port is the port of a tcp address, and empty for a socket.
func (a Address) Port() string {
	if a.Network != "tcp" {
		return ""
	}
	_, port, _ := net.SplitHostPort(a.Addr)
	return port
}

// The engines a Database may have.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
)

// Database says where the rows are. Printed, logged or marshalled it hides
// the password; Source does not.
type Database struct {
	Engine string // SQLite or Postgres
	source string
}

// Source is the setting in full, password included: "sqlite:PATH" or
// "postgres://…".
func (d Database) Source() string { return d.source }

// Path is the file of an SQLite database, and empty for PostgreSQL.
func (d Database) Path() string {
	path, ok := strings.CutPrefix(d.source, "sqlite:")
	if !ok {
		return ""
	}
	return path
}

// String is Source with the password masked.
func (d Database) String() string {
	if d.Engine == SQLite {
		return d.source
	}
	return maskURL(d.source)
}

// GoString is String in quotes, so that %#v does not tell the password either.
func (d Database) GoString() string { return quote(d.String()) }

// MarshalText is String, for JSON and slog.
func (d Database) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// Objects says where the bytes of media are: in the folder Dir, or in S3 when
// that is not nil.
type Objects struct {
	Dir string
	S3  *S3
}

// String is the setting with the secret masked.
func (o Objects) String() string {
	if o.S3 != nil {
		return o.S3.String()
	}
	return o.Dir
}

// GoString is String in quotes.
func (o Objects) GoString() string { return quote(o.String()) }

// MarshalText is String, for JSON and slog.
func (o Objects) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// S3 is a bucket of an S3-compatible object store.
type S3 struct {
	Endpoint string // host[:port]
	Bucket   string
	Region   string // may be empty
	Key      string
	Secret   string
	TLS      bool
}

// String is the address of the bucket with the secret masked.
func (s S3) String() string {
	query := make([]string, 0, 2)
	if s.Region != "" {
		query = append(query, "region="+url.QueryEscape(s.Region))
	}
	if !s.TLS {
		query = append(query, "tls=false")
	}
	text := "s3://" + url.PathEscape(s.Key) + ":" + masked + "@" + s.Endpoint + "/" + s.Bucket
	if len(query) > 0 {
		text += "?" + strings.Join(query, "&")
	}
	return text
}

// GoString is String in quotes.
func (s S3) GoString() string { return quote(s.String()) }

// MarshalText is String, for JSON and slog.
func (s S3) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

func prefixesText(list []netip.Prefix) string {
	text := make([]string, len(list))
	for i, p := range list {
		text[i] = p.String()
	}
	return strings.Join(text, ",")
}

func hostsText(hosts map[string]string) string {
	text := make([]string, 0, len(hosts))
	for _, name := range slices.Sorted(maps.Keys(hosts)) {
		text = append(text, name+"="+hosts[name])
	}
	return strings.Join(text, ",")
}

// quote writes text as a string of both JSON and TOML, without escaping what
// is only dangerous in HTML.
func quote(text string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(text) // a string and a Builder: cannot fail
	return strings.TrimSuffix(b.String(), "\n")
}
