package social

import "context"

// ModerationReader reads what moderators decide about and decided.
type ModerationReader interface {
	// AdminActors lists Actors, the server's own left out.
	AdminActors(ctx context.Context, f ActorFilter) ([]*Actor, error)
	UsersByID(ctx context.Context, ids []ID) (map[ID]*User, error)
	// Staff are the Users with a role, oldest first.
	Staff(ctx context.Context) ([]*User, error)
	// UserAddresses are those of the Users' sessions and sign-up, newest first.
	UserAddresses(ctx context.Context, users []ID) ([]UsedAddress, error)

	Decision(ctx context.Context, id ID) (*Decision, error)
	Report(ctx context.Context, id ID) (*Report, error)
	Reports(ctx context.Context, f ReportFilter) ([]Report, error)

	DomainRule(ctx context.Context, id ID) (*DomainRule, error)
	DomainRules(ctx context.Context, p Page) ([]DomainRule, error)
	// DomainRuleFor is that of domain or, lacking one, of the nearest domain above it.
	DomainRuleFor(ctx context.Context, domain string) (*DomainRule, error)
	// DomainsUnder are domain and those below it that Actors are known of.
	DomainsUnder(ctx context.Context, domain string) ([]string, error)
	// ActorsOf are ids of a domain's Actors elsewhere, ascending from after.
	ActorsOf(ctx context.Context, domain string, after ID, limit int) ([]ID, error)

	Bar(ctx context.Context, kind BarKind, id ID) (*Bar, error)
	Bars(ctx context.Context, kind BarKind, p Page) ([]Bar, error)
	// BarsOf are those of these values that are in force.
	BarsOf(ctx context.Context, kind BarKind, values []string) ([]Bar, error)
	// BarHistory counts how often a Bar held somebody off, over the last days, newest first.
	BarHistory(ctx context.Context, bars []ID, now Millis, days int) (map[ID][]DayCount, error)

	Review(ctx context.Context, kind ReviewKind, id ID) (*Review, error)
	Reviews(ctx context.Context, kind ReviewKind, p Page) ([]Review, error)
	ReviewsOf(ctx context.Context, kind ReviewKind, targets []ID) (map[ID]*Review, error)
	ReviewOfName(ctx context.Context, kind ReviewKind, name string) (*Review, error)
	TagByID(ctx context.Context, id ID) (*Tag, error)
	AllTags(ctx context.Context, p Page) ([]Tag, error)

	Audit(ctx context.Context, p Page) ([]AuditEntry, error)
	MeasureReader
}

// MeasureReader counts by day. from and to are midnights UTC, to included.
type MeasureReader interface {
	// DayCounts are the kept counts of key, of one detail or ("*") of all.
	DayCounts(ctx context.Context, key, detail string, from, to Millis) ([]CountOn, error)
	// TopCounts are the details of key with the highest counts.
	TopCounts(ctx context.Context, key string, from, to Millis, limit int) ([]CountOf, error)
	ActiveUsers(ctx context.Context, from, to Millis) ([]CountOn, int64, error) // and how many there were in all
	NewUsers(ctx context.Context, from, to Millis) ([]CountOn, error)
	OpenedReports(ctx context.Context, from, to Millis) ([]CountOn, error)
	ResolvedReports(ctx context.Context, from, to Millis) ([]CountOn, error)
	TagAccounts(ctx context.Context, tag ID, from, to Millis) ([]CountOn, int64, error)
	TagServers(ctx context.Context, tag ID, from, to Millis) ([]CountOn, int64, error)
	// TagTopServers counts a tag's uses by domain.
	TagTopServers(ctx context.Context, tag ID, from, to Millis, limit int) ([]CountOf, error)
	// TaggedPosts are the newest public Posts with a tag, made at from or later.
	TaggedPosts(ctx context.Context, tag ID, from Millis, limit int) ([]ID, error)
	// Instance counts what is known of a domain: Actors, Posts, Reports of it,
	// follows of it from here and the other way round; by day and in all.
	Instance(ctx context.Context, what, domain string, from, to Millis) ([]CountOn, int64, error)
	// InstanceTopAccounts are those of a domain with most followers here.
	InstanceTopAccounts(ctx context.Context, domain string, limit int) ([]CountOf, error)
	// UserLocales counts the Users active since by locale.
	UserLocales(ctx context.Context, since Millis, limit int) ([]CountOf, error)
	// Cohort are when Users made from … to were made and last active.
	Cohort(ctx context.Context, from, to Millis) ([][2]Millis, error)
	// Size is what the database takes, in bytes, and Engine what it is.
	Size(ctx context.Context) (int64, error)
	Engine(ctx context.Context) (name, version string, err error)
}

// ModerationWriter changes it.
type ModerationWriter interface {
	// MarkActors sets the Decision of kind (DecideSuspend, DecideLimit or
	// DecideSensitive) where it is from, and returns whom that changed.
	MarkActors(ctx context.Context, ids []ID, kind string, from, to ID) ([]ID, error)
	// DropSignUp removes a User that was never let in, with its Actor: the name is free again.
	DropSignUp(ctx context.Context, user ID) error
	// PutDomainRule answers a Conflict when the domain has another rule.
	PutDomainRule(ctx context.Context, r *DomainRule) error
	DropDomainRule(ctx context.Context, id ID) error
	// PutBar answers a Conflict when the value has another Bar of this kind.
	PutBar(ctx context.Context, b *Bar) error
	DropBar(ctx context.Context, kind BarKind, id ID) error
	// BarHeld counts that a Bar held off somebody at an address.
	BarHeld(ctx context.Context, bar ID, address string, at Millis) error
	// PutReview inserts or replaces by what it is about and sets r.ID.
	PutReview(ctx context.Context, r *Review) error
	SetTagDisplay(ctx context.Context, tag ID, display string) error
	PutAudit(ctx context.Context, e *AuditEntry) error
	// CountDay adds to the kept counts.
	CountDay(ctx context.Context, key, detail string, day Millis, n int64) error
}
