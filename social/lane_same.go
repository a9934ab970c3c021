package social

import (
	"encoding/hex"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"engawa/internal/markup"
)

// leastWords is how many letters a text must have to tell something from it.
const leastWords = 12

// wordsIn is what a Post says without what differs between copies of it: links,
// tags, mentions, spaces, case and punctuation.
func wordsIn(p *Post) string {
	text := norm.NFKC.String(markup.Text(p.Warning + "\n" + p.Content))
	var b strings.Builder
	b.Grow(len(text))
	for _, word := range strings.Fields(text) {
		if strings.HasPrefix(word, "#") || strings.HasPrefix(word, "@") || strings.Contains(word, "://") || strings.HasPrefix(word, "www.") {
			continue
		}
		for _, r := range word {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				b.WriteRune(unicode.ToLower(r))
			}
		}
	}
	return b.String()
}

// wordsMark is a hash (FNV-1a) of words; zero where they are too few to tell.
func wordsMark(words string) int64 {
	n := 0
	for range words {
		if n++; n >= leastWords {
			break
		}
	}
	if n < leastWords {
		return 0
	}
	h := uint64(14695981039346656037)
	for i := 0; i < len(words); i++ {
		h = (h ^ uint64(words[i])) * 1099511628211
	}
	if h == 0 {
		h = 1
	}
	return int64(h)
}

// bridges are the forms in which bridges write the address of what they carry:
// what stands after prefix is the original's.
var bridges = []struct{ prefix, scheme string }{
	{"https://bsky.brid.gy/convert/ap/", ""},
	{"https://fed.brid.gy/r/", ""},
	{"https://fed.brid.gy/convert/ap/", ""},
	{"https://bsky.brid.gy/ap/", ""},
	{"https://mostr.pub/objects/", "note"},
	{"https://mostr.pub/users/", "npub"},
	{"https://momostr.pink/notes/", "note"},
	{"https://momostr.pink/users/", "npub"},
}

// otherAddresses are the addresses that the same thing has by the forms of
// bridges, both ways, uri left out.
func otherAddresses(uri string) (out []string) {
	for _, b := range bridges {
		if rest, ok := strings.CutPrefix(uri, b.prefix); ok && rest != "" {
			switch {
			case b.scheme == "":
				out = append(out, rest)
			case strings.HasPrefix(rest, b.scheme+"1"):
				out = append(out, "nostr:"+rest)
			default:
				if key := bech32(b.scheme, rest); key != "" {
					out = append(out, "nostr:"+key)
				}
			}
		}
	}
	switch {
	case strings.HasPrefix(uri, "at://"):
		out = append(out, "https://bsky.brid.gy/convert/ap/"+uri)
	case strings.HasPrefix(uri, "did:"):
		out = append(out, "https://bsky.brid.gy/ap/"+uri)
	case strings.HasPrefix(uri, "nostr:note1"), strings.HasPrefix(uri, "nostr:npub1"):
		kind := "objects/"
		if uri[6] == 'n' && uri[7] == 'p' {
			kind = "users/"
		}
		if key := unbech32(uri[len("nostr:"):]); key != "" {
			out = append(out, "https://mostr.pub/"+kind+key)
		}
	}
	return out
}

const bech32Letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

func bech32Sum(prefix string, data []byte) uint32 {
	sum := uint32(1)
	step := func(v byte) {
		top := sum >> 25
		sum = (sum&0x1ffffff)<<5 ^ uint32(v)
		for i, g := range [...]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
			if top>>i&1 == 1 {
				sum ^= g
			}
		}
	}
	for i := range len(prefix) {
		step(prefix[i] >> 5)
	}
	step(0)
	for i := range len(prefix) {
		step(prefix[i] & 31)
	}
	for _, v := range data {
		step(v)
	}
	return sum
}

// bech32 writes 32 bytes in hexadecimal as NIP-19 does; "" where they are not.
func bech32(prefix, hexKey string) string {
	key, err := hex.DecodeString(hexKey)
	if err != nil || len(key) != 32 {
		return ""
	}
	var data []byte
	acc, bits := uint32(0), 0
	for _, b := range key {
		acc, bits = acc<<8|uint32(b), bits+8
		for ; bits >= 5; bits -= 5 {
			data = append(data, byte(acc>>(bits-5)&31))
		}
	}
	data = append(data, byte(acc<<(5-bits)&31))
	sum := bech32Sum(prefix, append(append([]byte(nil), data...), 0, 0, 0, 0, 0, 0)) ^ 1
	for i := range 6 {
		data = append(data, byte(sum>>(5*(5-i))&31))
	}
	out := []byte(prefix + "1")
	for _, v := range data {
		out = append(out, bech32Letters[v])
	}
	return string(out)
}

// unbech32 is the inverse of bech32, for 32 bytes; the sum is not looked at, an
// address that was changed leads nowhere.
func unbech32(s string) string {
	_, rest, ok := strings.Cut(s, "1")
	if !ok || len(rest) != 58 {
		return ""
	}
	key := make([]byte, 0, 33)
	acc, bits := uint32(0), 0
	for i := range 52 {
		v := strings.IndexByte(bech32Letters, rest[i])
		if v < 0 {
			return ""
		}
		acc, bits = acc<<5|uint32(v), bits+5
		if bits >= 8 {
			key = append(key, byte(acc>>(bits-8)))
			bits -= 8
		}
	}
	return hex.EncodeToString(key)
}

// samePerson tells whether two Actors are likely one human, and by what evidence.
func samePerson(a, b *Actor) (why string, ok bool) {
	if a.ID == b.ID {
		return "the same account", true
	}
	names := addressesOf(a)
	for _, n := range addressesOf(b) {
		for _, m := range names {
			if n == m {
				return "both are " + n, true
			}
		}
	}
	if domainHandle(a) == b.Domain && b.Domain != "" || domainHandle(b) == a.Domain && a.Domain != "" {
		return "the handle is the domain", true
	}
	x, y := localPart(a), localPart(b)
	if len(x) >= 3 && x == y {
		return "the same name " + x, true
	}
	return "", false
}

// addressesOf are an Actor's own address, those it declares, and its handle.
func addressesOf(a *Actor) []string {
	list := []string{a.URI, "acct:" + strings.ToLower(a.Handle())}
	if a.URL != "" {
		list = append(list, a.URL)
	}
	list = append(list, otherAddresses(a.URI)...)
	for _, alias := range a.Aliases {
		list = append(append(list, alias), otherAddresses(alias)...)
	}
	for i := range a.Fields {
		if a.Fields[i].VerifiedAt != 0 {
			list = append(list, strings.TrimSpace(markup.Text(a.Fields[i].Value)))
		}
	}
	if a.Domain == "bsky.brid.gy" || a.Domain == "bsky.app" {
		list = append(list, "bsky:"+strings.ToLower(a.Name))
	}
	return list
}

// domainHandle is a handle that is a domain of its own: not one of a host's.
func domainHandle(a *Actor) string {
	if a.Domain != "bsky.app" || strings.HasSuffix(a.Name, ".bsky.social") {
		return ""
	}
	return strings.ToLower(a.Name)
}

// localPart is the name without its domain, folded.
func localPart(a *Actor) string {
	name := strings.ToLower(a.Name)
	if a.Domain == "bsky.app" || a.Domain == "bsky.brid.gy" {
		name, _, _ = strings.Cut(name, ".")
	}
	return name
}
