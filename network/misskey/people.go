package misskey

import (
	"context"
	"slices"

	"engawa/internal/loose"
	"engawa/social"
)

// person is what users/show tells more of somebody than a note does: above all
// the global address.
type person struct {
	uri, url, name, domain, header, about string
	same                                  []string
}

// How many are kept, and asked for at once.
const (
	maxPeople = 2048
	maxAsked  = 100
)

// meet asks for those who stand in notes and are not known yet, in one call;
// a failure leaves them with what the notes tell.
func (s *session) meet(ctx context.Context, notes []*note, users []*user) {
	var missing []string
	want := func(id loose.ID) {
		if id == "" || len(missing) >= maxAsked || slices.Contains(missing, string(id)) {
			return
		}
		if _, ok := s.person(id); !ok {
			missing = append(missing, string(id))
		}
	}
	var walk func(n *note, deep int)
	walk = func(n *note, deep int) {
		if n == nil || deep == 0 {
			return
		}
		if n.User.Host != "" {
			want(n.User.ID)
		}
		for _, id := range n.Mentions[:min(len(n.Mentions), maxMentions)] {
			want(id)
		}
		walk(n.Renote, deep-1)
	}
	for _, n := range notes {
		walk(n, depth)
	}
	for _, u := range users {
		if u.Host != "" {
			want(u.ID)
		}
	}
	if len(missing) == 0 {
		return
	}
	var found loose.List[user]
	if s.ask(ctx, "users/show", params{"userIds": missing}, &found) != nil {
		return
	}
	for i := range found {
		s.learn(&found[i])
	}
}

func (s *session) person(id loose.ID) (person, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.people[s.base+"\n"+string(id)]
	return p, ok
}

func (s *session) learn(u *user) {
	if u.ID == "" {
		return
	}
	name, domain := loose.Line(u.Username, 256), s.domain(u.Host)
	p := person{
		uri: loose.WebURL(u.URI), url: loose.WebURL(u.URL), name: name, domain: domain,
		header: loose.WebURL(u.BannerURL), about: loose.Cut(u.Description, maxAbout),
	}
	if u.Host == "" {
		p.uri, p.url = s.base+"/users/"+string(u.ID), s.base+"/@"+name
	}
	for _, list := range [][]string{u.AlsoKnownAs, u.Verified} {
		for _, also := range list[:min(len(list), 20)] {
			if also = loose.WebURL(also); also != "" && also != p.uri && len(also) <= 512 && len(p.same) < 8 {
				p.same = append(p.same, also)
			}
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.people == nil || len(s.people) >= maxPeople {
		s.Network.people = map[string]person{}
	}
	s.Network.people[s.base+"\n"+string(u.ID)] = p
}

// stranger is a user as an Item has it; false when it lacks id or name.
func (s *session) stranger(u *user) (social.Stranger, bool) {
	name, domain := loose.Line(u.Username, 256), s.domain(u.Host)
	if u.ID == "" || name == "" {
		return social.Stranger{}, false
	}
	p, known := s.person(u.ID)
	switch {
	case u.Host == "":
		p.uri, p.url = s.base+"/users/"+string(u.ID), s.base+"/@"+name
	case !known || p.uri == "":
		p.uri = "https://" + domain + "/@" + name
	}
	return social.Stranger{
		ID: string(u.ID), URI: p.uri, URL: orElse(p.url, p.uri), Name: name, Domain: domain, Display: loose.Line(u.Name, 500),
		Avatar: loose.WebURL(u.AvatarURL), Header: p.header, HTML: html(p.about, s.base, domain), Bot: u.IsBot,
		Emojis: s.emojis(mfmNames(u.Name), u.Emojis, u.Host), Same: p.same,
	}, true
}

// known is somebody of whom only the id is told, if they were met.
func (s *session) known(id loose.ID) (social.Stranger, bool) {
	p, ok := s.person(id)
	if !ok || p.uri == "" || p.name == "" {
		return social.Stranger{}, false
	}
	return social.Stranger{ID: string(id), URI: p.uri, URL: orElse(p.url, p.uri), Name: p.name, Domain: p.domain}, true
}
