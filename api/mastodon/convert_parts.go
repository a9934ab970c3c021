package mastodon

import (
	"strconv"
	"strings"

	"engawa/social"
)

func (w *view) media(all []social.Media) []MediaAttachment {
	if len(all) == 0 {
		return nil
	}
	out := make([]MediaAttachment, len(all))
	for i := range all {
		out[i] = w.a.medium(&all[i])
	}
	return out
}

// medium converts one attachment: a blob of ours, a remote picture through the
// cache, or, for what the cache does not take, a link to where it stands.
func (a *API) medium(m *social.Media) MediaAttachment {
	out := MediaAttachment{
		ID: m.ID, Type: string(m.Kind), RemoteURL: m.RemoteURL, Width: m.Width, Height: m.Height,
		SmallWidth: m.PreviewWidth, SmallHeight: m.PreviewHeight, FocusX: m.FocusX, FocusY: m.FocusY,
		Description: m.Description, Blurhash: m.Blurhash, Duration: m.Duration, Rate: m.Rate, Bitrate: bitrate(m),
	}
	switch {
	case m.State != social.MediaReady: // what came is shown to nobody
	case m.Key != "":
		out.URL = a.blob(m.Key)
		out.PreviewURL = out.URL
		if m.PreviewKey != "" {
			out.PreviewURL = a.blob(m.PreviewKey)
		}
	case m.Kind == social.Image:
		out.URL = a.remote("original", m.RemoteURL)
		out.PreviewURL = a.remote("attachment", m.RemoteURL)
	default:
		out.URL = m.RemoteURL
	}
	if m.Key == "" && m.PreviewURL != "" {
		out.PreviewURL = a.remote("attachment", m.PreviewURL)
	}
	if out.Type == "" {
		out.Type = string(social.UnknownMedia)
	}
	return out
}

// bitrate is that of a film or sound, in bits a second.
func bitrate(m *social.Media) int64 {
	if m.Duration == 0 {
		return 0
	}
	return m.Size * 8000 / m.Duration
}

func (w *view) poll(p *social.Post) *Poll {
	poll := w.l.Polls[p.ID]
	if poll == nil {
		return nil
	}
	mine := w.l.Mine[p.ID]
	return w.convertPoll(poll, p, &mine)
}

func (w *view) convertPoll(poll *social.Poll, p *social.Post, mine *social.Mine) *Poll {
	out := &Poll{
		ID: poll.Post, ExpiresAt: poll.ExpiresAt, Expired: poll.Ended(w.now), Multiple: poll.Multiple,
		Emojis: w.emojis(p.Emojis), Options: make([]PollOption, len(poll.Options)),
	}
	if out.ExpiresAt == 0 && poll.ClosedAt != 0 {
		out.ExpiresAt = poll.ClosedAt
	}
	for i := range poll.Options {
		o := &poll.Options[i]
		out.Votes += o.Votes
		out.Options[i].Title = o.Title
		if !poll.HideTotals || out.Expired {
			out.Options[i].Votes = &o.Votes
		}
	}
	if poll.Voters > 0 || out.Votes == 0 {
		out.Voters = &poll.Voters
	}
	if w.v.User {
		out.Known = true
		out.Voted = mine.Voted || len(mine.Votes) > 0 || p.Actor == w.v.Actor
		out.OwnVotes = mine.Votes
	}
	return out
}

// cardType is Mastodon's enumeration.
var cardType = map[string]string{"photo": "photo", "video": "video", "rich": "rich"}

// card converts a preview that has been fetched; nil for the others.
func (w *view) card(c *social.Card) *Card {
	if c.Failed || c.FetchedAt == 0 || c.Title == "" {
		return nil
	}
	out := &Card{
		URL: c.URL, Title: c.Title, Description: c.Description, Language: c.Language, Type: "link",
		AuthorName: c.AuthorName, AuthorURL: c.AuthorURL, ProviderName: c.ProviderName, ProviderURL: c.ProviderURL,
		Width: c.ImageWidth, Height: c.ImageHeight, ImageAlt: c.Image.Alt, Blurhash: c.Image.Blurhash, PublishedAt: c.PublishedAt,
	}
	if t, ok := cardType[c.Type]; ok && t == "photo" {
		out.Type = t // the others need an embedded frame, which is not shown
	}
	if c.Image.Key != "" {
		out.Image = w.a.blob(c.Image.Key)
	} else {
		out.Image = w.a.remote("attachment", c.Image.URL)
	}
	return out
}

// reactions are the answers with emoji, favourites not among them.
func (w *view) reactions(p *social.Post, mine *social.Mine) []StatusReaction {
	if len(p.Reactions) == 0 {
		return nil
	}
	out := make([]StatusReaction, 0, len(p.Reactions))
	for i := range p.Reactions {
		r := &p.Reactions[i]
		x := StatusReaction{Name: strings.Trim(r.Content, ":"), Count: r.Count}
		if r.Emoji != nil {
			m := w.a.emoji(r.Emoji)
			x.URL, x.StaticURL = m.URL, m.StaticURL
			if r.Emoji.Domain != w.a.Home.Info.Domain {
				x.Domain = r.Emoji.Domain
			}
		}
		for _, c := range mine.Reactions {
			x.Me = x.Me || c == r.Content
		}
		out = append(out, x)
	}
	return out
}

func (w *view) filtered(matches []social.Match) []FilterResult {
	out := make([]FilterResult, 0, len(matches))
	for _, m := range matches {
		f := filter(m.Filter)
		f.Keywords, f.Statuses = nil, nil
		r := FilterResult{Filter: f, KeywordMatches: m.Keywords}
		for _, id := range m.Posts {
			r.StatusMatches = append(r.StatusMatches, id.String())
		}
		out = append(out, r)
	}
	return out
}

// filter converts a Filter with all it holds.
func filter(f *social.Filter) Filter {
	out := Filter{
		ID: f.ID.String(), Title: f.Title, Context: f.Contexts, ExpiresAt: momentOr(f.ExpiresAt), Action: orElse(f.Action, "warn"),
		Keywords: make([]FilterKeyword, 0, len(f.Keywords)), Statuses: make([]FilterStatus, 0, len(f.Posts)),
	}
	if out.Context == nil {
		out.Context = []string{}
	}
	for _, k := range f.Keywords {
		out.Keywords = append(out.Keywords, filterKeyword(k))
	}
	for _, p := range f.Posts {
		out.Statuses = append(out.Statuses, filterStatus(p))
	}
	return out
}

func filterKeyword(k social.FilterKeyword) FilterKeyword {
	return FilterKeyword{ID: k.ID.String(), Keyword: k.Keyword, WholeWord: k.WholeWord}
}

func filterStatus(p social.FilterPost) FilterStatus {
	return FilterStatus{ID: p.ID.String(), StatusID: p.Post.String()}
}

// v1Filter is one keyword of a Filter as the old API has it.
func v1Filter(f *social.Filter, k social.FilterKeyword) V1Filter {
	out := V1Filter{
		ID: k.ID.String(), Phrase: k.Keyword, Context: f.Contexts, WholeWord: k.WholeWord,
		ExpiresAt: momentOr(f.ExpiresAt), Irreversible: f.Action == "hide",
	}
	if out.Context == nil {
		out.Context = []string{}
	}
	return out
}

// list converts a List.
func listEntity(l *social.List) List {
	return List{ID: l.ID.String(), Title: l.Title, RepliesPolicy: orElse(l.Replies, "list"), Exclusive: l.Exclusive}
}

func marker(m *social.Marker) Marker {
	return Marker{LastReadID: m.LastRead.String(), Version: m.Version, UpdatedAt: moment(m.UpdatedAt)}
}

// historyDays is how many days of a tag are told.
const historyDays = 7

// tag converts a Tag; days are its history, newest first, with gaps.
func (w *view) tag(t *social.Tag, days []social.DayCount) Tag {
	out := Tag{ID: t.ID.String(), Name: orElse(t.Display, t.Name), URL: w.a.tagURL(t.Name), History: history(days, w.now)}
	if w.v.User {
		following, featuring := t.Following, false
		out.Following, out.Featuring = &following, &featuring
	}
	return out
}

// history fills the gaps: one entry a day, newest first.
func history(days []social.DayCount, now social.Millis) []TagHistory {
	out := make([]TagHistory, historyDays)
	today := now - mod(now, dayMillis)
	for i := range out {
		at := today - int64(i)*dayMillis
		out[i] = TagHistory{Day: strconv.FormatInt(at/1000, 10), Accounts: "0", Uses: "0"}
		for _, d := range days {
			if d.Day == at {
				out[i].Accounts, out[i].Uses = strconv.FormatInt(d.Accounts, 10), strconv.FormatInt(d.Uses, 10)
			}
		}
	}
	return out
}

func (w *view) featuredTag(f *social.FeaturedTag, owner *social.Actor) FeaturedTag {
	out := FeaturedTag{
		ID: f.ID.String(), Name: orElse(f.Tag.Display, f.Tag.Name), URL: orElse(owner.URL, owner.URI) + "/tagged/" + f.Tag.Name,
		Statuses: strconv.FormatInt(f.Posts, 10),
	}
	if f.LastAt != 0 {
		day := moment(f.LastAt)[:len("2006-01-02")]
		out.LastStatusAt = &day
	}
	return out
}

// edit converts one version of a Post.
func (w *view) edit(e *social.Edit, author *Account) StatusEdit {
	out := StatusEdit{
		Content: e.Content, SpoilerText: e.Warning, Sensitive: e.Sensitive, CreatedAt: moment(e.At), Account: author,
		Media: w.media(e.Media), Emojis: w.emojis(e.Emojis),
	}
	if out.Media == nil {
		out.Media = []MediaAttachment{}
	}
	if out.Emojis == nil {
		out.Emojis = []CustomEmoji{}
	}
	if len(e.Options) > 0 {
		out.Poll = &EditedPoll{}
		for _, o := range e.Options {
			out.Poll.Options = append(out.Poll.Options, EditedOption{o})
		}
	}
	return out
}

// policy converts the notification policy; "" means accept, for limited
// accounts filter.
func policy(p *social.Policy, sum PolicySummary) NotificationPolicy {
	return NotificationPolicy{
		NotFollowing: orElse(p.NotFollowing, "accept"), NotFollowers: orElse(p.NotFollowers, "accept"),
		NewAccounts: orElse(p.NewAccounts, "accept"), PrivateMentions: orElse(p.PrivateMentions, "accept"),
		LimitedAccounts: orElse(p.LimitedAccounts, "filter"), Bots: orElse(p.Bots, "accept"), Summary: sum,
	}
}
