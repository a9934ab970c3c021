package relay

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"engawa/social"
)

// stored is what Copy.Part holds: the Part, and what the ledger knows of it beyond the row.
type stored struct {
	social.Part
	After  social.ID `json:"after,omitempty"`  // the Post whose Copy this one continues
	Price  int64     `json:"price,omitempty"`  // micro-dollars, as planned
	Agreed bool      `json:"agreed,omitempty"` // the person said yes: no limit holds it
	Forced bool      `json:"forced,omitempty"` // an answer in a Lane: no rule decided
	Fails  int       `json:"fails,omitempty"`  // in a row
	// Gathered: it waits for, or goes with, others at a moment of the network's choosing.
	Gathered bool `json:"gathered,omitempty"`
	Again    bool `json:"again,omitempty"` // the asked-about outcome was unknown
}

// load opens Copy.Part.
func (e *entry) load() error {
	if len(e.Copy.Part) == 0 {
		return nil
	}
	if err := json.Unmarshal(e.Copy.Part, &e.stored); err != nil {
		return fmt.Errorf("the part of copy %d cannot be read: %w", e.ID, err)
	}
	return nil
}

// put writes the row with its Part.
func (w *writing) put(ctx context.Context, e *entry) error {
	raw, err := json.Marshal(&e.stored)
	if err != nil {
		return err
	}
	e.Copy.Part, e.UpdatedAt = raw, w.now
	return w.PutCopy(ctx, e.Copy)
}

// again reads the row as it is now; what happened meanwhile counts.
func (w *writing) again(ctx context.Context, id social.ID) (*entry, error) {
	c, err := w.Copy(ctx, id)
	if err != nil {
		return nil, err
	}
	e := &entry{Copy: c}
	return e, e.load()
}

// rekey gives a Part its idempotency key.
func (e *entry) rekey() {
	e.Copy.Key = fmt.Sprintf("%d-%d-%d-%d", e.Post, e.Link, e.Number, e.Version)
	e.stored.Part.Key = e.Copy.Key
}

// hashOf is what tells whether a Part says something new: all but where it hangs.
func hashOf(p *social.Part) []byte {
	same := *p
	same.Key, same.Root, same.Parent, same.CreatedAt = "", social.Ref{}, social.Ref{}, 0
	raw, err := json.Marshal(&same)
	if err != nil {
		return nil // never: a Part is made of plain values
	}
	sum := sha256.Sum256(raw)
	return sum[:16]
}
