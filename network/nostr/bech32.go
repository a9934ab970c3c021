package nostr

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"strings"
)

// bech32 (BIP-173) without its limit of 90 characters, as NIP-19 uses it.

const charset = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

var errBech32 = errors.New("this is no valid nostr identifier (npub1…, nsec1…, note1…, nevent1…, nprofile1…)")

func polymod(values []byte) uint32 {
	generator := [5]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3}
	check := uint32(1)
	for _, v := range values {
		high := check >> 25
		check = check&0x1ffffff<<5 ^ uint32(v)
		for i, g := range generator {
			if high>>i&1 == 1 {
				check ^= g
			}
		}
	}
	return check
}

func expand(prefix string) []byte {
	out := make([]byte, 0, 2*len(prefix)+1)
	for i := range len(prefix) {
		out = append(out, prefix[i]>>5)
	}
	out = append(out, 0)
	for i := range len(prefix) {
		out = append(out, prefix[i]&31)
	}
	return out
}

// regroup turns groups of from bits into groups of to bits.
func regroup(in []byte, from, to uint, pad bool) ([]byte, bool) {
	var out []byte
	acc, bits := uint32(0), uint(0)
	for _, v := range in {
		acc = acc<<from&0xfff | uint32(v)
		bits += from
		for bits >= to {
			bits -= to
			out = append(out, byte(acc>>bits&(1<<to-1)))
		}
	}
	if pad {
		if bits > 0 {
			out = append(out, byte(acc<<(to-bits)&(1<<to-1)))
		}
		return out, true
	}
	return out, bits < from && acc<<(to-bits)&(1<<to-1) == 0
}

func encodeBech32(prefix string, data []byte) string {
	groups, _ := regroup(data, 8, 5, true)
	check := polymod(append(append(expand(prefix), groups...), 0, 0, 0, 0, 0, 0)) ^ 1
	var b strings.Builder
	b.WriteString(prefix)
	b.WriteByte('1')
	for _, g := range groups {
		b.WriteByte(charset[g])
	}
	for i := range 6 {
		b.WriteByte(charset[check>>(5*(5-i))&31])
	}
	return b.String()
}

func decodeBech32(s string) (prefix string, data []byte, err error) {
	if len(s) > 1024 || s != strings.ToLower(s) && s != strings.ToUpper(s) {
		return "", nil, errBech32
	}
	s = strings.ToLower(s)
	at := strings.LastIndexByte(s, '1')
	if at < 1 || at+7 > len(s) {
		return "", nil, errBech32
	}
	prefix = s[:at]
	groups := make([]byte, 0, len(s))
	for i := at + 1; i < len(s); i++ {
		v := strings.IndexByte(charset, s[i])
		if v < 0 {
			return "", nil, errBech32
		}
		groups = append(groups, byte(v))
	}
	if polymod(append(expand(prefix), groups...)) != 1 {
		return "", nil, errBech32
	}
	data, ok := regroup(groups[:len(groups)-6], 5, 8, false)
	if !ok {
		return "", nil, errBech32
	}
	return prefix, data, nil
}

// pointer is what a NIP-19 identifier points to. Kind is -1 when it is not told.
type pointer struct {
	prefix string
	id     string // hex: of an event, a public or a secret key; of naddr its d tag
	author string // hex
	relays []string
	kind   int64
}

// decodePointer reads an identifier of NIP-19.
func decodePointer(s string) (*pointer, error) {
	prefix, data, err := decodeBech32(s)
	if err != nil {
		return nil, err
	}
	p := &pointer{prefix: prefix, kind: -1}
	switch prefix {
	case "npub", "nsec", "note":
		if len(data) != 32 {
			return nil, errBech32
		}
		p.id = hex.EncodeToString(data)
		return p, nil
	case "nevent", "nprofile", "naddr":
		p.readTLV(data)
		if prefix != "naddr" && !isHex32(p.id) {
			return nil, errBech32
		}
		return p, nil
	}
	return nil, errBech32
}

// readTLV reads type, length, value; unknown types are passed over (NIP-19).
func (p *pointer) readTLV(data []byte) {
	for len(data) >= 2 {
		kind, n := data[0], int(data[1])
		if len(data) < 2+n {
			return
		}
		v := data[2 : 2+n]
		data = data[2+n:]
		switch {
		case kind == 0 && p.prefix == "naddr":
			p.id = string(v)
		case kind == 0 && n == 32:
			p.id = hex.EncodeToString(v)
		case kind == 1 && len(p.relays) < 5:
			p.relays = append(p.relays, string(v))
		case kind == 2 && n == 32:
			p.author = hex.EncodeToString(v)
		case kind == 3 && n == 4:
			p.kind = int64(binary.BigEndian.Uint32(v))
		}
	}
}

// npub and note say 32 bytes in hexadecimal as people write them; what is no
// such thing is given back as it is.
func npub(key string) string { return encode32("npub", key) }

func encode32(prefix, key string) string {
	raw, err := hex.DecodeString(key)
	if err != nil || len(raw) != 32 {
		return key
	}
	return encodeBech32(prefix, raw)
}

// Nevent points to an event with its author and one relay, where known.
func Nevent(id, author, relay string) string {
	raw, err := hex.DecodeString(id)
	if err != nil || len(raw) != 32 {
		return id
	}
	data := append([]byte{0, 32}, raw...)
	if relay != "" && len(relay) < 256 {
		data = append(append(data, 1, byte(len(relay))), relay...)
	}
	if raw, err := hex.DecodeString(author); err == nil && len(raw) == 32 {
		data = append(append(data, 2, 32), raw...)
	}
	return encodeBech32("nevent", data)
}
