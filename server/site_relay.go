package server

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"engawa/api/engawa"
	"engawa/internal/locale"
	"engawa/internal/markup"
	"engawa/page"
	"engawa/relay"
	"engawa/social"
)

// relaySite is the pages of linked accounts, rules and copies: what the own API
// does, for people without script. The same Linking, rules and ledger carry it
// out, under the same limits.
type relaySite struct {
	*site
	own *engawa.API
}

// mine wraps a page for people with a session: others log in first and come
// back to it, or, from a form, to the linked accounts.
func (r *relaySite) mine(f func(*visit) error) func(*visit) error {
	return func(v *visit) error {
		switch {
		case v.user != nil:
			return f(v)
		case v.r.Method == http.MethodGet || v.r.Method == http.MethodHead:
			return r.logInFirst(v)
		}
		http.Redirect(v.w, v.r, page.LogInPath+"?next="+queryEscape(page.RelayPath), http.StatusSeeOther)
		return nil
	}
}

// refused is what a person may read of an error of a form, and the status to
// say it with; an error of ours is none of theirs.
func refused(lang locale.Lang, err error) (text string, status int, ok bool) {
	var e *social.Error
	if !errors.As(err, &e) || e.Kind == social.NotFound || e.Message == "" {
		return "", 0, false
	}
	return locale.Say(lang, e.Message), pageStatus[e.Kind], true
}

// linked is GET /relay; ?again=ID opens the form that links an account again.
func (r *relaySite) linked(v *visit) error {
	open := page.NetworkView{}
	if id, ok := social.ParseID(v.r.URL.Query().Get("again")); ok {
		l, err := r.home.Store.Link(v.ctx, v.user.ID, id)
		if err != nil {
			return err
		}
		open = page.NetworkView{Name: l.Network, Typed: l.Base, Again: l.ID.String(), As: l.Name}
	}
	return r.showLinked(v, http.StatusOK, "", open, nil)
}

// showLinked shows the linked accounts; open is the form that was sent or asked
// for, typed its fields.
func (r *relaySite) showLinked(v *visit, status int, problem string, open page.NetworkView, typed map[string]string) error {
	view := page.RelayView{Visit: r.head(v), Problem: problem}
	links, err := r.home.Store.Links(v.ctx, v.user.ID)
	if err != nil {
		return err
	}
	titles := map[string]string{}
	for _, n := range r.own.Links.Networks() {
		titles[n.Name] = n.Title
		view.Networks = append(view.Networks, networkView(v.lang, &n, open, typed))
	}
	states, err := r.own.LinkStates(v.ctx, v.lang, links)
	if err != nil {
		return err
	}
	for i := range links {
		view.Links = append(view.Links, linkView(v.lang, &links[i], states[i], titles))
	}
	if view.Posts, err = r.lastPosts(v.ctx, v.lang, v.user.ID, links); err != nil {
		return err
	}
	return r.show(v, page.Answer{Status: status}, func(w io.Writer) error { return r.pages.Relay(w, v.lang, view) })
}

func networkView(lang locale.Lang, n *engawa.Network, open page.NetworkView, typed map[string]string) page.NetworkView {
	out := page.NetworkView{Name: n.Name, Title: n.Title, Base: n.Base}
	if open.Name == n.Name {
		out.Open, out.Typed, out.Called, out.Again, out.As = true, open.Typed, open.Called, open.Again, open.As
	} else {
		typed = nil
	}
	for _, f := range n.Fields {
		ask := page.FieldAsk{Name: f.Name, Label: f.Name, Secret: f.Secret, Needed: f.Needed}
		if locale.Has(f.Label) {
			ask.Label = locale.T(lang, f.Label)
		}
		if !f.Secret {
			ask.Typed = typed[f.Name]
		}
		out.Fields = append(out.Fields, ask)
	}
	return out
}

func linkView(lang locale.Lang, l *social.Link, state *engawa.LinkState, titles map[string]string) page.LinkView {
	title := titles[l.Network]
	if title == "" {
		title = l.Network
	}
	view := page.LinkView{
		ID: l.ID.String(), Name: l.Name, Network: title, Handle: l.Handle, URL: l.URL, Mood: "well", Summary: state.Summary,
		OK: moment(l.OKAt), Expires: moment(l.ExpiresAt), Spent: engawa.Dollars(state.Spent), Sent: state.Sent,
		Paused: l.State == social.LinkPaused, Again: titles[l.Network] != "",
		Reading: l.Can.Has(social.AbleRead), Reads: l.List != 0, Merges: l.Merge,
	}
	if l.FailedAt != 0 && l.Error != "" {
		view.Failed, view.Error, view.Remedy, view.Over = moment(l.FailedAt), locale.Say(lang, l.Error), locale.Say(lang, l.Remedy), l.OKAt > l.FailedAt
	}
	switch {
	case view.Paused:
		view.Mood = "paused"
	case l.State == social.LinkReconnect, view.Error != "" && !view.Over:
		view.Mood = "unwell"
	}
	queue := state.Queue
	if l.State != social.LinkActive { // all of it waits for the Link
		queue[social.CopyWaiting] += queue[social.CopyHeld] + queue[social.CopyQueued]
		queue[social.CopyHeld], queue[social.CopyQueued] = 0, 0
	}
	for _, s := range engawa.OpenStates() {
		if n := queue[s]; n > 0 {
			view.Queue = append(view.Queue, locale.T(lang, "linked.queueLine", "n", n, "state", locale.T(lang, "copy.state."+string(s))))
		}
	}
	return view
}

// moment is a time for a page; zero stays zero.
func moment(ms social.Millis) time.Time { return social.Moment(ms) }

// lastPosts are the reader's last posts with how far their copies are.
func (r *relaySite) lastPosts(ctx context.Context, lang locale.Lang, user social.ID, links []social.Link) ([]page.RelayedView, error) {
	if len(links) == 0 {
		return nil, nil
	}
	const some = 10
	facts, err := relay.LastFacts(ctx, r.home.Store, user, some)
	if err != nil {
		return nil, err
	}
	var ids []social.ID
	for i := range facts {
		ids = append(ids, facts[i].Post.ID)
	}
	copies, err := r.home.Store.Copies(ctx, ids)
	if err != nil {
		return nil, err
	}
	names := map[social.ID]string{}
	for i := range links {
		names[links[i].ID] = links[i].Name
	}
	out := make([]page.RelayedView, len(facts))
	for i := range facts {
		out[i] = relayedView(facts[i].Post)
		for j := range copies { // the first part speaks for the others
			c := &copies[j]
			if c.Post == facts[i].Post.ID && c.Number == 0 && names[c.Link] != "" {
				out[i].Copies = append(out[i].Copies, names[c.Link]+locale.T(lang, "colon")+locale.T(lang, "copy.state."+string(c.State)))
			}
		}
	}
	return out, nil
}

// excerptSize is how much of a post stands in lists, in characters.
const excerptSize = 100

func relayedView(p *social.Post) page.RelayedView {
	text := p.Warning
	if text == "" {
		text = markup.Text(p.Content)
	}
	return page.RelayedView{ID: p.ID.String(), Text: markup.Shorten(text, excerptSize), At: moment(p.CreatedAt)}
}

// linkBackCookie remembers, while a person is at another network, that the
// pages without script sent them there.
const linkBackCookie = "engawa_linking"

// begin is POST /relay/link: it links an account, or begins to.
func (r *relaySite) begin(v *visit) error {
	f, err := form(v)
	if err != nil {
		return err
	}
	ask := &engawa.LinkAsk{Network: f.Get("network"), Name: f.Get("name"), Base: strings.TrimSpace(f.Get("base")), Fields: map[string]string{}}
	open := page.NetworkView{Name: ask.Network, Typed: ask.Base, Called: ask.Name}
	if again := f.Get("again"); again != "" {
		id, ok := social.ParseID(again)
		if !ok {
			return social.ErrNotFound
		}
		l, err := r.home.Store.Link(v.ctx, v.user.ID, id)
		if err != nil {
			return err
		}
		ask.Again, open.Again, open.As = id, id.String(), l.Name
	}
	for key := range f {
		if name, is := strings.CutPrefix(key, "field."); is && f.Get(key) != "" {
			ask.Fields[name] = strings.TrimSpace(f.Get(key))
		}
	}
	err = r.own.Limits.Allow("network", v.user.ID)
	var l *social.Link
	var url string
	if err == nil {
		l, url, err = r.own.Links.Begin(v.ctx, v.user.ID, ask)
	}
	if err != nil {
		if text, status, ok := refused(v.lang, err); ok {
			return r.showLinked(v, status, text, open, ask.Fields)
		}
		return err
	}
	return r.goOn(v, ask.Network, l, url)
}

// goOn follows where linking stands: done, at the other network, or a letter.
func (r *relaySite) goOn(v *visit, network string, l *social.Link, url string) error {
	if l != nil {
		http.Redirect(v.w, v.r, page.RelayPath+"#link-"+l.ID.String(), http.StatusSeeOther)
		return nil
	}
	http.SetCookie(v.w, &http.Cookie{Name: linkBackCookie, Value: "1", Path: callbackPath, MaxAge: int(stepAge / 1000), SameSite: http.SameSiteLaxMode, HttpOnly: true, Secure: r.auth.Secure})
	if url == "" {
		view := page.DoneView{Visit: r.head(v), Title: locale.T(v.lang, "linked.letter"), Text: locale.T(v.lang, "linked.letterText"),
			Link: page.RelayPath, Label: locale.T(v.lang, "page.link.back")}
		return r.show(v, page.Answer{}, func(w io.Writer) error { return r.pages.Done(w, v.lang, view) })
	}
	view := page.LeaveView{Visit: r.head(v), Network: network, URL: url}
	for _, n := range r.own.Links.Networks() {
		if n.Name == network {
			view.Network = n.Title
		}
	}
	return r.show(v, page.Answer{}, func(w io.Writer) error { return r.pages.Leave(w, v.lang, view) })
}

var yes, no = true, false

// linkChanges are the buttons of a link that change it.
var linkChanges = map[string]engawa.LinkChange{
	"pause": {Paused: &yes}, "resume": {Paused: &no}, "read": {Read: &yes}, "unread": {Read: &no}, "merge": {Merge: &yes}, "unmerge": {Merge: &no},
}

// act is POST /relay/links/{id}/{action}.
func (r *relaySite) act(v *visit) error {
	id, ok := social.ParseID(v.r.PathValue("id"))
	if !ok {
		return social.ErrNotFound
	}
	to, err := page.RelayPath+"#link-"+id.String(), error(nil)
	switch action := v.r.PathValue("action"); action {
	case "check":
		if err = r.own.Limits.Allow("network", v.user.ID); err == nil {
			_, err = r.own.Links.Check(v.ctx, v.user.ID, id)
		}
	case "drop":
		to = page.RelayPath
		if _, err = r.home.Store.Link(v.ctx, v.user.ID, id); err == nil {
			err = r.own.Links.Drop(v.ctx, v.user.ID, id)
		}
	default:
		change, ok := linkChanges[action]
		if !ok {
			return social.ErrNotFound
		}
		_, err = r.own.Links.Change(v.ctx, v.user.ID, id, &change)
	}
	if text, status, ok := refused(v.lang, err); ok {
		return r.showLinked(v, status, text, page.NetworkView{}, nil)
	}
	if err != nil {
		return err
	}
	http.Redirect(v.w, v.r, to, http.StatusSeeOther)
	return nil
}
