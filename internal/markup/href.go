package markup

import "strings"

// SafeHref tells whether a link may be kept: absolute, its scheme http, https,
// dat, dweb, ipfs, ipns, ssb, gopher, xmpp, magnet or gemini. It gives the
// link without the characters that browsers ignore (control characters
// anywhere, spaces around it).
func SafeHref(href string) (string, bool) {
	href = withoutIgnored(href)
	if len(href) > maxHref {
		return "", false
	}
	colon := strings.IndexByte(href, ':')
	if colon <= 0 || colon > len("gemini") {
		return "", false
	}
	return href, isSafeScheme(href[:colon])
}

func isSafeScheme(scheme string) bool {
	switch len(scheme) {
	case 3:
		return strings.EqualFold(scheme, "dat") || strings.EqualFold(scheme, "ssb")
	case 4:
		return strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "dweb") ||
			strings.EqualFold(scheme, "ipfs") || strings.EqualFold(scheme, "ipns") || strings.EqualFold(scheme, "xmpp")
	case 5:
		return strings.EqualFold(scheme, "https")
	case 6:
		return strings.EqualFold(scheme, "gopher") || strings.EqualFold(scheme, "magnet") || strings.EqualFold(scheme, "gemini")
	}
	return false
}

// withoutIgnored removes what the URL standard (§4.4) removes before parsing.
func withoutIgnored(s string) string {
	clean := true
	for i := 0; i < len(s); i++ {
		if s[i] <= ' ' {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	s = strings.TrimFunc(s, func(r rune) bool { return r <= ' ' })
	return strings.Map(func(r rune) rune {
		if r < ' ' {
			return -1
		}
		return r
	}, s)
}
