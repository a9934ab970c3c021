package nostr

import (
	"strings"

	"engawa/internal/markup"
	"engawa/social"
)

func reconnect(message string, err error) *social.LinkError {
	return &social.LinkError{Class: social.Reconnect, Message: message, Remedy: "Link the key again.", Err: err}
}

func fix(message, remedy string) *social.LinkError {
	return &social.LinkError{Class: social.FixPost, Message: message, Remedy: remedy}
}

func unsupported(message, remedy string) *social.LinkError {
	return &social.LinkError{Class: social.Unsupported, Message: message, Remedy: remedy}
}

func away(message string, err error) *social.LinkError {
	return &social.LinkError{Class: social.TryAgain, Message: message, Remedy: "It is tried again; if it lasts, link with other relays.", Err: err}
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
	remedy string
}{
	"auth-required": {social.Reconnect, "The relay wants to know you and did not accept the key: choose other relays, or register there."},
	"restricted":    {social.Reconnect, "The relay takes nothing from this key: choose other relays, or register there."},
	"blocked":       {social.FixPost, "The relay blocks this key or text: choose other relays."},
	"invalid":       {social.FixPost, "Change the post, or skip Nostr for it."},
	"pow":           {social.FixPost, "The relay wants proof of work, which is not done here: choose other relays."},
	"rate-limited":  {social.TryAgain, "It is tried again after a while."},
	"error":         {social.TryAgain, "It is tried again after a while."},
}

// refused is the LinkError for what a relay said.
func refused(s *said) *social.LinkError {
	r, ok := refusals[s.prefix()]
	if !ok {
		r = refusals["error"]
	}
	return &social.LinkError{Class: r.class, Message: "A Nostr relay refused: " + short(s.text), Remedy: r.remedy, Err: s}
}
