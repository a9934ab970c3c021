package peers

// State is what a peer knows of its people and believes about others.
type State struct {
	People    map[string]Person // by name
	Notes     map[string]Note   // its own, by URI
	Seen      map[string]Post   // of others, by URI, as understood
	Likes     []Deed            // likes and reactions not undone
	Shares    []Deed            // boosts not undone
	Blocks    []Deed
	Deletions []Deed
	Moves     []Deed
	Reports   []Report
	Pins      []Deed   // Add and Remove, in order
	Errors    []string // what failed while receiving and sending
}

// Person is one of the peer's own people.
type Person struct {
	Followers []string          // URIs
	Following map[string]string // URI → asked, accepted or rejected
	Pending   []string          // URIs of who asked and waits
	Featured  []string
	Gone      bool
	MovedTo   string
}

// Note is a post of the peer's own.
type Note struct {
	Author     string
	Visibility string
	Votes      map[string]int
	Voters     int
}

// Post is a post or profile of somebody else's as the peer understood it.
type Post struct {
	ID, Type, AttributedTo, InReplyTo string
	Content, Name, Summary            string
	Sensitive                         bool
	To, CC                            []string
	Published, Updated                string
	Edited                            bool
	Options                           []Option
	Tags                              []Tag
	Attachments                       []Attachment
}

// Option is an answer of a poll.
type Option struct {
	Name  string
	Votes int
}

// Tag is a mention, hashtag or emoji.
type Tag struct{ Type, Name, Href string }

// Attachment is a picture, sound or film of a post.
type Attachment struct{ Type, Name, URL, MediaType string }

// Deed is an activity of somebody else's.
type Deed struct {
	ID, Actor, Object string
	Type              string // likes: Like or EmojiReact
	Content           string // likes: the emoji
	Verb              string // pins: Add or Remove
	Target            string // moves, pins
}

// Report is a Flag.
type Report struct {
	ID, Actor, Content string
	Objects            []string
}
