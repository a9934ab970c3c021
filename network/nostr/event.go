package nostr

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/btcec/v2/schnorr"
)

// The kinds of event that are spoken here.
const (
	kindProfile  = 0
	kindNote     = 1
	kindFollows  = 3
	kindDelete   = 5
	kindRepost   = 6
	kindReaction = 7
	kindGeneric  = 16 // repost of what is no note
	kindRelays   = 10002
	kindAuth     = 22242
	kindBunker   = 24133
)

// Event is one event (NIP-01). ID, PubKey and Sig are lower-case hexadecimal.
type Event struct {
	ID      string     `json:"id"`
	PubKey  string     `json:"pubkey"`
	At      int64      `json:"created_at"` // Unix seconds
	Kind    int        `json:"kind"`
	Tags    [][]string `json:"tags"`
	Content string     `json:"content"`
	Sig     string     `json:"sig"`
}

// Bounds of what is read from relays.
const (
	maxContent = 128 << 10 // bytes
	maxTags    = 4000      // a list of follows has one a person
)

// appendSerial appends what the id is the hash of: NIP-01, "Events and signatures".
func (e *Event) appendSerial(b []byte) []byte {
	b = append(b, `[0,"`...)
	b = append(b, e.PubKey...)
	b = append(b, `",`...)
	b = strconv.AppendInt(b, e.At, 10)
	b = append(b, ',')
	b = strconv.AppendInt(b, int64(e.Kind), 10)
	b = append(b, ",["...)
	for i, tag := range e.Tags {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '[')
		for j, s := range tag {
			if j > 0 {
				b = append(b, ',')
			}
			b = appendString(b, s)
		}
		b = append(b, ']')
	}
	b = append(b, "],"...)
	b = appendString(b, e.Content)
	return append(b, ']')
}

// appendString escapes as NIP-01 says: the seven named characters, and other
// control characters as JSON must.
func appendString(b []byte, s string) []byte {
	const hexes = "0123456789abcdef"
	b = append(b, '"')
	for i := range len(s) {
		switch c := s[i]; c {
		case '\n':
			b = append(b, '\\', 'n')
		case '"', '\\':
			b = append(b, '\\', c)
		case '\r':
			b = append(b, '\\', 'r')
		case '\t':
			b = append(b, '\\', 't')
		case '\b':
			b = append(b, '\\', 'b')
		case '\f':
			b = append(b, '\\', 'f')
		default:
			if c < 0x20 {
				b = append(b, '\\', 'u', '0', '0', hexes[c>>4], hexes[c&15])
			} else {
				b = append(b, c)
			}
		}
	}
	return append(b, '"')
}

func (e *Event) hash() [32]byte {
	return sha256.Sum256(e.appendSerial(make([]byte, 0, len(e.Content)+256)))
}

// sign completes e with id, key and signature (BIP-340). The nonce has no
// randomness in it, so the same event is signed the same.
func (e *Event) sign(k *btcec.PrivateKey) error {
	e.PubKey = hex.EncodeToString(schnorr.SerializePubKey(k.PubKey()))
	if e.Tags == nil {
		e.Tags = [][]string{}
	}
	hash := e.hash()
	sig, err := schnorr.Sign(k, hash[:], schnorr.CustomNonce([32]byte{}))
	if err != nil {
		return fmt.Errorf("signing: %w", err)
	}
	e.ID, e.Sig = hex.EncodeToString(hash[:]), hex.EncodeToString(sig.Serialize())
	return nil
}

// Why an event is not believed.
var (
	errShape = errors.New("the event is malformed or too large")
	errID    = errors.New("the event has another id than its content")
	errSig   = errors.New("the signature of the event is wrong")
)

// verify checks bounds, id and signature.
func (e *Event) verify() error {
	hash, err := e.checkID()
	if err != nil {
		return err
	}
	return e.checkSig(hash)
}

// checkID checks bounds and id.
func (e *Event) checkID() (hash [32]byte, err error) {
	if !isHex32(e.ID) || !isHex32(e.PubKey) || len(e.Sig) != 128 || len(e.Content) > maxContent || len(e.Tags) > maxTags ||
		e.Kind < 0 || e.Kind > 65535 || e.At < 0 || e.At > 1<<40 {
		return hash, errShape
	}
	if hash = e.hash(); hex.EncodeToString(hash[:]) != e.ID {
		return hash, errID
	}
	return hash, nil
}

func (e *Event) checkSig(hash [32]byte) error {
	raw, err := hex.DecodeString(e.Sig)
	if err != nil {
		return errShape
	}
	sig, err := schnorr.ParseSignature(raw)
	if err != nil {
		return errSig
	}
	key, err := hex.DecodeString(e.PubKey)
	if err != nil {
		return errShape
	}
	pub, err := schnorr.ParsePubKey(key)
	if err != nil || !sig.Verify(hash[:], pub) {
		return errSig
	}
	return nil
}

// ParseEvent reads and verifies one event.
func ParseEvent(data []byte) (*Event, error) {
	var e Event
	if err := json.Unmarshal(data, &e); err != nil {
		return nil, errShape
	}
	if err := e.verify(); err != nil {
		return nil, err
	}
	return &e, nil
}

// parse is ParseEvent that checks the signature of an event once: several
// relays send the same one.
func (n *Nostr) parse(data []byte) (*Event, error) {
	var e Event
	if err := json.Unmarshal(data, &e); err != nil {
		return nil, errShape
	}
	hash, err := e.checkID()
	if err != nil {
		return nil, err
	}
	n.mu.Lock()
	sig, ok := n.verified.get(hash)
	n.mu.Unlock()
	if ok && sig == e.Sig {
		return &e, nil
	}
	if err := e.checkSig(hash); err != nil {
		return nil, err
	}
	n.mu.Lock()
	n.verified.put(hash, e.Sig)
	n.mu.Unlock()
	return &e, nil
}

// tag is the first value of the first tag of a name.
func (e *Event) tag(name string) string {
	for _, t := range e.Tags {
		if len(t) > 1 && t[0] == name {
			return t[1]
		}
	}
	return ""
}

// isHex32 reports whether s is 32 bytes in lower-case hexadecimal.
func isHex32(s string) bool {
	if len(s) != 64 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
