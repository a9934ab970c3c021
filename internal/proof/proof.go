// Package proof makes and checks integrity proofs of JSON documents: Data Integrity with the
// cryptosuite eddsa-jcs-2022, as FEP-8b32 brings it to the fediverse.
//
// Sources: Verifiable Credential Data Integrity 1.0; Data Integrity EdDSA Cryptosuites 1.0, 3.3;
// FEP-8b32; JSON Canonicalization Scheme (RFC 8785).
package proof

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/gowebpki/jcs"

	"engawa/internal/keys"
)

// The fixed words of a proof.
const (
	proofType   = "DataIntegrityProof"
	cryptosuite = "eddsa-jcs-2022"
	purpose     = "assertionMethod"
)

// Bounds on documents.
const (
	maxDocument = 1 << 20 // bytes
	maxMembers  = 256     // of one object, at the levels looked at here
	maxProofs   = 8
	maxMethod   = 2048 // bytes of verificationMethod
)

// Create returns doc with a proof by key added as its last member. doc is one JSON object without
// proof; it is not changed, and its bytes stand unaltered in the result. method is the id under
// which others find the key (FEP-521a). key must be Ed25519. created is kept to the second.
// The @context of doc is copied into the proof (Data Integrity EdDSA Cryptosuites 1.0, 3.3.1).
func Create(doc []byte, key keys.Private, method string, created time.Time) ([]byte, error) {
	if key.Kind() != keys.Ed25519 {
		return nil, errors.New("an integrity proof needs an Ed25519 key")
	}
	if err := checkMethod(method); err != nil {
		return nil, err
	}
	all, err := open(doc)
	if err != nil {
		return nil, err
	}
	if find(all, "proof") != nil {
		return nil, errors.New("the document has a proof already")
	}
	config := appendConfig(make([]byte, 0, 512+len(doc)/2), find(all, "@context"), method, created)
	configSum, err := hash(config)
	if err != nil {
		return nil, err
	}
	docSum, err := hash(doc)
	if err != nil {
		return nil, err
	}
	sum := join(configSum, docSum)
	sig, err := key.Sign(sum[:])
	if err != nil {
		return nil, err
	}
	value := keys.EncodeMultibase(sig)
	doc = bytes.TrimRight(doc, " \t\r\n")
	out := make([]byte, 0, len(doc)+len(config)+len(value)+32)
	out = append(out, doc[:len(doc)-1]...)
	if len(all) > 0 {
		out = append(out, ',')
	}
	out = append(out, `"proof":`...)
	out = append(out, config[:len(config)-1]...)
	out = append(out, `,"proofValue":"`...)
	out = append(out, value...)
	return append(out, `"}}`...), nil
}

// appendConfig appends the proof without its value.
func appendConfig(b, context []byte, method string, created time.Time) []byte {
	b = append(b, '{')
	if context != nil {
		b = append(b, `"@context":`...)
		b = append(b, context...)
		b = append(b, ',')
	}
	b = append(b, `"type":"`+proofType+`","cryptosuite":"`+cryptosuite+`","created":"`...)
	b = created.UTC().AppendFormat(b, "2006-01-02T15:04:05Z")
	b = append(b, `","verificationMethod":"`...)
	b = append(b, method...)
	return append(b, `","proofPurpose":"`+purpose+`"}`...)
}

// open checks size and syntax of a document and splits it.
func open(doc []byte) ([]member, error) {
	if len(doc) > maxDocument {
		return nil, fmt.Errorf("a document has at most %d bytes, not %d", maxDocument, len(doc))
	}
	if !json.Valid(doc) {
		return nil, errors.New("the document is not JSON")
	}
	return members(doc)
}

// hash is the SHA-256 of the canonical form of a JSON text (RFC 8785).
func hash(text []byte) ([sha256.Size]byte, error) {
	canonical, err := jcs.Transform(text)
	if err != nil {
		return [sha256.Size]byte{}, fmt.Errorf("the document has no canonical form: %w", err)
	}
	return sha256.Sum256(canonical), nil
}

// join is what is signed: the hash of the configuration, then that of the document (Data Integrity
// EdDSA Cryptosuites 1.0, 3.3.4).
func join(config, doc [sha256.Size]byte) (out [2 * sha256.Size]byte) {
	copy(out[:], config[:])
	copy(out[sha256.Size:], doc[:])
	return out
}

// checkMethod demands what is written into JSON without escapes.
func checkMethod(method string) error {
	if method == "" || len(method) > maxMethod {
		return fmt.Errorf("a verificationMethod has 1 to %d bytes, not %d", maxMethod, len(method))
	}
	for i := range len(method) {
		if c := method[i]; c <= ' ' || c > '~' || c == '"' || c == '\\' {
			return fmt.Errorf("a verificationMethod is a URL in printable ASCII, not %.100q", method)
		}
	}
	return nil
}

// find returns the value of a member, nil if there is none.
func find(all []member, name string) []byte {
	for i := range all {
		if all[i].name == name {
			return all[i].raw
		}
	}
	return nil
}
