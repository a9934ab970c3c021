package social

import "context"

// reach is whom a Post concerns here.
type reach struct {
	home     []ID // Users whose Home it belongs in
	merged   []ID // of them, those that have Lanes in it
	notify   []ID // of them, those who asked to be told of each Post
	lists    []ID
	named    []ID // local Users it mentions, refusals taken out
	rules    bool // its author has rules
	relevant bool // somebody here follows, is named, or was answered
}

// reachOf finds out whom a Post (or Boost) concerns. parent is the Post it
// answers, if that is here.
func (t *turn) reachOf(ctx context.Context, p, parent *Post) (*reach, error) {
	r := &reach{}
	if t.a.Quiet {
		return r, nil
	}
	var tags []string
	if p.Audience == Public && p.BoostOf == 0 && p.Origin != Linked {
		tags = p.Tags
	}
	targets, err := t.FeedUsers(ctx, p.Actor, tags)
	if err != nil {
		return nil, err
	}
	named, err := t.localNamed(ctx, p)
	if err != nil {
		return nil, err
	}
	refused, err := t.refusals(ctx, targets, named)
	if err != nil {
		return nil, err
	}
	answered, err := t.answeredFollowers(ctx, p)
	if err != nil {
		return nil, err
	}
	for _, id := range named {
		r.relevant = true
		if refused[id] == 0 || refused[id] == RefusesPosts {
			r.named = append(r.named, id)
		}
	}
	r.relevant = r.relevant || len(targets) > 0 || len(answered) > 0 || (parent != nil && parent.Local())
	for i := range targets {
		if targets[i].User == p.Actor {
			r.rules = targets[i].Rules
		}
		if u := &targets[i]; refused[u.User] == 0 && wanted(u, p, answered) {
			if !u.Exclusive || u.User == p.Actor {
				r.home = append(r.home, u.User)
				if u.Merged {
					r.merged = append(r.merged, u.User)
				}
			}
			if u.Notify && p.BoostOf == 0 && p.ReplyToURI == "" && !p.Mentioned(u.User) {
				r.notify = append(r.notify, u.User)
			}
		}
	}
	r.lists, err = t.listsFor(ctx, p, refused, answered)
	return r, err
}

// alone keeps a Post that goes through a Link to its author.
func (r *reach) alone(p *Post, l *Link) {
	*r = reach{home: []ID{p.Actor}, relevant: true}
	if l.List != 0 {
		r.lists = []ID{l.List}
	}
}

// wanted applies one User's choices. answered are the followers of whom p answers.
func wanted(u *FeedTarget, p *Post, answered map[ID]bool) bool {
	if u.User == p.Actor {
		return true
	}
	if p.BoostOf != 0 && u.HideBoosts {
		return false
	}
	if p.Audience == Direct && !p.Mentioned(u.User) {
		return false
	}
	if len(u.Languages) > 0 && p.Language != "" && !contains(u.Languages, p.Language) {
		return false
	}
	return p.ReplyToURI == "" || p.ReplyToActor == p.Actor || p.ReplyToActor == u.User ||
		(p.ReplyToActor != 0 && answered[u.User])
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// localNamed are the local Actors that a Post names.
func (t *turn) localNamed(ctx context.Context, p *Post) ([]ID, error) {
	if len(p.Mentions) == 0 || p.BoostOf != 0 {
		return nil, nil
	}
	actors, err := t.Actors(ctx, mentionedActors(p))
	if err != nil {
		return nil, err
	}
	var ids []ID
	for _, a := range actors {
		if a.Local() && a.ID != p.Actor {
			ids = append(ids, a.ID)
		}
	}
	return ids, nil
}

func (t *turn) refusals(ctx context.Context, targets []FeedTarget, named []ID) (map[ID]Refusal, error) {
	ids := append([]ID(nil), named...)
	for i := range targets {
		ids = append(ids, targets[i].User)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return t.BlockedAmong(ctx, ids, t.actor)
}

// answeredFollowers are the Users here that follow whom p answers.
func (t *turn) answeredFollowers(ctx context.Context, p *Post) (map[ID]bool, error) {
	if p.ReplyToActor == 0 || p.ReplyToActor == p.Actor {
		return nil, nil
	}
	ids, err := t.LocalFollowers(ctx, p.ReplyToActor)
	if err != nil {
		return nil, err
	}
	set := make(map[ID]bool, len(ids))
	for _, id := range ids {
		set[id] = true
	}
	return set, nil
}

// listsFor are the Lists whose rule for replies lets p in.
func (t *turn) listsFor(ctx context.Context, p *Post, refused map[ID]Refusal, answered map[ID]bool) ([]ID, error) {
	if p.Audience == Direct {
		return nil, nil
	}
	lists, err := t.FeedLists(ctx, p.Actor)
	if err != nil || len(lists) == 0 {
		return nil, err
	}
	reply := p.ReplyToURI != "" && p.ReplyToActor != p.Actor
	inList := map[ID]bool{}
	if reply && p.ReplyToActor != 0 {
		others, err := t.FeedLists(ctx, p.ReplyToActor)
		if err != nil {
			return nil, err
		}
		for _, l := range others {
			inList[l.List] = true
		}
	}
	var ids []ID
	for _, l := range lists {
		ok := !reply || p.ReplyToActor == l.User ||
			(l.Replies == "list" && inList[l.List]) || (l.Replies == "followed" && answered[l.User])
		if ok && refused[l.User] == 0 {
			ids = append(ids, l.List)
		}
	}
	return ids, nil
}

// spread puts a new Post into feeds, tells whom it concerns, and emits its Event.
func (t *turn) spread(ctx context.Context, p *Post, r *reach) error {
	if t.a.Quiet {
		return nil
	}
	if err := t.foldHome(ctx, p, r); err != nil {
		return err
	}
	if err := t.AddHome(ctx, r.home, p); err != nil {
		return err
	}
	if err := t.AddLists(ctx, r.lists, p); err != nil {
		return err
	}
	for _, user := range r.named {
		if err := t.notify(ctx, note{user: user, typ: NotifyMention, post: p}); err != nil {
			return err
		}
	}
	for _, user := range r.notify {
		if err := t.notify(ctx, note{user: user, typ: NotifyStatus, post: p}); err != nil {
			return err
		}
	}
	direct, err := t.converse(ctx, p, r)
	if err != nil {
		return err
	}
	e := Event{
		Type: PostCreated, Post: p.ID, Actor: p.Actor, Home: r.home, Lists: r.lists, Direct: direct,
		Local: p.Local(), Media: p.MediaCount > 0,
	}
	e.Public, e.Tags = inPublic(p, t.actor)
	t.emit(e)
	return nil
}

// inPublic reports whether a Post belongs in the public streams, and in those
// of which tags. Answers and boosts do not, nor do limited authors.
func inPublic(p *Post, author *Actor) (public bool, tags []string) {
	if author.Limited != 0 || p.Origin == Linked {
		return false, nil
	}
	return p.Audience == Public && p.BoostOf == 0 && p.ReplyToURI == "", tagKeys(p)
}

// converse makes a direct Post the newest of each local participant's conversation.
func (t *turn) converse(ctx context.Context, p *Post, r *reach) ([]ID, error) {
	if p.Audience != Direct || p.BoostOf != 0 {
		return nil, nil
	}
	all := append(mentionedActors(p), p.Actor)
	users := r.named
	if p.Local() {
		users = append([]ID{p.Actor}, users...)
	}
	for _, user := range users {
		c := Conversation{ID: t.h.newID(), User: user, Thread: p.Thread, LastPost: p.ID, Unread: user != p.Actor}
		for _, id := range all {
			if id != user {
				c.Participants = append(c.Participants, id)
			}
		}
		if err := t.TouchConversation(ctx, &c); err != nil {
			return nil, err
		}
		if !p.Local() {
			if err := t.IndexPost(ctx, p.ID, searchText(p)); err != nil {
				return nil, err
			}
		}
		t.emit(Event{Type: ConversationChanged, User: user, Conversation: c.ID, Post: p.ID})
	}
	return users, nil
}

// tagKeys are the tags whose streams a Post belongs in.
func tagKeys(p *Post) []string {
	if p.Audience != Public || p.Origin == Linked || p.BoostOf != 0 || len(p.Tags) == 0 {
		return nil
	}
	return tagKeysOf(p.Tags)
}
