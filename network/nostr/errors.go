package nostr

import (
	"strings"

	"engawa/internal/locale"
	"engawa/internal/markup"
	"engawa/network"
	"engawa/social"
)

func reconnect(message locale.Words, err error) *social.LinkError {
	return network.Reconnect(message, locale.W("link.do.relink_key"), err)
}

func away(message locale.Words, err error) *social.LinkError {
	return &social.LinkError{Class: social.TryAgain, Message: message, Remedy: locale.W("link.do.relays"), Err: err}
}

func short(s string) string { return markup.Shorten(strings.ToValidUTF8(s, "?"), 200) }

// said is a refusal in a relay's words: a prefix for machines, then text (NIP-01).
type said struct{ relay, text string }

func (s *said) Error() string { return s.relay + ": " + short(s.text) }

func (s *said) prefix() string {
	prefix, _, ok := strings.Cut(s.text, ":")
	if !ok {
		return ""
	}
	return strings.ToLower(strings.TrimSpace(prefix))
}

// refusals are what to do about what a relay says, by its prefix.
var refusals = map[string]struct {
	class  social.LinkFailure
	remedy locale.Words
}{
	"auth-required": {social.Reconnect, locale.W("link.do.relay_auth")},
	"restricted":    {social.Reconnect, locale.W("link.do.relay_restricted")},
	"blocked":       {social.FixPost, locale.W("link.do.relay_blocked")},
	"invalid":       {social.FixPost, network.DoChange},
	"pow":           {social.FixPost, locale.W("link.do.relay_pow")},
	"rate-limited":  {social.TryAgain, network.DoWait},
	"error":         {social.TryAgain, network.DoWait},
}

// refused is the LinkError for what a relay said.
func refused(s *said) *social.LinkError {
	r, ok := refusals[s.prefix()]
	if !ok {
		r = refusals["error"]
	}
	return &social.LinkError{Class: r.class, Message: network.Said(locale.W("link.fail.relay_refused"), short(s.text)), Remedy: r.remedy, Err: s}
}
