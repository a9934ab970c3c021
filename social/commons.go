package social

// What the people of a home share: announcements, terms, collections.

// Announcement is what the staff tells everybody. Text is plain, with the
// mentions, tags, addresses and emoji of a Post. StartsAt and EndsAt are of what
// it tells of, zero where they were not said; it is shown until EndsAt.
type Announcement struct {
	ID                   ID
	Text                 string
	StartsAt, EndsAt     Millis
	AllDay               bool   // only the days of both count
	PublishedAt          Millis // zero: a draft
	CreatedAt, UpdatedAt Millis
}

// Shown reports whether everybody sees it at now.
func (a *Announcement) Shown(now Millis) bool {
	if a.PublishedAt == 0 {
		return false
	}
	end := a.EndsAt
	if end != 0 && a.AllDay {
		end += 24 * 3_600_000
	}
	return end == 0 || now < end
}

// NameCount is how many Users said Name of one thing; Me: the viewer too.
type NameCount struct {
	Name  string
	Count int64
	Me    bool
}

// Document is one version of a text that the home stands by. It is in force
// from EffectiveAt (a midnight UTC) until the next one is.
type Document struct {
	Kind        string // DocTerms, DocPrivacy
	EffectiveAt Millis
	Text        string // Markdown
	Changelog   string // Markdown
	CreatedAt   Millis
}

// The kinds of Document.
const (
	DocTerms   = "terms"
	DocPrivacy = "privacy"
)

// Collection is a User's public list of Actors, for others to follow.
type Collection struct {
	ID                      ID
	Actor                   ID
	URI                     string
	Name, Description       string
	Language                string
	Tag                     string // as written, without #; "" for none
	Sensitive, Discoverable bool
	CreatedAt, UpdatedAt    Millis
}

// CollectionItem is one Actor in a Collection.
type CollectionItem struct {
	ID         ID
	Collection ID
	Actor      ID
	State      string // pending, accepted, rejected, revoked
	CreatedAt  Millis
}

// The states of a CollectionItem.
const (
	ItemPending  = "pending"
	ItemAccepted = "accepted"
	ItemRejected = "rejected"
	ItemRevoked  = "revoked"
)

// Bounds of Collections.
const (
	MaxCollections     = 10 // of one Actor
	MaxCollectionItems = 25
)

// WeekCount is what happened in one week here.
type WeekCount struct {
	Week                      Millis // its first midnight, UTC
	Posts, Logins, Registered int64
}
