package social

import (
	"context"
	"strings"

	"engawa/internal/keys"
)

// NewUser is what a User is made from.
type NewUser struct {
	Name, Email, Locale   string
	PasswordHash          string // empty: SetupHash opens the first log-in
	SetupHash             []byte
	SetupUntil            Millis
	Role                  Role
	Locked, Discoverable  bool
	Unconfirmed, Awaiting bool   // e-mail not confirmed; approval pending
	Reason, Address       string // why, and from where somebody signs up
	App, InvitedBy        ID
	Announce              bool // the staff is notified
	Kind                  ActorKind
	// Then, unless nil, is called with the row about to be written, in the same
	// transaction.
	Then func(Tx, *User) error
}

// maxName is Mastodon's limit for a local name.
const maxName = 30

// reserved names would collide with addresses of the home or mislead people.
var reserved = map[string]bool{
	"admin": true, "administrator": true, "root": true, "support": true, "help": true, "webmaster": true,
	"postmaster": true, "abuse": true, "moderator": true, "security": true, "actor": true, "inbox": true,
}

// CheckName tells what is wrong with a local name, if something is.
func CheckName(name string) error {
	const op = "create user"
	if name == "" {
		return invalid(op, "username", "Validation failed: Username can't be blank")
	}
	if len(name) > maxName {
		return invalid(op, "username", "Validation failed: Username is too long (maximum is 30 characters)")
	}
	for i := 0; i < len(name); i++ {
		c := name[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_') {
			return invalid(op, "username", "Validation failed: Username must contain only letters, numbers and underscores")
		}
	}
	return nil
}

// CreateUser makes an Actor of this home with its keys, and the User that logs
// in as it. The owner may have a reserved name, nobody else.
func (h *Home) CreateUser(ctx context.Context, n NewUser) (*User, *Actor, error) {
	if err := CheckName(n.Name); err != nil {
		return nil, nil, err
	}
	if reserved[strings.ToLower(n.Name)] && n.Role != Owner {
		return nil, nil, invalid("create user", "username", "Validation failed: Username is reserved")
	}
	kind := n.Kind
	if kind == "" {
		kind = Person
	}
	a, ks, err := h.newLocalActor(n.Name, kind)
	if err != nil {
		return nil, nil, err
	}
	a.Locked, a.Discoverable, a.Indexable = n.Locked, n.Discoverable, n.Discoverable
	u := &User{
		ID: a.ID, Email: strings.ToLower(n.Email), Password: n.PasswordHash, Locale: n.Locale, Role: n.Role,
		SetupHash: n.SetupHash, SetupUntil: n.SetupUntil, CreatedAt: a.CreatedAt,
		Reason: n.Reason, SignUpAddress: n.Address, SignUpApp: n.App, InvitedBy: n.InvitedBy,
	}
	var t *turn
	if !n.Unconfirmed {
		u.ConfirmedAt = a.CreatedAt
	}
	if !n.Awaiting {
		u.ApprovedAt = a.CreatedAt
	}
	err = h.Store.Write(ctx, func(tx Tx) error {
		taken, err := tx.HandleTaken(ctx, a.Name, a.Domain)
		if err != nil {
			return err
		}
		if taken {
			return &Error{Kind: Conflict, Op: "create user", Field: "username", Message: "Validation failed: Username has already been taken"}
		}
		if err := putActorWithKeys(ctx, tx, a, ks); err != nil {
			return err
		}
		if n.Then != nil {
			if err := n.Then(tx, u); err != nil {
				return err
			}
		}
		if err := tx.PutUser(ctx, u); err != nil {
			return err
		}
		t = &turn{Tx: tx, h: h, a: &Activity{}, actor: a, now: a.CreatedAt}
		if !n.Announce {
			return nil
		}
		if err := t.announceSignUp(ctx); err != nil {
			return err
		}
		return t.enqueue(ctx)
	})
	if err != nil {
		return nil, nil, err
	}
	h.after(t)
	return u, a, nil
}

// newLocalActor makes the row of an Actor of this home and its two keys: RSA
// for everybody, Ed25519 for proofs and for hosts that verify it.
func (h *Home) newLocalActor(name string, kind ActorKind) (*Actor, []Key, error) {
	now := h.now()
	a := &Actor{
		ID: h.newID(), Home: h.Info.ID, Domain: h.Info.Domain, Name: name, Kind: kind,
		CreatedAt: now, UpdatedAt: now, FetchedAt: now,
	}
	ActorURIs(&h.Info, a)
	var ks []Key
	for _, kind := range []keys.Kind{keys.RSA, keys.Ed25519} {
		k, err := h.newKey(a, kind, true)
		if err != nil {
			return nil, nil, err
		}
		ks = append(ks, *k)
	}
	return a, ks, nil
}

func (h *Home) newKey(a *Actor, kind keys.Kind, first bool) (*Key, error) {
	private, err := keys.Generate(kind)
	if err != nil {
		return nil, err
	}
	k := &Key{ID: h.newID(), Actor: a.ID, Kind: KeyKind(kind), CreatedAt: h.now()}
	k.KeyID = KeyURI(a, k.Kind, k.ID, first)
	if k.Public, err = private.Public().DER(); err != nil {
		return nil, err
	}
	sealed, err := h.Master.Seal(private, k.KeyID)
	k.Private = []byte(sealed)
	return k, err
}

func putActorWithKeys(ctx context.Context, tx Tx, a *Actor, ks []Key) error {
	if err := tx.PutActor(ctx, a); err != nil {
		return err
	}
	for i := range ks {
		if err := tx.PutKey(ctx, &ks[i]); err != nil {
			return err
		}
	}
	return nil
}

// EnsureHome makes the home's row and its server actor if they are not there,
// and fills h.Info. It is called once at start.
func (h *Home) EnsureHome(ctx context.Context, domain, url, name string) error {
	homes, err := h.Store.Homes(ctx)
	if err != nil {
		return err
	}
	for _, hi := range homes {
		if hi.Domain == domain {
			h.Info = hi
			return nil
		}
	}
	h.Info = HomeInfo{ID: h.newID(), Domain: domain, URL: url, Name: name, Languages: []string{"ja", "en"}, CreatedAt: h.now()}
	a, ks, err := h.newLocalActor(domain, Server)
	if err != nil {
		return err
	}
	return h.Store.Write(ctx, func(tx Tx) error {
		if err := tx.PutHome(ctx, &h.Info); err != nil {
			return err
		}
		return putActorWithKeys(ctx, tx, a, ks)
	})
}
