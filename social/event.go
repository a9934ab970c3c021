package social

// EventType is what changed.
type EventType string

// The events. Streams, push and caches live on them.
const (
	PostCreated         EventType = "update"
	PostUpdated         EventType = "status.update"
	PostDeleted         EventType = "delete"
	Notified            EventType = "notification"
	ConversationChanged EventType = "conversation"
	FiltersChanged      EventType = "filters_changed"
	AnnouncementMade    EventType = "announcement"
	AnnouncementReacted EventType = "announcement.reaction"
	AnnouncementDeleted EventType = "announcement.delete"
	NotificationsMerged EventType = "notifications_merged"
	TokenRevoked        EventType = "kill"  // close what lives by Token
	ActorChanged        EventType = "actor" // drop what is cached of Actor
	JobsReady           EventType = "jobs"  // wake the queue
	LinksChanged        EventType = "links" // User's Links or rules: drop what is kept of them
)

// Event says that something changed. Between nodes only ids travel; in one
// process PostView and the like may be filled so that nobody reads again.
type Event struct {
	Type  EventType `json:"type"`
	Post  ID        `json:"post,omitempty"`
	Actor ID        `json:"actor,omitempty"`
	// Home and Lists are the Users and Lists whose feed got (or had) the Post.
	Home  []ID `json:"home,omitempty"`
	Lists []ID `json:"lists,omitempty"`
	// User is the one person concerned by a notification, conversation or filter.
	User         ID       `json:"user,omitempty"`
	Notification ID       `json:"notification,omitempty"`
	Conversation ID       `json:"conversation,omitempty"`
	Token        ID       `json:"token,omitempty"`
	Public       bool     `json:"public,omitempty"` // belongs to the public streams
	Local        bool     `json:"local,omitempty"`
	Media        bool     `json:"media,omitempty"`
	Tags         []string `json:"tags,omitempty"`   // keys
	Direct       []ID     `json:"direct,omitempty"` // Users who have it as a direct post
	At           Millis   `json:"at,omitempty"`
	Announcement ID       `json:"announcement,omitempty"`
	Name         string   `json:"name,omitempty"` // of a reaction
}

// Bus tells everybody who listens, here and on other nodes, that something
// changed. Publish never blocks on a slow listener and is called after commit.
type Bus interface {
	Publish(Event)
}
