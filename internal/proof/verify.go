package proof

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/gowebpki/jcs"

	"engawa/internal/keys"
)

// ErrNone is returned by Parse for a document without a proof of a kind known here.
var ErrNone = errors.New("the document has no eddsa-jcs-2022 proof")

// Proof is a parsed and not yet verified proof of one document.
type Proof struct {
	// VerificationMethod is the id of the key. That its owner is the author of the document is
	// for the caller to check.
	VerificationMethod string
	// Created and Expires are zero if absent.
	Created, Expires time.Time

	value []byte
	sums  [][64]byte // what may have been signed, see Parse
}

// Parse reads the proof of a document: one object, or the first eddsa-jcs-2022 one of an array. All
// proofs of the array are taken away before the document is hashed.
//
// A proof's @context must be that of the document (the specification lets the document append to
// it, which would leave the additions unsigned). A proof without @context is taken either as it
// stands (the example of FEP-8b32) or as signed with the document's (Fedify). A linked data
// signature in the document is taken away too (FEP-8b32). Errors: ErrNone, or what is wrong.
func Parse(doc []byte) (*Proof, error) {
	all, err := open(doc)
	if err != nil {
		return nil, err
	}
	raw := find(all, "proof")
	if raw == nil {
		return nil, ErrNone
	}
	list := [][]byte{raw}
	if raw[0] == '[' {
		list = elements(raw)
	}
	if len(list) > maxProofs {
		return nil, fmt.Errorf("a document has at most %d proofs here, not %d", maxProofs, len(list))
	}
	for _, one := range list {
		if one[0] != '{' {
			return nil, errors.New("a proof is an object")
		}
		parts, err := members(one)
		if err != nil {
			return nil, fmt.Errorf("the proof: %w", err)
		}
		if text(parts, "type") == proofType && text(parts, "cryptosuite") == cryptosuite {
			return read(all, parts)
		}
	}
	return nil, ErrNone
}

// Verify checks the proof with the key that VerificationMethod names.
func (p *Proof) Verify(key keys.Public, now time.Time) error {
	if key.Kind() != keys.Ed25519 {
		return fmt.Errorf("an eddsa-jcs-2022 proof is checked with an Ed25519 key, not %q", key.Kind())
	}
	if !p.Expires.IsZero() && now.After(p.Expires) {
		return fmt.Errorf("the proof held until %s", p.Expires.Format(time.RFC3339))
	}
	for i := range p.sums {
		if key.Verify(p.sums[i][:], p.value) == nil {
			return nil
		}
	}
	return fmt.Errorf("the proof does not match the document and the key %s", p.VerificationMethod)
}

func read(all, parts []member) (*Proof, error) {
	p := &Proof{VerificationMethod: text(parts, "verificationMethod")}
	if err := checkMethod(p.VerificationMethod); err != nil {
		return nil, err
	}
	if got := text(parts, "proofPurpose"); got != purpose {
		return nil, fmt.Errorf("the proofPurpose is assertionMethod, not %.60q", got)
	}
	if find(parts, "previousProof") != nil {
		return nil, errors.New("chains of proofs (previousProof) are not supported here")
	}
	for _, t := range []struct {
		name string
		to   *time.Time
	}{{"created", &p.Created}, {"expires", &p.Expires}} {
		if find(parts, t.name) == nil {
			continue
		}
		at, err := time.Parse(time.RFC3339, text(parts, t.name))
		if err != nil {
			return nil, fmt.Errorf("%s of the proof is like 2026-01-02T03:04:05Z, not %.60q", t.name, find(parts, t.name))
		}
		*t.to = at
	}
	value := text(parts, "proofValue")
	if value == "" || value[0] != 'z' { // Data Integrity EdDSA Cryptosuites 1.0, 3.3.1
		return nil, fmt.Errorf("the proofValue is base58btc with z before it, not %.60q", value)
	}
	var err error
	if p.value, err = keys.DecodeMultibase(value); err != nil {
		return nil, fmt.Errorf("the proofValue cannot be read: %w", err)
	}
	return p, p.sum(all, parts)
}

// sum fills in sums.
func (p *Proof) sum(all, parts []member) error {
	docContext, context := find(all, "@context"), find(parts, "@context")
	if context != nil {
		if err := sameContext(docContext, context); err != nil {
			return err
		}
	}
	all = slices.DeleteFunc(all, func(m member) bool { return m.name == "signature" && isLDSignature(m.raw) })
	unsecured := without(all, "proof", nil)
	configs := [][]byte{without(parts, "proofValue", nil)}
	if context == nil && docContext != nil {
		configs = append([][]byte{without(parts, "proofValue", docContext)}, configs...)
	}
	docSum, err := hash(unsecured)
	if err != nil {
		return err
	}
	for _, config := range configs {
		sum, err := hash(config)
		if err != nil {
			return err
		}
		p.sums = append(p.sums, join(sum, docSum))
	}
	return nil
}

// isLDSignature tells whether a member "signature" is one of the kind Mastodon adds.
func isLDSignature(raw []byte) bool {
	if raw[0] != '{' {
		return false
	}
	parts, err := members(raw)
	return err == nil && text(parts, "type") == "RsaSignature2017"
}

func sameContext(doc, proof []byte) error {
	if bytes.Equal(doc, proof) {
		return nil
	}
	if doc == nil {
		return errors.New("the proof has an @context, the document has none")
	}
	a, err := jcs.Transform(doc)
	if err != nil {
		return fmt.Errorf("the @context has no canonical form: %w", err)
	}
	b, err := jcs.Transform(proof)
	if err != nil {
		return fmt.Errorf("the @context of the proof has no canonical form: %w", err)
	}
	if !bytes.Equal(a, b) {
		return errors.New("the @context of the proof is not that of the document")
	}
	return nil
}

// without writes the object anew, leaving one member out and adding an @context unless it is nil.
func without(all []member, name string, context []byte) []byte {
	size := len(context) + 16
	for i := range all {
		size += len(all[i].rawName) + len(all[i].raw) + 8
	}
	b := append(make([]byte, 0, size), '{')
	add := func(rawName, raw []byte) {
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = append(append(append(b, rawName...), ':'), raw...)
	}
	if context != nil {
		add([]byte(`"@context"`), context)
	}
	for i := range all {
		if all[i].name != name {
			add(all[i].rawName, all[i].raw)
		}
	}
	return append(b, '}')
}

// text is the value of a member that is a string, else "".
func text(all []member, name string) string {
	raw := find(all, name)
	if raw == nil || raw[0] != '"' {
		return ""
	}
	s, err := unquote(raw)
	if err != nil {
		return ""
	}
	return s
}
