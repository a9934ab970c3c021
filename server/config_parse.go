package server

import (
	"log/slog"
	"math"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/text/language"

	"engawa/internal/hostname"
)

// parseDomain takes a host with or without a port and gives its one spelling.
func parseDomain(text string) (string, error) {
	const want = "give a name such as example.org, without scheme or path"
	if text == "" {
		return "", &wrong{"is empty", want}
	}
	host, err := hostname.Parse(text)
	if err != nil {
		return "", &wrong{"is not a domain name", want}
	}
	return host, nil
}

func isPort(text string) bool {
	_, err := strconv.ParseUint(text, 10, 16)
	return err == nil
}

// parseBaseURL takes scheme://host[:port] and a slash at most.
func parseBaseURL(text string) (string, error) {
	const want = "give scheme and host, such as https://social.example.org"
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return "", &wrong{"is not an http or https URL", want}
	}
	if u.User != nil || strings.Trim(u.Path, "/") != "" || strings.ContainsAny(text, "?#") {
		return "", &wrong{"has more than scheme and host", want}
	}
	host, err := hostname.OfURL(u)
	if err != nil {
		return "", &wrong{"has a host that is not a domain name", want}
	}
	return u.Scheme + "://" + host, nil
}

// parseAddress takes host:port, where the host may be empty, and unix:PATH.
func parseAddress(text string) (Address, error) {
	const want = "give host:port such as 127.0.0.1:8080, or unix:PATH"
	if path, ok := strings.CutPrefix(text, "unix:"); ok {
		if path == "" {
			return Address{}, &wrong{"names no socket", want}
		}
		return Address{Network: "unix", Addr: path}, nil
	}
	_, port, err := net.SplitHostPort(text)
	if err != nil || !isPort(port) {
		return Address{}, &wrong{"is not an address to listen on", want}
	}
	return Address{Network: "tcp", Addr: text}, nil
}

func parseAddressOrOff(text string) (Address, error) {
	if text == "" || text == "off" {
		return Address{}, nil
	}
	return parseAddress(text)
}

func parseFolder(text string) (string, error) {
	if text == "" {
		return "", &wrong{"is empty", "give the path of a folder, such as /var/lib/engawa"}
	}
	if len(text) > 1 {
		text = strings.TrimSuffix(text, "/")
	}
	return text, nil
}

func parseDatabase(text string) (Database, error) {
	const want = "give sqlite:PATH, or postgres://USER:PASSWORD@HOST[:PORT][,HOST…]/NAME"
	scheme, rest, _ := strings.Cut(text, ":")
	switch scheme {
	case "sqlite":
		if strings.Trim(rest, "/") == "" {
			return Database{}, &wrong{"names no file", want}
		}
		return Database{Engine: SQLite, source: text}, nil
	case "postgres", "postgresql":
		if !strings.HasPrefix(rest, "//") || len(rest) < 3 {
			return Database{}, &wrong{"names no host", want}
		}
		return Database{Engine: Postgres, source: text}, nil
	}
	return Database{}, &wrong{"names no engine that is known", want}
}

func parseNode(text string) (int, error) {
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil || n > 1023 {
		return 0, &wrong{"is not a node number", "give a whole number from 0 to 1023"}
	}
	return int(n), nil
}

func parseOneOf(text string, words ...string) (string, error) {
	for _, word := range words {
		if text == word {
			return text, nil
		}
	}
	last := len(words) - 1
	return "", &wrong{"is none of the words known here", "give " + strings.Join(words[:last], ", ") + " or " + words[last]}
}

func parseSwitch(text string) (bool, error) {
	switch strings.ToLower(text) {
	case "true", "on", "yes", "1":
		return true, nil
	case "false", "off", "no", "0":
		return false, nil
	}
	return false, &wrong{"is neither yes nor no", "give on or off, true or false"}
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// fields splits a list at its commas; "" and "none" are the empty list.
func fields(text string) []string {
	if strings.TrimSpace(text) == "" || text == "none" {
		return nil
	}
	list := strings.Split(text, ",")
	for i, item := range list {
		list[i] = strings.TrimSpace(item)
	}
	return list
}

// parsePrefixes takes networks in CIDR notation and single addresses. Bits
// behind the prefix are dropped: 10.1.2.3/8 is 10.0.0.0/8.
func parsePrefixes(text string) ([]netip.Prefix, error) {
	const want = "give networks such as 10.0.0.0/8 or fd00::/8, separated by commas"
	list := make([]netip.Prefix, 0, 4)
	for _, item := range fields(text) {
		prefix, err := netip.ParsePrefix(item)
		if err != nil {
			addr, err := netip.ParseAddr(item)
			if err != nil || addr.Zone() != "" {
				return nil, &wrong{"contains " + quote(shorten(item, 40)) + ", which is no network", want}
			}
			addr = addr.Unmap()
			prefix = netip.PrefixFrom(addr, addr.BitLen())
		}
		if prefix.Addr().Is4In6() {
			if prefix.Bits() < 96 {
				return nil, &wrong{"contains " + quote(item) + ", which mixes IPv4 and IPv6", want}
			}
			prefix = netip.PrefixFrom(prefix.Addr().Unmap(), prefix.Bits()-96)
		}
		list = append(list, prefix.Masked())
	}
	return list, nil
}

func parseHosts(text string) (map[string]string, error) {
	const want = "give name=ip:port, separated by commas"
	hosts := make(map[string]string)
	for _, item := range fields(text) {
		name, to, ok := strings.Cut(item, "=")
		if !ok {
			return nil, &wrong{"contains " + quote(shorten(item, 80)) + " without =", want}
		}
		host, err := parseDomain(strings.TrimSpace(name))
		if err != nil {
			return nil, &wrong{"contains the name " + quote(shorten(name, 80)) + ", which is none", want}
		}
		addr, err := netip.ParseAddrPort(strings.TrimSpace(to))
		if err != nil {
			return nil, &wrong{"sends " + host + " to " + quote(shorten(to, 80)) + ", which is no ip:port", want}
		}
		if _, twice := hosts[host]; twice {
			return nil, &wrong{"contains " + host + " twice", want + ", each name once"}
		}
		hosts[host] = addr.String()
	}
	return hosts, nil
}

// sizeUnits are tried from the longest name; the binary ones are written back.
var sizeUnits = []struct {
	name  string
	bytes int64
}{
	{"TiB", 1 << 40}, {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10},
	{"TB", 1e12}, {"GB", 1e9}, {"MB", 1e6}, {"kB", 1e3}, {"B", 1},
}

// parseSize takes a whole number of bytes, or of a unit that follows it.
func parseSize(text string) (int64, error) {
	bad := &wrong{"is not a size", "give a whole number and a unit, such as 512MiB or 2GiB"}
	unit := int64(1)
	for _, u := range sizeUnits {
		if number, ok := strings.CutSuffix(text, u.name); ok {
			text, unit = strings.TrimSpace(number), u.bytes
			break
		}
	}
	n, err := strconv.ParseUint(text, 10, 63)
	if err != nil || int64(n) > math.MaxInt64/unit {
		return 0, bad
	}
	return int64(n) * unit, nil
}

func sizeText(n int64) string {
	for _, u := range sizeUnits[:4] {
		if n != 0 && n%u.bytes == 0 {
			return strconv.FormatInt(n/u.bytes, 10) + u.name
		}
	}
	return strconv.FormatInt(n, 10) + "B"
}

// parseLanguages takes at least one tag of BCP 47 and writes them in their
// canonical form.
func parseLanguages(text string) ([]string, error) {
	const want = "give language tags such as ja,en,pt-BR"
	list := fields(text)
	if len(list) == 0 {
		return nil, &wrong{"names no language", want}
	}
	for i, item := range list {
		tag, err := language.Parse(item)
		if err != nil {
			return nil, &wrong{"contains " + quote(shorten(item, 40)) + ", which is no language", want}
		}
		list[i] = tag.String()
	}
	return list, nil
}

func parseLevel(text string) (slog.Level, error) {
	word, err := parseOneOf(text, "debug", "info", "warn", "error")
	if err != nil {
		return 0, err
	}
	var level slog.Level
	return level, level.UnmarshalText([]byte(word))
}
