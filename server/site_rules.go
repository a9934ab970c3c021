package server

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"engawa/api/engawa"
	"engawa/internal/locale"
	"engawa/page"
	"engawa/relay"
	"engawa/social"
)

// rulesPage is GET /relay/rules.
func (r *relaySite) rulesPage(v *visit) error {
	text, _, err := r.own.Rules.Read(v.ctx, v.user.ID)
	if err != nil {
		return err
	}
	return r.showRules(v, http.StatusOK, page.RulesView{Text: text})
}

func (r *relaySite) showRules(v *visit, status int, view page.RulesView) error {
	view.Visit = r.head(v)
	links, err := r.home.Store.Links(v.ctx, v.user.ID)
	if err != nil {
		return err
	}
	for i := range links {
		view.Links = append(view.Links, links[i].Name)
	}
	if book, problems := relay.Parse(view.Text); problems.Err() == nil && book != nil {
		for i := range book.Rules {
			view.Rules = append(view.Rules, page.SentenceView{Name: book.Rules[i].Name, Text: book.Rules[i].Sentence(v.lang)})
		}
	}
	return r.show(v, page.Answer{Status: status}, func(w io.Writer) error { return r.pages.Rules(w, v.lang, view) })
}

// maxRulesForm bounds the form of rules, in bytes: what relay takes, when every
// byte of it is written as %XX.
const maxRulesForm = 1 << 20

// rules is POST /relay/rules: check, or save.
func (r *relaySite) rules(v *visit) error {
	f, err := longForm(v, maxRulesForm)
	if err != nil {
		return err
	}
	text := strings.ReplaceAll(f.Get("rules"), "\r\n", "\n") // as forms send lines (HTML Living Standard 4.10.22.4)
	view, keep := page.RulesView{Text: text}, f.Get("do") == "save"
	if err := r.own.Limits.Allow("trial", v.user.ID); err != nil {
		view.Problem = toRead(v.lang, err)
		return r.showRules(v, http.StatusTooManyRequests, view)
	}
	trial, err := r.own.Rules.Put(v.ctx, v.user.ID, engawa.RuleText{Text: text}, keep, v.lang)
	if err != nil {
		return err
	}
	view.Errors, view.Warnings = saidLines(trial.Errors), saidLines(trial.Warnings)
	if len(view.Errors) > 0 {
		return r.showRules(v, http.StatusUnprocessableEntity, view)
	}
	view.Checked, view.Saved, view.Trial = true, keep, trialView(trial)
	return r.showRules(v, http.StatusOK, view)
}

func saidLines(list []engawa.Problem) []string {
	out := make([]string, len(list))
	for i := range list {
		out[i] = list[i].Message
	}
	return out
}

func trialView(t *engawa.RuleTrial) page.TrialView {
	out := page.TrialView{Posts: len(t.Trial)}
	for i := range t.Trial {
		tried := page.TriedView{RelayedView: relayedView(t.Trial[i].Post)}
		goes := false
		for _, d := range t.Trial[i].Each {
			tried.Each = append(tried.Each, page.DecidedView{Name: d.Link.Name, Send: d.Send, Reason: d.Reason})
			at := slices.IndexFunc(out.Counts, func(c page.CountView) bool { return c.Name == d.Link.Name })
			if at < 0 {
				at, out.Counts = len(out.Counts), append(out.Counts, page.CountView{Name: d.Link.Name})
			}
			if d.Send {
				goes = true
				out.Counts[at].N++
			}
		}
		if goes {
			out.Sent = append(out.Sent, tried)
		} else {
			out.Kept = append(out.Kept, tried)
		}
	}
	return out
}

// copiesPage is GET /relay/posts/{id}.
func (r *relaySite) copiesPage(v *visit) error { return r.showCopies(v, http.StatusOK, "") }

func (r *relaySite) showCopies(v *visit, status int, problem string) error {
	id, ok := social.ParseID(v.r.PathValue("id"))
	if !ok {
		return social.ErrNotFound
	}
	targets, err := r.own.Targets(v.ctx, v.lang, v.user.ID, id)
	if err != nil {
		return err
	}
	view := page.CopiesView{Visit: r.head(v), ID: id.String(), Problem: problem}
	view.Here = page.RelayPostsPath + id.String()
	switch p, err := r.home.Store.Post(v.ctx, id); {
	case err == nil && p.DeletedAt == 0:
		post := relayedView(p)
		view.Text, view.URL, view.At = post.Text, p.URL, post.At
	case err != nil && !social.IsKind(err, social.NotFound) && !social.IsKind(err, social.Gone):
		return err
	}
	titles := map[string]string{}
	for _, n := range r.own.Links.Networks() {
		titles[n.Name] = n.Title
	}
	links, err := r.home.Store.Links(v.ctx, v.user.ID)
	if err != nil {
		return err
	}
	for _, t := range targets {
		at := page.CopiesAt{ID: t.Link.String(), Name: t.Name, Network: titles[t.Network], Send: t.Send, Reason: t.Reason}
		if at.Reason == "" && t.Rule != "" { // decisions go with their post, copies stay
			at.Reason = locale.T(v.lang, "relay.reason.match", "rule", t.Rule)
		}
		if t.Name != "" {
			at.Actions = t.Actions
		}
		for n := range t.Parts {
			part := copyView(&t.Parts[n])
			if i := slices.IndexFunc(links, func(l social.Link) bool { return l.ID == t.Link }); i >= 0 {
				waitsForLink(v.lang, &part, t.Parts[n].Copy, &links[i])
			}
			at.Parts = append(at.Parts, part)
		}
		view.Targets = append(view.Targets, at)
	}
	return r.show(v, page.Answer{Status: status}, func(w io.Writer) error { return r.pages.Copies(w, v.lang, view) })
}

func copyView(p *engawa.TargetPart) page.CopyView {
	view := page.CopyView{Number: p.Number + 1, Of: p.Of, State: p.State, Mood: "waiting", Reason: p.Reason, Text: p.Text, URL: p.Ref.URL,
		Tries: p.Tries, Sent: moment(p.SentAt), Deleted: moment(p.DeletedAt)}
	if p.Cost > 0 {
		view.Cost = engawa.Dollars(p.Cost)
	}
	switch p.Copy.State {
	case social.CopySent:
		view.Mood, view.Tries = "well", 0
	case social.CopyFailed, social.CopyAsked:
		view.Mood = "unwell"
	case social.CopyHeld, social.CopyQueued, social.CopyWaiting:
		view.Due = moment(p.DueAt)
	case social.CopyDeleted:
		view.URL = ""
	}
	return view
}

// waitsForLink says that a Copy goes out when its Link does again.
func waitsForLink(lang locale.Lang, part *page.CopyView, c *social.Copy, l *social.Link) {
	switch c.State {
	case social.CopyHeld, social.CopyQueued, social.CopyWaiting, social.CopyDeleting:
		if l.State == social.LinkPaused || l.State == social.LinkReconnect {
			part.State, part.Due = locale.T(lang, "copies.waits."+string(l.State)), time.Time{}
		}
	}
}

// actOnCopies is POST /relay/posts/{id}/{link}/{action}.
func (r *relaySite) actOnCopies(v *visit) error {
	post, ok := social.ParseID(v.r.PathValue("id"))
	link, linkOK := social.ParseID(v.r.PathValue("link"))
	if !ok || !linkOK {
		return social.ErrNotFound
	}
	err := r.own.Act(v.ctx, v.user.ID, post, link, v.r.PathValue("action"))
	if social.IsKind(err, social.Conflict) { // it went on meanwhile
		return r.showCopies(v, http.StatusConflict, locale.T(v.lang, "copies.nothing"))
	}
	if text, status, ok := refused(v.lang, err); ok {
		return r.showCopies(v, status, text)
	}
	if err != nil {
		return err
	}
	http.Redirect(v.w, v.r, page.RelayPostsPath+post.String()+"#link-"+link.String(), http.StatusSeeOther)
	return nil
}
