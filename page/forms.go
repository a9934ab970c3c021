package page

import "time"

// Where the forms go. All are POST except Authorize's and Interact's first
// visit; they carry no token, the server refuses what comes from another
// origin (http.CrossOriginProtection).
const (
	LogInPath     = "/login"                 // login, password, next · code, challenge, next
	LogOutPath    = "/logout"                // nothing
	AuthorizePath = "/oauth/authorize"       // decision = allow | deny, and ConsentView.Hidden
	SetUpPath     = "/setup"                 // token, password, again
	PasswordPath  = "/settings/password"     // current, password, again, others = on
	InteractPath  = "/authorize_interaction" // verb, uri
	AboutPath     = "/about"
	TermsPath     = "/terms-of-service"
	PrivacyPath   = "/privacy-policy"
)

// LogInView asks for handle or e-mail address and password or, with Challenge
// set, for the code of the second step.
type LogInView struct {
	Visit
	Next      string // same-site path to go to; anything else is left out
	Login     string // as typed before
	Problem   string // what was wrong, in the reader's words
	Challenge string // opaque proof of the first step
	App       string // name of the app that asks, if one does
	Passkey   bool   // a passkey may be used
	Provider  string // name of the identity provider, or ""
	Forgot    string // path of the page for a lost password, or ""
}

// Param is a hidden field.
type Param struct{ Name, Value string }

// ConsentView asks whether an app may act for the reader, who is logged in.
type ConsentView struct {
	Visit
	App      string
	Website  string
	Redirect string   // redirect_uri as it will be used
	Scopes   []string // OAuth scopes asked for
	Hidden   []Param  // the request, to be sent back with the decision
}

// OOB is the redirect URI that asks for the code to be shown.
const OOB = "urn:ietf:wg:oauth:2.0:oob"

// CodeView shows an authorization code to be copied by hand.
type CodeView struct {
	Visit
	App  string
	Code string
}

// SetUpView lets the holder of a one-time link choose a password.
type SetUpView struct {
	Visit
	Handle  string // whole, without the first @
	Token   string
	Minimum int // characters a password must have
	Problem string
}

// PasswordView lets the reader change the password.
type PasswordView struct {
	Visit
	Minimum int
	Problem string
}

// Verb is what an authorize_interaction asks for.
type Verb string

// The verbs a page can ask about (FEP-3b86 names them by the activity).
const (
	Follow    Verb = "follow"
	Boost     Verb = "boost"
	Favourite Verb = "favourite"
	Reply     Verb = "reply"
)

// InteractView asks the reader to confirm what another home's link proposes.
// Actor or Post is set, by the verb.
type InteractView struct {
	Visit
	Verb    Verb
	URI     string
	Actor   *ActorView
	Summary string // the actor's bio as plain text
	Post    *PostView
}

// DoneView says that something worked, and where to go on.
type DoneView struct {
	Visit
	Title string // in the reader's words
	Text  string
	Link  string // same-site path, or ""
	Label string
}

// ErrorView says what went wrong. Statuses without words of their own speak
// for their class.
type ErrorView struct {
	Visit
	Status  int
	Message string        // what the person may read beyond the status, or ""
	Retry   time.Duration // how long to wait, 0 when it does not matter
	Request string        // id by which the operator finds it in the log, or ""
}
