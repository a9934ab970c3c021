package misskey

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"engawa/internal/loose"
	"engawa/social"
)

// What a person can do.
const (
	remedyLink = "Link the account again"
	remedyWait = "It is tried again by itself"
)

// longestWait bounds what a server may ask us to wait.
const longestWait = 24 * time.Hour

// problem is Misskey's error: {"error":{"message","code","id","kind"}}.
type problem struct {
	Message string `json:"message"`
	Code    string `json:"code"`
	ID      string `json:"id"`
	Kind    string `json:"kind"`
	Info    struct {
		Param   string  `json:"param"`
		Reason  string  `json:"reason"`
		ResetMS float64 `json:"resetMs"` // Sharkey
	} `json:"info"`
	status int
}

// Error is for the log.
func (p *problem) Error() string { return "status " + strconv.Itoa(p.status) + " " + p.Code }

// codeOf is the code of Misskey's that an error comes from, "" for another.
func codeOf(err error) string {
	var p *problem
	if errors.As(err, &p) {
		return p.Code
	}
	return ""
}

// verdict is what a code means.
type verdict struct {
	class  social.LinkFailure
	says   string // behind the host; "" lets the server's own words stand
	remedy string
}

// verdicts by code, where the status alone does not tell.
var verdicts = map[string]verdict{
	"AUTHENTICATION_FAILED":  {social.Reconnect, "no longer accepts the sign-in", remedyLink},
	"CREDENTIAL_REQUIRED":    {social.Reconnect, "no longer accepts the sign-in", remedyLink},
	"PERMISSION_DENIED":      {social.Reconnect, "does not let this link do it", "Link the account again and allow everything that is asked for"},
	"YOUR_ACCOUNT_SUSPENDED": {social.Reconnect, "has suspended the account", "Ask the people who run the server"},
	"YOUR_ACCOUNT_MOVED":     {social.Reconnect, "says that the account has moved", "Link the account that it moved to"},
	"ROLE_PERMISSION_DENIED": {social.Unsupported, "does not give this account the right", "Ask the people who run the server"},
	"ACCESS_DENIED":          {social.Unsupported, "does not allow this", ""},
	"UNKNOWN_API_ENDPOINT":   {social.Unsupported, "cannot do this", ""},
	"NO_SUCH_ENDPOINT":       {social.Unsupported, "cannot do this", ""},
	"UNAVAILABLE":            {social.TryAgain, "does not offer this at the moment", remedyWait},

	"NO_SUCH_NOTE":          {social.NotThere, "has no such note (any more)", ""},
	"NO_SUCH_REPLY_TARGET":  {social.NotThere, "no longer has the note that is answered", ""},
	"NO_SUCH_RENOTE_TARGET": {social.NotThere, "no longer has the note that is passed on", ""},
	"NO_SUCH_USER":          {social.NotThere, "has no such person (any more)", ""},
	"NO_SUCH_OBJECT":        {social.NotThere, "does not find this note", ""},

	"RATE_LIMIT_EXCEEDED":                       {social.TryAgain, "asks to wait: too many requests", remedyWait},
	"INTERNAL_ERROR":                            {social.TryAgain, "has a problem of its own", remedyWait},
	"NO_FREE_SPACE":                             {social.FixPost, "has no room left in the account's drive", "Delete files there"},
	"MAX_FILE_SIZE_EXCEEDED":                    {social.FixPost, "takes no file of this size", "Use a smaller file"},
	"UNALLOWED_FILE_TYPE":                       {social.FixPost, "takes no files of this type", "Send it in another format"},
	"INAPPROPRIATE":                             {social.FixPost, "takes this file for inappropriate", "Leave the file out"},
	"YOU_HAVE_BEEN_BLOCKED":                     {social.FixPost, "says that this person blocks the account", ""},
	"BLOCKED":                                   {social.FixPost, "says that this person blocks the account", ""},
	"BLOCKING":                                  {social.FixPost, "says that the account blocks this person", "Unblock them there"},
	"CANNOT_RENOTE_TO_A_PURE_RENOTE":            {social.FixPost, "does not pass on what is passed on itself", ""},
	"CANNOT_RENOTE_DUE_TO_VISIBILITY":           {social.FixPost, "does not let this note be passed on", ""},
	"CANNOT_REPLY_TO_A_PURE_RENOTE":             {social.FixPost, "lets nobody answer what is passed on", ""},
	"CANNOT_REPLY_TO_AN_INVISIBLE_NOTE":         {social.NotThere, "does not show the account the note that is answered", ""},
	"CANNOT_CREATE_ALREADY_EXPIRED_POLL":        {social.FixPost, "takes no poll that is over", ""},
	"CONTAINS_PROHIBITED_WORDS":                 {social.FixPost, "takes no note with these words", "Change the text"},
	"CONTAINS_TOO_MANY_MENTIONS":                {social.FixPost, "takes no note that names so many people", "Name fewer people"},
	"CANNOT_REPLY_TO_SPECIFIED_VISIBILITY_NOTE": {social.FixPost, "wants answers to a private note to be private", "Answer privately"},
}

// done are the codes that say that what is asked for is so already, by call.
var done = map[string]bool{
	"ALREADY_REACTED": true, "NOT_REACTED": true, "ALREADY_FAVORITED": true, "NOT_FAVORITED": true, "ALREADY_FOLLOWING": true, "NOT_FOLLOWING": true,
}

// refusal turns an answer that is not 2xx into what is to be done about it.
func (n *Network) refusal(base, name string, a *answer) error {
	var body struct {
		Error problem `json:"error"`
	}
	_ = loose.Decode(a.body, &body)
	p := &body.Error
	p.status, p.Code = a.status, loose.Line(p.Code, 80)
	host := hostOf(base)
	e := &social.LinkError{Err: p, After: n.wait(a.header, p)}
	words := loose.Line(p.Message, 300)
	if p.Info.Reason != "" {
		words = orElse(words, "it") + " (" + loose.Line(p.Info.Param+" "+p.Info.Reason, 200) + ")"
	}
	if words != "" {
		words = ": “" + words + "”"
	}
	if v, ok := verdicts[p.Code]; ok {
		e.Class, e.Message, e.Remedy = v.class, host+" "+v.says, v.remedy
	} else {
		e.Class, e.Message, e.Remedy = byStatus(a.status, host, words)
	}
	if a.status >= 500 && makes[name] && p.Code != "UNAVAILABLE" {
		e.Class, e.Message = social.Uncertain, host+" failed and did not say whether the note arrived"
	}
	if e.Class != social.TryAgain {
		e.After = 0
	}
	return e
}

// byStatus judges an answer by nothing but its status.
func byStatus(status int, host, words string) (class social.LinkFailure, message, remedy string) {
	switch {
	case status == http.StatusUnauthorized:
		return social.Reconnect, host + " no longer accepts the sign-in" + words, remedyLink
	case status == http.StatusForbidden:
		return social.FixPost, host + " does not allow this" + words, "See at " + host + " what the account may do"
	case status == http.StatusNotFound, status == http.StatusMethodNotAllowed, status == http.StatusGone:
		return social.Unsupported, host + " cannot do this" + words, ""
	case status == http.StatusRequestEntityTooLarge:
		return social.FixPost, host + " takes no file of this size", "Use a smaller file"
	case status == http.StatusTooManyRequests, status == http.StatusRequestTimeout:
		return social.TryAgain, host + " asks to wait: too many requests", remedyWait
	case status >= 500:
		return social.TryAgain, host + " has a problem of its own" + words, remedyWait
	case status >= 400:
		return social.FixPost, host + " refuses it" + words, "Change the post"
	}
	return social.Reconnect, host + " has moved", remedyLink
}

// wait is how long the server asks to wait.
func (n *Network) wait(h http.Header, p *problem) social.Millis {
	var d time.Duration
	switch sec, err := strconv.Atoi(h.Get("Retry-After")); {
	case err == nil:
		d = time.Duration(min(max(sec, 0), 1<<20)) * time.Second
	case p.Info.ResetMS > float64(n.now()) && p.Info.ResetMS < float64(n.now())+float64(longestWait/time.Millisecond):
		d = time.Duration(int64(p.Info.ResetMS)-n.now()) * time.Millisecond
	}
	return social.Millis(min(d, longestWait) / time.Millisecond)
}

// isClass reports whether err is a LinkError of a class.
func isClass(err error, class social.LinkFailure) bool {
	var e *social.LinkError
	return errors.As(err, &e) && e.Class == class
}
