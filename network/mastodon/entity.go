package mastodon

import "engawa/internal/loose"

// The entities as servers send them, with what the kin of Mastodon adds; only
// what is read. They are never trusted: see item.go.

type account struct {
	ID          loose.ID          `json:"id"`
	Username    string            `json:"username"`
	Acct        string            `json:"acct"`
	DisplayName string            `json:"display_name"`
	Note        string            `json:"note"`
	URI         string            `json:"uri"`
	URL         string            `json:"url"`
	Avatar      string            `json:"avatar"`
	Header      string            `json:"header"`
	Bot         bool              `json:"bot"`
	Emojis      loose.List[emoji] `json:"emojis"`
	Fields      loose.List[field] `json:"fields"`
	Pleroma     pleromaAccount    `json:"pleroma"`
}

type pleromaAccount struct {
	APID string             `json:"ap_id"`
	Also loose.List[string] `json:"also_known_as"`
}

type field struct {
	Value      string `json:"value"`
	VerifiedAt string `json:"verified_at"`
}

type emoji struct {
	Shortcode string `json:"shortcode"`
	URL       string `json:"url"`
	StaticURL string `json:"static_url"`
}

type status struct {
	ID          loose.ID             `json:"id"`
	URI         string               `json:"uri"`
	URL         string               `json:"url"`
	CreatedAt   string               `json:"created_at"`
	EditedAt    string               `json:"edited_at"`
	Account     account              `json:"account"`
	Content     string               `json:"content"`
	Spoiler     string               `json:"spoiler_text"`
	Sensitive   bool                 `json:"sensitive"`
	Visibility  string               `json:"visibility"`
	Language    string               `json:"language"`
	ReplyTo     loose.ID             `json:"in_reply_to_id"`
	ReplyToWho  loose.ID             `json:"in_reply_to_account_id"`
	Media       loose.List[media]    `json:"media_attachments"`
	Mentions    loose.List[mention]  `json:"mentions"`
	Tags        loose.List[tag]      `json:"tags"`
	Emojis      loose.List[emoji]    `json:"emojis"`
	Card        *card                `json:"card"`
	Poll        *poll                `json:"poll"`
	Reblog      *status              `json:"reblog"`
	Quote       *quote               `json:"quote"`
	Replies     int64                `json:"replies_count"`
	Reblogs     int64                `json:"reblogs_count"`
	Favourites  int64                `json:"favourites_count"`
	Quotes      int64                `json:"quotes_count"`
	Favourited  bool                 `json:"favourited"`
	Reblogged   bool                 `json:"reblogged"`
	Bookmarked  bool                 `json:"bookmarked"`
	Muted       bool                 `json:"muted"`
	Pinned      bool                 `json:"pinned"`
	Reactions   loose.List[reaction] `json:"reactions"`       // glitch-soc's forks, Engawa
	Reactions2  loose.List[reaction] `json:"emoji_reactions"` // Fedibird, Engawa
	Pleroma     pleromaStatus        `json:"pleroma"`
	Application struct {
		Name string `json:"name"`
	} `json:"application"`
}

type pleromaStatus struct {
	Reactions loose.List[reaction] `json:"emoji_reactions"`
	Quote     *status              `json:"quote"`
}

type reaction struct {
	Name   string `json:"name"`
	Me     bool   `json:"me"`
	Domain string `json:"domain"`
}

// quote is Quote of Mastodon 4.5, or, on Fedibird and Akkoma, the Status itself.
type quote struct {
	State  string  `json:"state"`
	Quoted *status `json:"quoted_status"`
	status
}

type mention struct {
	ID       loose.ID `json:"id"`
	Username string   `json:"username"`
	Acct     string   `json:"acct"`
	URL      string   `json:"url"`
}

type tag struct {
	Name string `json:"name"`
}

type media struct {
	ID          loose.ID `json:"id"`
	Type        string   `json:"type"`
	URL         string   `json:"url"`
	PreviewURL  string   `json:"preview_url"`
	RemoteURL   string   `json:"remote_url"`
	Description string   `json:"description"`
	Blurhash    string   `json:"blurhash"`
	Meta        struct {
		Original size `json:"original"`
		Small    size `json:"small"`
		Focus    struct {
			X float64 `json:"x"`
			Y float64 `json:"y"`
		} `json:"focus"`
	} `json:"meta"`
}

type size struct {
	Width  int `json:"width"`
	Height int `json:"height"`
}

type poll struct {
	ExpiresAt string             `json:"expires_at"`
	Expired   bool               `json:"expired"`
	Multiple  bool               `json:"multiple"`
	Votes     int64              `json:"votes_count"`
	Voters    int64              `json:"voters_count"`
	Options   loose.List[option] `json:"options"`
	Voted     bool               `json:"voted"`
	OwnVotes  loose.List[int]    `json:"own_votes"`
}

type option struct {
	Title string `json:"title"`
	Votes *int64 `json:"votes_count"`
}

type card struct {
	URL          string `json:"url"`
	Title        string `json:"title"`
	Description  string `json:"description"`
	Type         string `json:"type"`
	AuthorName   string `json:"author_name"`
	AuthorURL    string `json:"author_url"`
	ProviderName string `json:"provider_name"`
	ProviderURL  string `json:"provider_url"`
	Image        string `json:"image"`
	ImageAlt     string `json:"image_description"`
	Blurhash     string `json:"blurhash"`
	Width        int    `json:"width"`
	Height       int    `json:"height"`
	Language     string `json:"language"`
	PublishedAt  string `json:"published_at"`
}

type notification struct {
	ID        loose.ID `json:"id"`
	Type      string   `json:"type"`
	CreatedAt string   `json:"created_at"`
	Account   account  `json:"account"`
	Status    *status  `json:"status"`
	Emoji     string   `json:"emoji"`          // Pleroma
	Reaction  reaction `json:"emoji_reaction"` // Fedibird
	Name      string   `json:"name"`
}
