package activitypub

import (
	"strings"

	"engawa/internal/keys"
	"engawa/internal/markup"
	"engawa/social"
)

// Limits of mastodon.md 5.9 on actors: a name too long is refused, all else is cut.
const (
	maxUsername    = 2048
	maxDisplayName = 2048
	maxFields      = 50
	maxField       = 2047
	maxAliases     = 256
	maxActorKeys   = 10
	maxExtra       = 2048
)

// actorTypes are the types of actors that are known.
var actorTypes = map[string]social.ActorKind{
	"Person": social.Person, "Service": social.Service, "Group": social.Group,
	"Organization": social.Institution, "Application": social.Server,
}

func isActorType(typ string) bool {
	_, ok := actorTypes[typ]
	return ok
}

// IsActor reports whether a document is an actor.
func IsActor(v Value) bool { return isActorType(v.Type()) }

// ActorDocument is an actor as its server tells it. Profile.Actor.Domain is the
// host of its id until WebFinger has said what the handle is (T16).
type ActorDocument struct {
	Profile   social.Profile
	MovedTo   string // URI
	WebFinger string // user@domain as the document claims it (FEP-2c59); proves nothing
}

// DecodeActor reads an actor; JudgeDocument, or Judge for an Update, comes
// before. It refuses actors without id, inbox or a usable preferredUsername,
// and with an inbox of another host: deliveries must not be turned on others.
func DecodeActor(v Value) (*ActorDocument, error) {
	kind, ok := actorTypes[v.Type()]
	if !ok {
		return nil, badly("%.60q is not an actor", v.Type())
	}
	id := uriOf(v)
	if id == "" {
		return nil, badly("an actor needs an http(s) id")
	}
	out := &ActorDocument{MovedTo: uriOf(v.Get("movedTo", "as:movedTo")), WebFinger: cut(v.Get("webfinger").Str(), maxUsername)}
	a := &out.Profile.Actor
	a.URI, a.Kind, a.Domain, a.Name = id, kind, HostOf(id), v.Get("preferredUsername").Text()
	if !isUsername(a.Name) {
		return nil, badly("the preferredUsername %.60q is not letters, digits and _, with . and - inside, of at most %d bytes", a.Name, maxUsername)
	}
	if a.Inbox = ownURI(v.Get("inbox"), id); a.Inbox == "" {
		return nil, badly("an actor needs an inbox on the host of its id")
	}
	readPlaces(a, v)
	readFlags(a, v)
	readProfile(a, v)
	out.Profile.Keys = keysOf(v, id)
	out.Profile.Suspended = v.Get("suspended", "toot:suspended").True()
	return out, nil
}

// isUsername: word characters, inside also - and . (mastodon.md 5.9, misskey.md 1.2).
func isUsername(s string) bool {
	if s == "" || len(s) > maxUsername {
		return false
	}
	for i := range len(s) {
		c := s[i]
		word := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_'
		if !word && !((c == '-' || c == '.') && i > 0 && i < len(s)-1) {
			return false
		}
	}
	return true
}

// readPlaces takes addresses of the actor's own host and leaves out others.
func readPlaces(a *social.Actor, v Value) {
	a.Outbox, a.FollowersURI, a.FollowingURI = ownURI(v.Get("outbox"), a.URI), ownURI(v.Get("followers"), a.URI), ownURI(v.Get("following"), a.URI)
	a.FeaturedURI = ownURI(v.Get("featured", "toot:featured"), a.URI)
	a.SharedInbox = ownURI(v.Get("endpoints").First().Get("sharedInbox"), a.URI)
	if a.SharedInbox == "" {
		a.SharedInbox = ownURI(v.Get("sharedInbox"), a.URI)
	}
	if a.URL = pageOf(v.Get("url"), a.URI); a.URL == "" {
		a.URL = a.URI
	}
}

func readFlags(a *social.Actor, v Value) {
	a.Locked = v.Get("manuallyApprovesFollowers", "as:manuallyApprovesFollowers").True()
	a.Discoverable = v.Get("discoverable", "toot:discoverable").True()
	a.Indexable = v.Get("indexable", "toot:indexable").True()
	a.Memorial = v.Get("memorial", "toot:memorial").True()
	a.CreatedAt = timeOf(v.Get("published"))
}

func readProfile(a *social.Actor, v Value) {
	a.DisplayName = cut(v.Get("name").Text(), maxDisplayName)
	summary := v.Get("summary").Text()
	if summary == "" {
		if mfm := v.Get("_misskey_summary").Str(); mfm != "" {
			summary = markup.Render(cut(mfm, maxText), markup.Options{Format: markup.MFM}).HTML
		}
	}
	a.Summary = markup.Sanitize(cut(summary, maxText))
	a.Avatar, a.Header = pictureOf(v.Get("icon")), pictureOf(v.Get("image"))
	a.Emojis = emojisOf(v.Get("tag"), a.Domain)
	for t := range v.Get("tag").Each {
		name := strings.TrimPrefix(t.Get("name").Text(), "#")
		if t.Is("Hashtag") && name != "" && len(name) <= 512 && len(a.ProfileTags) < maxTags {
			a.ProfileTags = append(a.ProfileTags, name)
		}
	}
	for f := range v.Get("attachment").Each {
		if len(a.Fields) < maxFields && (f.Is("PropertyValue") || f.Is("schema:PropertyValue")) {
			a.Fields = append(a.Fields, social.Field{
				Name:  cut(f.Get("name").Text(), maxField),
				Value: markup.Sanitize(cut(f.Get("value", "schema:value").Text(), maxField)),
			})
		}
	}
	for alias := range v.Get("alsoKnownAs", "as:alsoKnownAs").Each {
		if uri := uriOf(alias); uri != "" && len(a.Aliases) < maxAliases {
			a.Aliases = append(a.Aliases, uri)
		}
	}
	readExtra(a, v)
}

func pictureOf(v Value) social.Picture {
	v = v.First()
	p := social.Picture{Alt: cut(v.Get("summary", "name").Text(), maxAlt)}
	if v.IsString() {
		p.URL, _ = fileOf(v)
	} else {
		p.URL, _ = fileOf(v.Get("url", "href"))
	}
	if hash := v.Get("blurhash", "toot:blurhash").Str(); p.URL != "" && len(hash) <= 200 {
		p.Blurhash = hash
	}
	if p.URL == "" {
		return social.Picture{}
	}
	return p
}

// extraKind is the JSON type of a particular.
type extraKind uint8

const (
	extraText extraKind = iota
	extraFlag
	extraNumber
)

// extras are Misskey's and others' particulars of actors, kept by their wire
// key. Those of both are sent under their alias too (misskey.md 1.2).
var extras = []struct {
	key, alias string
	kind       extraKind
	both       bool
}{
	{"_misskey_summary", "", extraText, false},
	{"_misskey_followedMessage", "", extraText, false},
	{"_misskey_requireSigninToViewContents", "requireSigninToViewContents", extraFlag, true},
	{"_misskey_makeNotesFollowersOnlyBefore", "makeNotesFollowersOnlyBefore", extraNumber, true},
	{"_misskey_makeNotesHiddenBefore", "makeNotesHiddenBefore", extraNumber, true},
	{"isCat", "misskey:isCat", extraFlag, false},
	{"speakAsCat", "", extraFlag, false},
	{"vcard:bday", "", extraText, false},
	{"vcard:Address", "", extraText, false},
	{"backgroundUrl", "", extraText, false},
	{"listenbrainz", "", extraText, false},
	{"noindex", "", extraFlag, false},
}

func readExtra(a *social.Actor, v Value) {
	for i := range extras {
		x := &extras[i]
		value, text := v.Get(x.key), ""
		if x.alias != "" && (!value.Exists() || x.kind == extraFlag && !value.True()) {
			if other := v.Get(x.alias); other.Exists() {
				value = other
			}
		}
		switch n := value.node(); {
		case x.kind == extraText:
			text = cut(value.Str(), maxExtra)
		case x.kind == extraFlag && value.True():
			text = "true"
		case x.kind == extraNumber && n.kind == isNumber && n.to-n.from <= 20:
			text = value.doc.text[n.from:n.to]
		}
		if text != "" {
			if a.Extra == nil {
				a.Extra = make(map[string]string)
			}
			a.Extra[x.key] = text
		}
	}
}

// keysOf reads publicKey (one or several) and the Multikeys of assertionMethod
// (FEP-521a). A key counts only if its id has the actor's host and its owner is
// the actor (T6, T12); one that cannot be read is left out.
func keysOf(v Value, actor string) []social.Key {
	var out []social.Key
	add := func(id, owner string, k keys.Public, err error) {
		if err != nil || owner != actor || !sameOrigin(id, actor) || len(out) >= maxActorKeys {
			return
		}
		der, err := k.DER()
		if err != nil {
			return
		}
		for i := range out {
			if out[i].KeyID == id {
				return
			}
		}
		out = append(out, social.Key{KeyID: id, Kind: social.KeyKind(k.Kind()), Public: der})
	}
	looked := 0
	for k := range v.Get("publicKey", "sec:publicKey").Each {
		if looked++; looked > maxActorKeys {
			break
		}
		public, err := keys.ParsePublicPEM(k.Get("publicKeyPem", "sec:publicKeyPem").Str())
		add(k.ID(), k.Get("owner", "sec:owner", "controller").ID(), public, err)
	}
	for k := range v.Get("assertionMethod", "sec:assertionMethod").Each {
		if looked++; looked > 2*maxActorKeys {
			break
		}
		if !k.Is("Multikey") {
			continue
		}
		public, err := keys.ParseMultikey(k.Get("publicKeyMultibase").Str())
		add(k.ID(), k.Get("controller", "owner").ID(), public, err)
	}
	return out
}

// KeyOf reads a key document that stands alone (GoToSocial serves such): its id,
// its owner, who has to be fetched and must name it, and the key.
func KeyOf(v Value) (id, owner string, key keys.Public, err error) {
	id, owner = uriOf(v), uriOf(v.Get("owner", "controller"))
	if pem := v.Get("publicKeyPem").Str(); pem != "" {
		key, err = keys.ParsePublicPEM(pem)
	} else {
		key, err = keys.ParseMultikey(v.Get("publicKeyMultibase").Str())
	}
	if err == nil && (id == "" || !sameOrigin(id, owner)) {
		err = badly("a key and its owner are of one host")
	}
	return id, owner, key, err
}
