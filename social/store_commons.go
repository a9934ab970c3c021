package social

import "context"

// CommonsReader reads what the people of a home share, and what is counted over
// all of it.
type CommonsReader interface {
	// Announcements are all of them, newest first; drafts where drafts is set.
	Announcements(ctx context.Context, drafts bool) ([]Announcement, error)
	Announcement(ctx context.Context, id ID) (*Announcement, error)
	// AnnouncementReactions are by announcement, in the order in which the names came.
	AnnouncementReactions(ctx context.Context, viewer ID, ids []ID) (map[ID][]NameCount, error)
	// AnnouncementsRead are those among ids that user dismissed.
	AnnouncementsRead(ctx context.Context, user ID, ids []ID) (map[ID]bool, error)
	// Documents are all versions of a kind, that of the latest EffectiveAt first.
	Documents(ctx context.Context, kind string) ([]Document, error)

	// Endorsed are the Actors that actor recommends, paged by the endorsements.
	Endorsed(ctx context.Context, actor ID, p Page) ([]Ranked, error)
	// Suggested are Actors that user might follow, best first: those whom the
	// ones user follows follow, with how many of them do, then who is found most
	// in the directory (count zero). Whom user knows or dropped is left out.
	Suggested(ctx context.Context, user ID, limit int) ([]ID, []int64, error)
	// NewestActors are those of the directory, newest first.
	NewestActors(ctx context.Context, localOnly bool, p Page) ([]ID, error)

	Collection(ctx context.Context, id ID) (*Collection, error)
	// Collections are an Actor's, newest first, paged by offset.
	Collections(ctx context.Context, actor ID, p Page) ([]Collection, error)
	// CollectionsWith are those in which an Actor stands, accepted.
	CollectionsWith(ctx context.Context, actor ID, p Page) ([]Collection, error)
	// CollectionItems are by collection, in the order of their ids.
	CollectionItems(ctx context.Context, collections []ID) (map[ID][]CollectionItem, error)

	// TrendingCards are the links that at least two Actors told of in the last days.
	TrendingCards(ctx context.Context, now Millis, p Page) ([]ID, error)
	// CardHistory counts uses and accounts a day, newest first, as TagHistory.
	CardHistory(ctx context.Context, ids []ID, now Millis, days int) (map[ID][]DayCount, error)
	// Cards keeps the order of ids and leaves out the missing.
	Cards(ctx context.Context, ids []ID) ([]*Card, error)
	// CardPosts are the public Posts with a card, newest first.
	CardPosts(ctx context.Context, card ID, p Page) ([]ID, error)

	// Peers are the domains that this home has talked with, from after on, in
	// their order; those that begin with prefix.
	Peers(ctx context.Context, prefix string, limit int) ([]string, error)
	// Activities counts whole weeks, newest first.
	Activities(ctx context.Context, now Millis, weeks int) ([]WeekCount, error)
	// UsedTags are the tags that actor used most in its newest Posts.
	UsedTags(ctx context.Context, actor ID, limit int) ([]Tag, error)
}

// CommonsWriter changes it.
type CommonsWriter interface {
	PutAnnouncement(ctx context.Context, a *Announcement) error
	// DropAnnouncement answers ErrNotFound when there was none.
	DropAnnouncement(ctx context.Context, id ID) error
	ReadAnnouncement(ctx context.Context, user, id ID) error
	// ReactAnnouncement reports whether something changed.
	ReactAnnouncement(ctx context.Context, user, id ID, name string, on bool, at Millis) (bool, error)
	// PutDocument inserts or replaces by kind and EffectiveAt.
	PutDocument(ctx context.Context, d *Document) error
	DropDocument(ctx context.Context, kind string, effective Millis) error

	// Endorse and Unendorse report whether something changed.
	Endorse(ctx context.Context, actor, target ID, row ID, at Millis) (bool, error)
	Unendorse(ctx context.Context, actor, target ID) (bool, error)
	DropSuggestion(ctx context.Context, user, target ID) error

	PutCollection(ctx context.Context, c *Collection) error
	DropCollection(ctx context.Context, id ID) error
	// PutCollectionItem inserts or replaces by id.
	PutCollectionItem(ctx context.Context, i *CollectionItem) error
	DropCollectionItem(ctx context.Context, id ID) error
}
