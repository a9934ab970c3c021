package social

// ProofKind is what a one-time link proves.
type ProofKind string

// The kinds of Proof.
const ProofEmail ProofKind = "email" // Value is the address that is confirmed

// Proof is a one-time link that was sent by mail. A User has one of each kind.
type Proof struct {
	Hash  []byte // SHA-256 of the link's text
	User  ID
	Kind  ProofKind
	Value string
	Until Millis
}

// Invite lets people sign up.
type Invite struct {
	ID        ID
	Code      string
	User      ID    // who invites
	Uses      int64 // how many came
	Most      int64 // how many may; zero: as many as like
	Until     Millis
	CreatedAt Millis
}

// Open reports whether somebody may still come by it.
func (i *Invite) Open(now Millis) bool {
	return (i.Until == 0 || i.Until > now) && (i.Most == 0 || i.Uses < i.Most)
}

// Passkey is a credential (WebAuthn) of a User; Body is its public half as
// package auth keeps it.
type Passkey struct {
	ID        []byte
	User      ID
	Name      string
	Body      []byte
	CreatedAt Millis
	UsedAt    Millis
}

// Identity is who a User is at an identity provider (OpenID Connect: iss, sub).
type Identity struct {
	Issuer    string
	Subject   string
	User      ID
	CreatedAt Millis
}

// SpentCode is an authorization code that became a Token.
type SpentCode struct {
	Hash  []byte
	Token ID
	Until Millis
}
