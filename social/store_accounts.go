package social

import "context"

// AccountReader reads how people come in.
type AccountReader interface {
	// Proof and Invite do not judge age or use.
	Proof(ctx context.Context, hash []byte) (*Proof, error)
	Invite(ctx context.Context, code string) (*Invite, error)
	Invites(ctx context.Context, user ID) ([]Invite, error)
	Passkey(ctx context.Context, id []byte) (*Passkey, error)
	Passkeys(ctx context.Context, user ID) ([]Passkey, error)
	Identity(ctx context.Context, issuer, subject string) (*Identity, error)
	Identities(ctx context.Context, user ID) ([]Identity, error)
	// RecoveryCodes is how many a User has left.
	RecoveryCodes(ctx context.Context, user ID) (int64, error)
	SpentCode(ctx context.Context, hash []byte) (*SpentCode, error)
	// Token reads one by its id, revoked ones too.
	Token(ctx context.Context, id ID) (*Token, error)
	// Sessions and Tokens are those of a User that hold, last used first.
	Sessions(ctx context.Context, user ID, now Millis) ([]Session, error)
	Tokens(ctx context.Context, user ID) ([]Token, error)
}

// AccountWriter changes it. What belongs to another User is not found.
type AccountWriter interface {
	// PutProof replaces the User's of the same kind.
	PutProof(ctx context.Context, p *Proof) error
	// TakeProof returns a proof once.
	TakeProof(ctx context.Context, hash []byte) (*Proof, error)
	PutInvite(ctx context.Context, i *Invite) error
	// UseInvite counts one more who comes by an Invite that is open at now.
	UseInvite(ctx context.Context, code string, now Millis) (*Invite, error)
	DropInvite(ctx context.Context, user, id ID) error
	// PutPasskey never gives a passkey to another User: that is a Conflict.
	PutPasskey(ctx context.Context, p *Passkey) error
	DropPasskey(ctx context.Context, user ID, id []byte) error
	// PutIdentity answers a Conflict for one that another User has.
	PutIdentity(ctx context.Context, i *Identity) error
	DropIdentity(ctx context.Context, user ID, issuer, subject string) error
	// PutRecoveryCodes replaces all of a User's.
	PutRecoveryCodes(ctx context.Context, user ID, hashes [][]byte) error
	TakeRecoveryCode(ctx context.Context, user ID, hash []byte) error
	PutSpentCode(ctx context.Context, c *SpentCode) error
	// RevokeTokenOf ends one Token of a User; its pushes end with it.
	RevokeTokenOf(ctx context.Context, user, id ID, at Millis) error
	// DropSessionOf ends a Session of a User.
	DropSessionOf(ctx context.Context, user ID, hash []byte) error
	TouchSession(ctx context.Context, hash []byte, at Millis) error
	// DropUnconfirmed removes Users made before a moment whose address was
	// never confirmed, with their Actors: nobody outside ever knew them. Their
	// names are free again.
	DropUnconfirmed(ctx context.Context, before Millis) (int, error)
}
