package relay

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"

	"engawa/internal/hostname"
	"engawa/internal/locale"
	"engawa/social"
)

// TtRelayInput is what ttRelay leaves behind (facts of ttRelay, "Config file").
type TtRelayInput struct {
	Config []byte   // config/default.json
	Top    []byte   // config/<NODE_ENV>.json, which wins field by field; may be empty
	Redis  []byte   // dump.rdb, or JSON: see ParseTtRelayMap; may be empty
	Hosts  []string // of this server: what ttRelay listened to here needs no Link
}

// TtRelay is what it becomes here.
type TtRelay struct {
	Account  string // local name, as ttRelay compared it
	Instance string // host of the Mastodon server, canonical
	Here     bool   // Instance is this server
	Links    []LinkDraft
	Rule     Rule
	Copies   []OldCopy
	Changes  []Change // what is other than it was, in the order in which it is told
}

// LinkDraft is a Link to be stored: without ids, its credentials in the clear.
type LinkDraft struct {
	social.Link
	Secret []byte // JSON, the network's own shape; to be sealed
}

// OldCopy is one line of ttRelay's memory: a post that was tweeted.
type OldCopy struct{ Toot, Tweet string }

// Change is one thing to be told on import.
type Change struct{ flaw }

// Say is the change in words.
func (c *Change) Say(lang locale.Lang) string { return c.flaw.Say(lang) }

// Bounds of what is read.
const (
	maxTtConfig = 64 << 10
	maxTtValue  = 1000
)

// ttFields are the fields of the configuration; all are text.
var ttFields = []struct {
	name   string
	secret bool // never shown
	needed bool
}{
	{"target_acct", false, true}, {"instance_domain", false, true}, {"mastodon_access_token", true, false},
	{"consumer_key", true, true}, {"consumer_secret", true, true},
	{"access_token_key", true, true}, {"access_token_secret", true, true},
	{"tag", false, true}, {"redis_prefix", false, false},
}

// ParseTtRelay turns a ttRelay configuration into Links, a rule and Copies. It
// answers with problems and nothing else when the configuration is refused.
func ParseTtRelay(in TtRelayInput) (*TtRelay, Problems) {
	values := map[string]string{}
	problems := readTtFile("default.json", in.Config, values)
	if len(in.Top) > 0 {
		problems = append(problems, readTtFile("top", in.Top, values)...)
	}
	if len(problems) > 0 {
		return nil, problems
	}
	out := &TtRelay{Account: strings.TrimPrefix(values["target_acct"], "@")}
	problems = checkTtFields(values)
	if host, err := hostname.Parse(bareHost(values["instance_domain"])); err == nil {
		out.Instance = host
	} else if values["instance_domain"] != "" {
		problems = append(problems, ttProblem("instance_domain", wrong("relay.ttrelay.host", "got", quote(values["instance_domain"]))))
	}
	if strings.Contains(out.Account, "@") {
		problems = append(problems, ttProblem("target_acct", wrong("relay.ttrelay.acct", "got", quote(values["target_acct"]))))
	}
	tag, bad := bareTag(values["tag"])
	if bad == nil && !possibleTag(tag) {
		problems = append(problems, ttProblem("tag", wrong("relay.warn.tag", "got", quote(tag))))
	}
	out.Here = slices.ContainsFunc(in.Hosts, func(h string) bool { return hostname.Same(h, out.Instance) })
	if !out.Here && values["instance_domain"] != "" && values["mastodon_access_token"] == "" {
		problems = append(problems, ttProblem("mastodon_access_token", wrong("relay.ttrelay.missing")))
	}
	copies, bad := ParseTtRelayMap(in.Redis, values["redis_prefix"])
	if bad != nil {
		problems = append(problems, ttProblem("redis", bad))
	}
	if len(problems) > 0 {
		return nil, problems
	}
	out.Copies = copies
	out.links(values)
	out.Rule = NewRule()
	out.Rule.Name, out.Rule.When.TagAny, out.Rule.To = tag, []string{tag}, []string{"x"}
	out.changes()
	return out, nil
}

func ttProblem(key string, f *flaw) Problem { return Problem{Key: key, flaw: *f} }

func bareHost(s string) string {
	s = strings.TrimSuffix(strings.TrimSpace(s), "/")
	if _, rest, is := strings.Cut(s, "://"); is {
		return rest
	}
	return s
}

// readTtFile puts the texts of one JSON file over those of the one before.
// Fields that ttRelay does not know are left alone.
func readTtFile(name string, raw []byte, values map[string]string) Problems {
	if len(raw) > maxTtConfig {
		return Problems{ttProblem(name, wrong("relay.ttrelay.size", "max", maxTtConfig))}
	}
	var fields map[string]any
	dec := json.NewDecoder(bytes.NewReader(raw))
	err := dec.Decode(&fields)
	if err == nil {
		if _, more := dec.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("more than one value")
		}
	}
	if err != nil || fields == nil {
		return Problems{ttProblem(name, wrong("relay.ttrelay.json"))} // the cause might quote a secret
	}
	var problems Problems
	for _, f := range ttFields {
		v, there := fields[f.name]
		if !there {
			continue
		}
		s, is := v.(string)
		switch {
		case !is:
			problems = append(problems, ttProblem(f.name, wrong("relay.flaw.type", "got", kindOf(v), "want", textKey("relay.want.text"))))
		case len(s) > maxTtValue:
			problems = append(problems, ttProblem(f.name, wrong("relay.flaw.too_long", "n", len(s), "max", maxTtValue)))
		default:
			values[f.name] = strings.TrimSpace(s)
		}
	}
	return problems
}

// checkTtFields wants what is needed; credentials have neither spaces nor control characters.
func checkTtFields(values map[string]string) Problems {
	var problems Problems
	for _, f := range ttFields {
		v := values[f.name]
		switch {
		case v == "" && f.needed:
			problems = append(problems, ttProblem(f.name, wrong("relay.ttrelay.missing")))
		case f.secret && strings.ContainsFunc(v, func(c rune) bool { return c <= ' ' || c >= 0x7f }):
			problems = append(problems, ttProblem(f.name, wrong("relay.ttrelay.secret")))
		}
	}
	return problems
}

// links drafts the X account, and the Mastodon account where it is elsewhere.
func (t *TtRelay) links(values map[string]string) {
	x := LinkDraft{Link: social.Link{
		Network: "x", Name: "x", Base: "https://x.com", State: social.LinkActive,
		Can: social.AblePost | social.AbleReply | social.AbleDelete | social.AbleMedia | social.AblePoll | social.AbleQuote,
	}}
	// OAuth 1.0a tokens of X begin with the account's id.
	if id, _, ok := strings.Cut(values["access_token_key"], "-"); ok && digits(id) {
		x.Account = id
	}
	x.Secret = ttSecret(map[string]string{
		"consumerKey": values["consumer_key"], "consumerSecret": values["consumer_secret"],
		"token": values["access_token_key"], "tokenSecret": values["access_token_secret"],
	})
	t.Links = append(t.Links, x)
	if t.Here {
		return
	}
	base := "https://" + t.Instance
	t.Links = append(t.Links, LinkDraft{
		Link: social.Link{
			Network: "mastodon", Name: t.Instance, Base: base, Handle: t.Account + "@" + t.Instance, URL: base + "/@" + t.Account,
			State: social.LinkActive, Can: social.AbleRead | social.AbleNotify | social.AbleStream,
		},
		Secret: ttSecret(map[string]string{"token": values["mastodon_access_token"]}),
	})
}

func ttSecret(fields map[string]string) []byte {
	raw, err := json.Marshal(fields)
	if err != nil { // texts alone: never
		return nil
	}
	return raw
}

// changes tells what is other than with ttRelay.
func (t *TtRelay) changes() {
	add := func(text string, args ...any) { t.Changes = append(t.Changes, Change{*wrong(text, args...)}) }
	if !t.Here {
		add("relay.ttrelay.source", "instance", t.Instance)
	}
	for _, text := range []string{"visibility", "replies", "thread", "tag", "cw", "media", "long", "links", "hold", "price"} {
		add("relay.ttrelay."+text, "tag", "#"+t.Rule.When.TagAny[0])
	}
}

func digits(s string) bool {
	return s != "" && len(s) <= 20 && !strings.ContainsFunc(s, func(c rune) bool { return c < '0' || c > '9' })
}
