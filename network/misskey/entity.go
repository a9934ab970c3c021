package misskey

import "engawa/internal/loose"

// The entities as servers send them; only what is read. They are never trusted:
// see item.go.

type user struct {
	ID        loose.ID          `json:"id"`
	Username  string            `json:"username"`
	Name      string            `json:"name"`
	Host      string            `json:"host"` // "" for the server's own
	AvatarURL string            `json:"avatarUrl"`
	IsBot     bool              `json:"isBot"`
	Emojis    loose.Map[string] `json:"emojis"`

	// Of UserDetailed only (users/show).
	URI         string             `json:"uri"`
	URL         string             `json:"url"`
	Description string             `json:"description"`
	BannerURL   string             `json:"bannerUrl"`
	AlsoKnownAs loose.List[string] `json:"alsoKnownAs"`
	Verified    loose.List[string] `json:"verifiedLinks"`
}

type note struct {
	ID             loose.ID             `json:"id"`
	CreatedAt      string               `json:"createdAt"`
	UpdatedAt      string               `json:"updatedAt"` // forks that edit
	User           user                 `json:"user"`
	Text           *string              `json:"text"`
	CW             *string              `json:"cw"`
	Visibility     string               `json:"visibility"`
	LocalOnly      bool                 `json:"localOnly"`
	Reactions      loose.Map[int64]     `json:"reactions"`
	ReactionEmojis loose.Map[string]    `json:"reactionEmojis"`
	Emojis         loose.Map[string]    `json:"emojis"`
	RenoteCount    int64                `json:"renoteCount"`
	RepliesCount   int64                `json:"repliesCount"`
	Files          loose.List[file]     `json:"files"`
	FileIDs        loose.List[loose.ID] `json:"fileIds"`
	ReplyID        loose.ID             `json:"replyId"`
	Reply          *note                `json:"reply"`
	RenoteID       loose.ID             `json:"renoteId"`
	Renote         *note                `json:"renote"`
	Mentions       loose.List[loose.ID] `json:"mentions"`
	Tags           loose.List[string]   `json:"tags"`
	Poll           *poll                `json:"poll"`
	URI            string               `json:"uri"` // of other servers' notes
	URL            string               `json:"url"`
	MyReaction     string               `json:"myReaction"`
	IsHidden       bool                 `json:"isHidden"`
}

// isRenote: a note that passes another on and says nothing itself.
func (n *note) isRenote() bool {
	return n.RenoteID != "" && n.Text == nil && n.CW == nil && len(n.Files) == 0 && len(n.FileIDs) == 0 && n.Poll == nil && n.ReplyID == ""
}

type file struct {
	ID           loose.ID `json:"id"`
	Type         string   `json:"type"`
	URL          string   `json:"url"`
	ThumbnailURL string   `json:"thumbnailUrl"`
	Blurhash     string   `json:"blurhash"`
	Comment      string   `json:"comment"`
	IsSensitive  bool     `json:"isSensitive"`
	Size         int64    `json:"size"`
	Properties   struct {
		Width  int `json:"width"`
		Height int `json:"height"`
	} `json:"properties"`
}

type poll struct {
	Multiple  bool               `json:"multiple"`
	ExpiresAt string             `json:"expiresAt"`
	Choices   loose.List[choice] `json:"choices"`
}

type choice struct {
	Text    string `json:"text"`
	Votes   int64  `json:"votes"`
	IsVoted bool   `json:"isVoted"`
}

type notification struct {
	ID        loose.ID `json:"id"`
	CreatedAt string   `json:"createdAt"`
	Type      string   `json:"type"`
	User      user     `json:"user"`
	Note      *note    `json:"note"`
	Reaction  string   `json:"reaction"`
}
