package server

import (
	"strings"

	"engawa/internal/hostname"
)

// check looks at settings that belong together.
func (c *Config) check() error {
	if c.TLS == "files" {
		if c.TLSCert == "" {
			return c.clash("tls", "needs tls_cert", "set tls_cert to the PEM file of the certificate")
		}
		if c.TLSKey == "" {
			return c.clash("tls", "needs tls_key", "set tls_key to the PEM file of the private key")
		}
	} else {
		if c.TLSCert != "" {
			return c.clash("tls_cert", "is not used when tls is "+c.TLS, "set tls to files, or take tls_cert out")
		}
		if c.TLSKey != "" {
			return c.clash("tls_key", "is not used when tls is "+c.TLS, "set tls to files, or take tls_key out")
		}
	}
	if c.TLS != "off" && strings.HasPrefix(c.URL, "http://") {
		return c.clash("url", "is plain http although tls is "+c.TLS, "give an https URL, or set tls to off")
	}
	if host, _ := hostname.Split(c.BaseURL().Host); c.TLS == "acme" && (hostname.IsAddress(host) || !strings.Contains(host, ".")) {
		return c.clash("tls", "asks for a certificate for "+host+", which no authority gives", "set domain or url to a public name")
	}
	if !c.AdminListen.Off() && c.AdminListen == c.Listen && c.Listen.Port() != "0" {
		return c.clash("admin_listen", "is the address of listen", "give another port, or off")
	}
	return nil
}

// clash is the error of a setting that others do not agree with.
func (c *Config) clash(name, reason, want string) error {
	e := &SettingError{Name: name, Origin: c.origins[name], Reason: reason, Want: want}
	for _, s := range settings {
		if s.Name == name {
			e.Value = s.text(c)
		}
	}
	return e
}
