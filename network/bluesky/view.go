package bluesky

import "encoding/json"

// What the AppView answers, with the lexicons' names. All of it is untrusted;
// what is not used is not read.

type author struct {
	DID     string  `json:"did"`
	Handle  string  `json:"handle"`
	Display string  `json:"displayName"`
	Avatar  string  `json:"avatar"`
	About   string  `json:"description"`
	Labels  []label `json:"labels"`
}

type label struct {
	Source string `json:"src"`
	Val    string `json:"val"`
	Neg    bool   `json:"neg"`
}

type postView struct {
	URI       string          `json:"uri"`
	CID       string          `json:"cid"`
	Author    author          `json:"author"`
	Record    json.RawMessage `json:"record"`
	Embed     json.RawMessage `json:"embed"`
	Replies   int64           `json:"replyCount"`
	Reposts   int64           `json:"repostCount"`
	Likes     int64           `json:"likeCount"`
	Quotes    int64           `json:"quoteCount"`
	IndexedAt string          `json:"indexedAt"`
	Viewer    viewerState     `json:"viewer"`
	Labels    []label         `json:"labels"`
}

type viewerState struct {
	Like        string `json:"like"`
	Repost      string `json:"repost"`
	Bookmarked  bool   `json:"bookmarked"`
	ThreadMuted bool   `json:"threadMuted"`
	Pinned      bool   `json:"pinned"`
}

// readRecord is an app.bsky.feed.post as it comes.
type readRecord struct {
	Text      string          `json:"text"`
	Facets    []facet         `json:"facets"`
	Reply     *replyRef       `json:"reply"`
	Embed     json.RawMessage `json:"embed"`
	Langs     []string        `json:"langs"`
	Tags      []string        `json:"tags"`
	Labels    *selfMarks      `json:"labels"`
	CreatedAt string          `json:"createdAt"`
	// Addresses of the original, as bridges and other servers write them.
	Bridgy    string `json:"bridgyOriginalUrl"`
	Fediverse string `json:"fediverseId"`
}

// record reads the post itself; what cannot be read is empty.
func (v *postView) record() *readRecord {
	var r readRecord
	if loose(v.Record, &r) != nil {
		return new(readRecord)
	}
	return &r
}

type feedPost struct {
	Post   postView `json:"post"`
	Reason *struct {
		Type      string `json:"$type"`
		By        author `json:"by"`
		URI       string `json:"uri"`
		CID       string `json:"cid"`
		IndexedAt string `json:"indexedAt"`
	} `json:"reason"`
}

// embedView is any of the embeds as the AppView shows them, and a quoted record's.
type embedView struct {
	Type     string        `json:"$type"`
	Images   []pictureView `json:"images"`
	Items    []pictureView `json:"items"` // of a gallery; in some versions its media
	External *struct {
		URI         string `json:"uri"`
		Title       string `json:"title"`
		Description string `json:"description"`
		Thumb       string `json:"thumb"`
	} `json:"external"`
	// of a video
	Playlist  string  `json:"playlist"`
	Thumbnail string  `json:"thumbnail"`
	Alt       string  `json:"alt"`
	Aspect    *aspect `json:"aspectRatio"`

	Record json.RawMessage `json:"record"` // of a quote
	Media  json.RawMessage `json:"media"`  // of recordWithMedia or a gallery
}

type pictureView struct {
	Thumb     string  `json:"thumb"`
	Thumbnail string  `json:"thumbnail"` // in a gallery
	Fullsize  string  `json:"fullsize"`
	Alt       string  `json:"alt"`
	Aspect    *aspect `json:"aspectRatio"`
}

// quotedView is app.bsky.embed.record#viewRecord.
type quotedView struct {
	Type      string            `json:"$type"`
	URI       string            `json:"uri"`
	CID       string            `json:"cid"`
	Author    author            `json:"author"`
	Value     json.RawMessage   `json:"value"`
	Embeds    []json.RawMessage `json:"embeds"`
	Replies   int64             `json:"replyCount"`
	Reposts   int64             `json:"repostCount"`
	Likes     int64             `json:"likeCount"`
	Quotes    int64             `json:"quoteCount"`
	IndexedAt string            `json:"indexedAt"`
	Labels    []label           `json:"labels"`
	Record    json.RawMessage   `json:"record"` // inside recordWithMedia the quote lies one deeper
}

type notification struct {
	URI     string          `json:"uri"`
	CID     string          `json:"cid"`
	Author  author          `json:"author"`
	Reason  string          `json:"reason"`
	Subject string          `json:"reasonSubject"`
	Record  json.RawMessage `json:"record"`
	At      string          `json:"indexedAt"`
}

// threadNode is a post of getPostThread, or one that is not there (Post is nil then).
type threadNode struct {
	Post    *postView    `json:"post"`
	Parent  *threadNode  `json:"parent"`
	Replies []threadNode `json:"replies"`
}
