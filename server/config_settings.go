package server

import (
	"slices"
	"strconv"
	"strings"

	"engawa/internal/hostname"
)

// A Setting is described here once: its TOML key, environment variable, flag,
// help and line in `engawa config` all come from it.
type Setting struct {
	// Name is the TOML key, in snake_case.
	Name string
	// Default is what is in force when nobody says: text as an operator
	// would write it, where {domain} and {data} stand for those settings.
	Default string
	// Placeholder stands for the value in help.
	Placeholder string
	// Help is one sentence without a full stop.
	Help string
	// Secret settings bear something that must not be shown.
	Secret bool

	shape shape
	// parse sets the field from text; its error is a *wrong.
	parse func(c *Config, text string) error
	// text is the canonical text of the field, secrets masked.
	text func(c *Config) string
}

// shape is how a setting may be written in TOML besides as a string.
type shape int

const (
	shapeText   shape = iota
	shapeSwitch       // true or false
	shapeNumber       // a whole number
	shapeList         // an array of strings
	shapePairs        // a table of strings
)

// Env is the environment variable; Env + "_FILE" names a file that bears the value.
func (s Setting) Env() string { return "ENGAWA_" + strings.ToUpper(s.Name) }

// Flag is the flag without its dashes.
func (s Setting) Flag() string { return strings.ReplaceAll(s.Name, "_", "-") }

// Switch says that the setting is on or off, so that its flag may stand alone
// for on.
func (s Setting) Switch() bool { return s.shape == shapeSwitch }

// Settings is a copy of the table of all settings.
func Settings() []Setting { return slices.Clone(settings) }

// settings is in the order in which settings are shown and parsed: domain and
// data come before what is made from them.
var settings = []Setting{
	{Name: "domain", Default: "localhost", Placeholder: "NAME",
		Help:  "Part after the second @ in handles; cannot be changed once others know it",
		parse: func(c *Config, t string) (err error) { c.Domain, err = parseDomain(t); return },
		text:  func(c *Config) string { return c.Domain }},
	{Name: "url", Default: "https://{domain}", Placeholder: "URL",
		Help:  "Public base URL (http when domain is localhost); may be another host than domain",
		parse: func(c *Config, t string) (err error) { c.URL, err = parseBaseURL(t); return },
		text:  func(c *Config) string { return c.URL }},
	{Name: "listen", Default: "127.0.0.1:8080", Placeholder: "ADDR",
		Help:  "Address served: host:port or unix:PATH",
		parse: func(c *Config, t string) (err error) { c.Listen, err = parseAddress(t); return },
		text:  func(c *Config) string { return c.Listen.String() }},
	{Name: "admin_listen", Default: "off", Placeholder: "ADDR",
		Help:  "Address for /metrics, /livez, /readyz and /debug/pprof/: host:port, unix:PATH or off",
		parse: func(c *Config, t string) (err error) { c.AdminListen, err = parseAddressOrOff(t); return },
		text:  func(c *Config) string { return c.AdminListen.String() }},
	{Name: "data", Default: "./data", Placeholder: "DIR",
		Help:  "Folder for the database, blobs and keys",
		parse: func(c *Config, t string) (err error) { c.Data, err = parseFolder(t); return },
		text:  func(c *Config) string { return c.Data }},
	{Name: "database", Default: "sqlite:{data}/engawa.db", Placeholder: "SOURCE", Secret: true,
		Help:  "sqlite:PATH, or postgres://… with one or more hosts",
		parse: func(c *Config, t string) (err error) { c.Database, err = parseDatabase(t); return },
		text:  func(c *Config) string { return c.Database.String() }},
	{Name: "objects", Default: "{data}/objects", Placeholder: "PLACE", Secret: true,
		Help:  "Folder for media, or s3://KEY:SECRET@HOST[:PORT]/BUCKET?region=…&tls=false",
		parse: func(c *Config, t string) (err error) { c.Objects, err = parseObjects(t); return },
		text:  func(c *Config) string { return c.Objects.String() }},
	{Name: "node", Default: "0", Placeholder: "N", shape: shapeNumber,
		Help:  "0–1023, different on each node that shares a database",
		parse: func(c *Config, t string) (err error) { c.Node, err = parseNode(t); return },
		text:  func(c *Config) string { return strconv.Itoa(c.Node) }},
	{Name: "tls", Default: "off", Placeholder: "MODE",
		Help:  "off, acme, or files with tls_cert and tls_key",
		parse: func(c *Config, t string) (err error) { c.TLS, err = parseOneOf(t, "off", "acme", "files"); return },
		text:  func(c *Config) string { return c.TLS }},
	{Name: "tls_cert", Placeholder: "FILE",
		Help:  "PEM file of the certificate and its chain, for tls = files",
		parse: func(c *Config, t string) error { c.TLSCert = t; return nil },
		text:  func(c *Config) string { return c.TLSCert }},
	{Name: "tls_key", Placeholder: "FILE",
		Help:  "PEM file of the certificate's private key, for tls = files",
		parse: func(c *Config, t string) error { c.TLSKey = t; return nil },
		text:  func(c *Config) string { return c.TLSKey }},
	{Name: "trusted_proxies", Placeholder: "NETS", shape: shapeList,
		Help:  "Networks whose X-Forwarded-* are believed, separated by commas",
		parse: func(c *Config, t string) (err error) { c.TrustedProxies, err = parsePrefixes(t); return },
		text:  func(c *Config) string { return prefixesText(c.TrustedProxies) }},
	{Name: "registration", Default: "closed", Placeholder: "MODE",
		Help: "Who may sign up: open, approval, invite or closed",
		parse: func(c *Config, t string) (err error) {
			c.Registration, err = parseOneOf(t, "open", "approval", "invite", "closed")
			return
		},
		text: func(c *Config) string { return c.Registration }},
	{Name: "min_age", Default: "0", Placeholder: "YEARS", shape: shapeNumber,
		Help:  "Least age of who signs up, in years; 0 asks for no age",
		parse: func(c *Config, t string) (err error) { c.MinAge, err = parseYears(t); return },
		text:  func(c *Config) string { return strconv.Itoa(c.MinAge) }},
	{Name: "invites", Default: "staff", Placeholder: "WHO",
		Help:  "Who may invite people: staff or members",
		parse: func(c *Config, t string) (err error) { c.Invites, err = parseOneOf(t, "staff", "members"); return },
		text:  func(c *Config) string { return c.Invites }},
	{Name: "oidc_issuer", Placeholder: "URL",
		Help:  "Identity provider (OpenID Connect) that people may log in with",
		parse: func(c *Config, t string) (err error) { c.OIDC.Issuer, err = parseIssuer(t); return },
		text:  func(c *Config) string { return c.OIDC.Issuer }},
	{Name: "oidc_client_id", Placeholder: "ID",
		Help:  "Name of this home at the identity provider",
		parse: func(c *Config, t string) error { c.OIDC.ClientID = t; return nil },
		text:  func(c *Config) string { return c.OIDC.ClientID }},
	{Name: "oidc_client_secret", Placeholder: "SECRET", Secret: true,
		Help:  "Secret of this home at the identity provider",
		parse: func(c *Config, t string) error { c.OIDC.Secret = t; return nil },
		text:  func(c *Config) string { return maskIf(c.OIDC.Secret) }},
	{Name: "oidc_name", Placeholder: "NAME",
		Help:  "What people call the identity provider",
		parse: func(c *Config, t string) error { c.OIDC.Name = t; return nil },
		text:  func(c *Config) string { return c.OIDC.Name }},
	{Name: "allow_networks", Placeholder: "NETS", shape: shapeList,
		Help:  "Private or loopback networks that outgoing requests may reach, separated by commas",
		parse: func(c *Config, t string) (err error) { c.AllowNetworks, err = parsePrefixes(t); return },
		text:  func(c *Config) string { return prefixesText(c.AllowNetworks) }},
	{Name: "extra_roots", Placeholder: "FILE",
		Help:  "PEM file of further certificate authorities for outgoing requests",
		parse: func(c *Config, t string) error { c.ExtraRoots = t; return nil },
		text:  func(c *Config) string { return c.ExtraRoots }},
	{Name: "hosts", Placeholder: "PAIRS", shape: shapePairs,
		Help:  "Where outgoing requests to these names go: name=ip:port,…",
		parse: func(c *Config, t string) (err error) { c.Hosts, err = parseHosts(t); return },
		text:  func(c *Config) string { return hostsText(c.Hosts) }},
	{Name: "allow_http", Default: "false", Placeholder: "BOOL", shape: shapeSwitch,
		Help:  "Federate over plain http too: for tests on loopback",
		parse: func(c *Config, t string) (err error) { c.AllowHTTP, err = parseSwitch(t); return },
		text:  func(c *Config) string { return strconv.FormatBool(c.AllowHTTP) }},
	{Name: "authorized_fetch", Default: "false", Placeholder: "BOOL", shape: shapeSwitch,
		Help:  "Ask a signature of every server that reads actors and posts",
		parse: func(c *Config, t string) (err error) { c.AuthorizedFetch, err = parseSwitch(t); return },
		text:  func(c *Config) string { return strconv.FormatBool(c.AuthorizedFetch) }},
	{Name: "rate_limits", Default: "on", Placeholder: "BOOL", shape: shapeSwitch,
		Help:  "Bound what one client or account may ask in a while; off only for load tests",
		parse: func(c *Config, t string) (err error) { c.RateLimits, err = parseSwitch(t); return },
		text:  func(c *Config) string { return onOff(c.RateLimits) }},
	{Name: "media_cache", Default: "1GiB", Placeholder: "SIZE", shape: shapeNumber,
		Help:  "Most that copies of other servers' media may take, such as 512MiB",
		parse: func(c *Config, t string) (err error) { c.MediaCache, err = parseSize(t); return },
		text:  func(c *Config) string { return sizeText(c.MediaCache) }},
	{Name: "languages", Default: "en", Placeholder: "TAGS", shape: shapeList,
		Help:  "Languages spoken here, separated by commas, such as ja,en",
		parse: func(c *Config, t string) (err error) { c.Languages, err = parseLanguages(t); return },
		text:  func(c *Config) string { return strings.Join(c.Languages, ",") }},
	{Name: "smtp", Placeholder: "URL", Secret: true,
		Help:  "Mail server for what people have sent to them: smtp://USER:PASSWORD@HOST[:PORT]?from=ADDRESS&tls=starttls",
		parse: func(c *Config, t string) (err error) { c.SMTP, err = parseSMTP(t); return },
		text:  func(c *Config) string { return smtpText(c.SMTP) }},
	{Name: "translation", Default: "off", Placeholder: "SERVICE", Secret: true,
		Help:  "Service that translates posts for readers: off, deepl:KEY, or libretranslate:URL, where a key stands as https://KEY@HOST",
		parse: func(c *Config, t string) (err error) { c.Translation, err = parseTranslation(t); return },
		text:  func(c *Config) string { return c.Translation.text() }},
	{Name: "log", Default: "info", Placeholder: "LEVEL",
		Help:  "Least level logged: debug, info, warn or error; JSON when stderr is no terminal",
		parse: func(c *Config, t string) (err error) { c.Log, err = parseLevel(t); return },
		text:  func(c *Config) string { return strings.ToLower(c.Log.String()) }},
}

// defaultText is the text of the default, once domain and data are known.
func (s Setting) defaultText(c *Config) string {
	if host, _ := hostname.Split(c.Domain); s.Name == "url" && host == "localhost" {
		return "http://" + c.Domain
	}
	return strings.NewReplacer("{domain}", c.Domain, "{data}", c.Data).Replace(s.Default)
}
