package misskey

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"engawa/internal/locale"
	"engawa/internal/loose"
	"engawa/network"
	"engawa/social"
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
	says   string // a key of locale that knows {where}
	remedy locale.Words
}

// verdicts by code, where the status alone does not tell.
var verdicts = map[string]verdict{
	"AUTHENTICATION_FAILED":  {social.Reconnect, "link.fail.login", network.DoRelink},
	"CREDENTIAL_REQUIRED":    {social.Reconnect, "link.fail.login", network.DoRelink},
	"PERMISSION_DENIED":      {social.Reconnect, "link.fail.scope", network.DoAllow},
	"YOUR_ACCOUNT_SUSPENDED": {social.Reconnect, "link.fail.suspended", locale.W("link.do.operators")},
	"YOUR_ACCOUNT_MOVED":     {social.Reconnect, "link.fail.account_moved", locale.W("link.do.moved")},
	"ROLE_PERMISSION_DENIED": {social.Unsupported, "link.fail.no_right", locale.W("link.do.operators")},
	"ACCESS_DENIED":          {social.Unsupported, "link.fail.forbidden", ""},
	"UNKNOWN_API_ENDPOINT":   {social.Unsupported, "link.fail.unable", ""},
	"NO_SUCH_ENDPOINT":       {social.Unsupported, "link.fail.unable", ""},
	"UNAVAILABLE":            {social.TryAgain, "link.fail.not_now", network.DoWait},

	"NO_SUCH_NOTE":          {social.NotThere, "link.fail.gone", ""},
	"NO_SUCH_REPLY_TARGET":  {social.NotThere, "link.fail.no_parent", ""},
	"NO_SUCH_RENOTE_TARGET": {social.NotThere, "link.fail.no_boosted", ""},
	"NO_SUCH_USER":          {social.NotThere, "link.fail.no_person", ""},
	"NO_SUCH_OBJECT":        {social.NotThere, "link.fail.unknown_post", ""},

	"INTERNAL_ERROR":                            {social.TryAgain, "link.fail.down", network.DoWait},
	"NO_FREE_SPACE":                             {social.FixPost, "link.fail.drive_full", locale.W("link.do.drive")},
	"MAX_FILE_SIZE_EXCEEDED":                    {social.FixPost, "link.fail.large", network.DoSmaller},
	"UNALLOWED_FILE_TYPE":                       {social.FixPost, "link.fail.kind", network.DoNoFile},
	"INAPPROPRIATE":                             {social.FixPost, "link.fail.inappropriate", locale.W("link.do.leave_file")},
	"YOU_HAVE_BEEN_BLOCKED":                     {social.FixPost, "link.fail.blocked", ""},
	"BLOCKED":                                   {social.FixPost, "link.fail.blocked", ""},
	"BLOCKING":                                  {social.FixPost, "link.fail.blocking", locale.W("link.do.unblock")},
	"CANNOT_RENOTE_TO_A_PURE_RENOTE":            {social.FixPost, "link.fail.boost_of_boost", ""},
	"CANNOT_RENOTE_DUE_TO_VISIBILITY":           {social.FixPost, "link.fail.no_boost", ""},
	"CANNOT_REPLY_TO_A_PURE_RENOTE":             {social.FixPost, "link.fail.reply_to_boost", ""},
	"CANNOT_REPLY_TO_AN_INVISIBLE_NOTE":         {social.NotThere, "link.fail.parent_hidden", ""},
	"CANNOT_CREATE_ALREADY_EXPIRED_POLL":        {social.FixPost, "link.fail.poll_over", ""},
	"CONTAINS_PROHIBITED_WORDS":                 {social.FixPost, "link.fail.words", locale.W("link.do.text")},
	"CONTAINS_TOO_MANY_MENTIONS":                {social.FixPost, "link.fail.mentions", locale.W("link.do.fewer_names")},
	"CANNOT_REPLY_TO_SPECIFIED_VISIBILITY_NOTE": {social.FixPost, "link.fail.private_answer", locale.W("link.do.private")},
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
	words := loose.Line(p.Message, 300)
	if p.Info.Reason != "" {
		words = strings.TrimSpace(words + " (" + loose.Line(p.Info.Param+" "+p.Info.Reason, 200) + ")")
	}
	e := byStatus(a.status, host, words, n.wait(a.header, p), p)
	if v, ok := verdicts[p.Code]; ok {
		e.Class, e.Message, e.Remedy = v.class, locale.W(v.says, "where", host), v.remedy
	}
	if p.Code == "RATE_LIMIT_EXCEEDED" { // whatever the status is
		e = network.Slow(host, n.wait(a.header, p), p)
	}
	if a.status >= 500 && makes[name] && p.Code != "UNAVAILABLE" {
		e = network.Unclear(host, "", p)
	}
	if e.Class == social.TryAgain {
		e.After = n.wait(a.header, p)
	}
	return e
}

// byStatus judges an answer by nothing but its status.
func byStatus(status int, host, words string, after social.Millis, err error) *social.LinkError {
	switch {
	case status == http.StatusUnauthorized:
		return network.Signed(host, words, err)
	case status == http.StatusForbidden:
		return network.Forbidden(social.FixPost, host, words, err)
	case status == http.StatusNotFound, status == http.StatusMethodNotAllowed, status == http.StatusGone:
		return network.Unable(host, words, err)
	case status == http.StatusRequestEntityTooLarge:
		return network.TooLarge(host, err)
	case status == http.StatusTooManyRequests, status == http.StatusRequestTimeout:
		return network.Slow(host, after, err)
	case status >= 500:
		return network.Down(host, words, err)
	case status >= 400:
		return network.Refused(host, words, err)
	}
	return network.Reconnect(locale.W("link.fail.server_moved", "where", host), network.DoRelink, err)
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
