package page

import (
	"io"

	"engawa/internal/locale"
)

// Front writes / for visitors.
func (p *Pages) Front(w io.Writer, lang locale.Lang, v FrontView) error {
	home := p.home()
	m := meta{Title: tidy(home.Name, maxLine), Description: home.Summary, Canonical: "/"}
	return p.write(w, lang, "front", screen{Front: true, Visit: v.Visit, Meta: m, View: v})
}

// About writes the page about the home.
func (p *Pages) About(w io.Writer, lang locale.Lang, v AboutView) error {
	m := meta{Title: locale.T(lang, "about.title"), Description: p.home().Summary, Canonical: AboutPath}
	return p.write(w, lang, "about", screen{Visit: v.Visit, Meta: m, View: v})
}

// Document writes the terms of service or the privacy policy.
func (p *Pages) Document(w io.Writer, lang locale.Lang, v DocumentView) error {
	m := meta{Title: locale.T(lang, "document."+v.Kind)}
	return p.write(w, lang, "document", screen{Visit: v.Visit, Meta: m, View: v})
}

// Profile writes an actor's page.
func (p *Pages) Profile(w io.Writer, lang locale.Lang, v ProfileView) error {
	return p.write(w, lang, "profile", screen{Visit: v.Visit, Meta: profileMeta(lang, v), View: v})
}

// Thread writes a post between what it answers and what answers it.
func (p *Pages) Thread(w io.Writer, lang locale.Lang, v ThreadView) error {
	return p.write(w, lang, "thread", screen{Visit: v.Visit, Meta: postMeta(lang, v.Post), View: v})
}

// Tag writes the public posts with a hashtag.
func (p *Pages) Tag(w io.Writer, lang locale.Lang, v TagView) error {
	m := meta{Title: "#" + tidy(v.Tag, maxLine), Description: locale.T(lang, "tag.describe", "tag", isolate("#"+tidy(v.Tag, maxLine)))}
	return p.write(w, lang, "tag", screen{Visit: v.Visit, Meta: m, View: v})
}

// LogIn writes the form of either step of logging in.
func (p *Pages) LogIn(w io.Writer, lang locale.Lang, v LogInView) error {
	v.Next = SamePath(v.Next)
	s := form(lang, "login.title", v.Visit, v)
	if v.Passkey {
		s.Script = p.script.path
	}
	return p.write(w, lang, "login", s)
}

// Consent writes the question whether an app may act for the reader.
func (p *Pages) Consent(w io.Writer, lang locale.Lang, v ConsentView) error {
	return p.write(w, lang, "consent", form(lang, "consent.title", v.Visit, v))
}

// Code writes an authorization code to be copied by hand (the oob redirect URI).
func (p *Pages) Code(w io.Writer, lang locale.Lang, v CodeView) error {
	return p.write(w, lang, "code", form(lang, "code.title", v.Visit, v))
}

// SetUp writes the form behind a one-time link, where a password is chosen.
func (p *Pages) SetUp(w io.Writer, lang locale.Lang, v SetUpView) error {
	return p.write(w, lang, "setup", form(lang, "setup.title", v.Visit, v))
}

// Password writes the form that changes the password.
func (p *Pages) Password(w io.Writer, lang locale.Lang, v PasswordView) error {
	return p.write(w, lang, "password", form(lang, "password.title", v.Visit, v))
}

// Interact writes the question that a link on another home leads to. Nothing
// happens before the form is sent.
func (p *Pages) Interact(w io.Writer, lang locale.Lang, v InteractView) error {
	switch v.Verb {
	case Follow, Boost, Favourite, Reply:
	default:
		v.Verb = Follow
	}
	if v.Post == nil {
		v.Verb = Follow
	}
	return p.write(w, lang, "interact", form(lang, "interact."+string(v.Verb)+".title", v.Visit, v))
}

// Done writes that something worked.
func (p *Pages) Done(w io.Writer, lang locale.Lang, v DoneView) error {
	s := form(lang, "", v.Visit, v)
	s.Meta.Title = v.Title
	return p.write(w, lang, "done", s)
}

// Error writes what happened, what is safe and what to do.
func (p *Pages) Error(w io.Writer, lang locale.Lang, v ErrorView) error {
	return p.write(w, lang, "error", form(lang, errorKey(v.Status)+".title", v.Visit, v))
}

// form is the screen of a page that search engines need not know.
func form(lang locale.Lang, title string, visit Visit, view any) screen {
	s := screen{Visit: visit, View: view, Form: true, Meta: meta{Hidden: true}}
	if title != "" {
		s.Meta.Title = locale.T(lang, title)
	}
	return s
}
