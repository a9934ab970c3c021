package hostname

import (
	"fmt"
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// profile maps and checks international names: UTS #46, non-transitional,
// only letters, digits and hyphens in the ASCII part.
var profile = idna.New(
	idna.MapForLookup(),
	idna.Transitional(false),
	idna.StrictDomainName(true),
	idna.CheckHyphens(false), // checked here, where real names allow what the rule does not
	idna.CheckJoiners(true),
	idna.BidiRule(),
)

// canonicalName is the canonical form of a domain name or an IPv4 address.
func canonicalName(s string) (string, error) {
	ascii := s
	if !plain(s) {
		var err error
		if ascii, err = international(s); err != nil {
			return "", err
		}
	}
	ascii = lower(ascii)
	if err := checkName(ascii); err != nil {
		return "", err
	}
	last := ascii[strings.LastIndexByte(ascii, '.')+1:]
	if numeric(last) {
		// A resolver may read 127.1, 0x7f.1 and 2130706433 as addresses.
		addr, err := netip.ParseAddr(ascii)
		if err != nil || !addr.Is4() {
			return "", fmt.Errorf("hostname: %q ends in a number, but is no IPv4 address like 192.0.2.1", clip(s))
		}
	}
	return ascii, nil
}

// plain tells whether s needs no IDNA: ASCII without an A-label.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
		if (s[i] == 'x' || s[i] == 'X') && i+4 <= len(s) && strings.EqualFold(s[i:i+4], "xn--") {
			return false
		}
	}
	return true
}

// international converts a name with non-ASCII characters or A-labels, which
// must be those that its own Unicode form has.
func international(s string) (string, error) {
	bad := func(err error) error {
		return fmt.Errorf("hostname: %q is no international domain name: %w", clip(s), err)
	}
	if !utf8.ValidString(s) {
		return "", bad(fmt.Errorf("it is no UTF-8"))
	}
	for _, r := range s {
		if vanishes(r) {
			return "", bad(fmt.Errorf("it holds the invisible character %U", r))
		}
	}
	shown, err := profile.ToUnicode(s)
	if err != nil {
		return "", bad(err)
	}
	ascii, err := profile.ToASCII(shown)
	if err != nil {
		return "", bad(err)
	}
	again, err := profile.ToASCII(s)
	if err != nil || again != ascii {
		return "", bad(fmt.Errorf("its A-labels are not the ones its Unicode form has"))
	}
	return ascii, nil
}

// vanishes tells whether UTS #46 deletes r while mapping, so that two strings
// that differ become one name. The joiners stay, and have rules of their own.
func vanishes(r rune) bool {
	if r == '\u200c' || r == '\u200d' {
		return false
	}
	return unicode.In(r, unicode.Cf, unicode.Cc, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

// checkName checks an ASCII name in lower case (RFC 1123, 2.1), and lets
// underscores pass, which names of storage hosts have.
func checkName(s string) error {
	if s == "" {
		return fmt.Errorf("hostname: empty")
	}
	if len(s) > 253 {
		return fmt.Errorf("hostname: %q has %d bytes; a name has at most 253", clip(s), len(s))
	}
	start := 0
	for i := 0; i <= len(s); i++ {
		if i < len(s) && s[i] != '.' {
			if c := s[i]; !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_') {
				return fmt.Errorf("hostname: %q holds %q; letters, digits, hyphens and dots may stand in a name", clip(s), c)
			}
			continue
		}
		switch label := s[start:i]; {
		case label == "":
			return fmt.Errorf("hostname: %q has an empty label", clip(s))
		case len(label) > 63:
			return fmt.Errorf("hostname: a label of %q has %d bytes; at most 63 are allowed", clip(s), len(label))
		case label[0] == '-' || label[len(label)-1] == '-':
			return fmt.Errorf("hostname: a label of %q begins or ends with a hyphen", clip(s))
		}
		start = i + 1
	}
	return nil
}

// numeric tells whether a label reads as a number (WHATWG URL, "ends in a
// number").
func numeric(label string) bool {
	if hex, ok := strings.CutPrefix(label, "0x"); ok {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return strings.Trim(label, "0123456789") == ""
}

// lower is strings.ToLower for ASCII alone: other characters stay, and are
// found by checkName.
func lower(s string) string {
	for i := range len(s) {
		if s[i] >= 'A' && s[i] <= 'Z' {
			b := []byte(s)
			for ; i < len(b); i++ {
				if b[i] >= 'A' && b[i] <= 'Z' {
					b[i] += 'a' - 'A'
				}
			}
			return string(b)
		}
	}
	return s
}
