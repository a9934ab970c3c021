package nostr

import (
	"context"
	"encoding/hex"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/btcec/v2/schnorr"

	"engawa/internal/locale"
	"engawa/network"
	"engawa/social"
)

// signer completes events with id, key and signature.
type signer interface {
	sign(ctx context.Context, e *Event) error
}

// keySigner has the key itself.
type keySigner struct{ key *btcec.PrivateKey }

func (k keySigner) sign(_ context.Context, e *Event) error { return e.sign(k.key) }

// parseKey reads a secret key in hexadecimal.
func parseKey(s string) (*btcec.PrivateKey, bool) {
	raw, err := hex.DecodeString(s)
	if err != nil || len(raw) != 32 {
		return nil, false
	}
	var scalar btcec.ModNScalar
	if scalar.SetByteSlice(raw) || scalar.IsZero() {
		return nil, false // not below the order of the curve
	}
	key, _ := btcec.PrivKeyFromBytes(raw)
	return key, true
}

func publicOf(key *btcec.PrivateKey) string {
	return hex.EncodeToString(schnorr.SerializePubKey(key.PubKey()))
}

// signerOf is who signs for l; nil for a link that only reads.
func (n *Nostr) signerOf(l *social.Login) (signer, error) {
	s, err := readSecret(l.Secret)
	if err != nil {
		return nil, err
	}
	switch {
	case s.Bunker != nil:
		return &remoteSigner{n, s.Bunker, l.Account}, nil
	case s.Key == "":
		return nil, nil
	}
	key, ok := parseKey(s.Key)
	if !ok {
		return nil, reconnect(locale.W("link.fail.kept"), nil)
	}
	if publicOf(key) != l.Account {
		return nil, network.Stranger("")
	}
	return keySigner{key}, nil
}

// writer is who signs for l, where l can write.
func (n *Nostr) writer(l *social.Login) (signer, error) {
	s, err := n.signerOf(l)
	if err == nil && s == nil {
		err = network.Cannot(locale.W("link.fail.npub"), locale.W("link.do.npub"))
	}
	return s, err
}
