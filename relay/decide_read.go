package relay

import (
	"context"

	"engawa/social"
)

// TrialPosts is how many of the last Posts a new book is tried on.
const TrialPosts = 50

// LastFacts are those of the last n Posts that a User said, newest first.
func LastFacts(ctx context.Context, r social.Reader, user social.ID, n int) ([]Facts, error) {
	ids, err := r.ActorPosts(ctx, social.ActorPostsQuery{Actor: user, Page: social.Page{Limit: n}})
	if err != nil {
		return nil, err
	}
	posts, err := r.Posts(ctx, ids)
	if err != nil {
		return nil, err
	}
	return ReadFacts(ctx, r, posts)
}

// ReadFacts reads what the rules look at beside the rows of posts, in two queries.
func ReadFacts(ctx context.Context, r social.Reader, posts []*social.Post) ([]Facts, error) {
	if len(posts) == 0 {
		return nil, nil
	}
	bundle, err := r.Bundle(ctx, 0, posts)
	if err != nil {
		return nil, err
	}
	var parents []social.ID
	for _, p := range posts {
		if continues(p) {
			parents = append(parents, p.ReplyTo)
		}
	}
	byPost := map[social.ID][]social.Copy{}
	if len(parents) > 0 {
		copies, err := r.Copies(ctx, parents)
		if err != nil {
			return nil, err
		}
		for _, c := range copies {
			byPost[c.Post] = append(byPost[c.Post], c)
		}
	}
	out := make([]Facts, len(posts))
	for i, p := range posts {
		out[i].Post = p
		if app := bundle.Apps[p.App]; app != nil {
			out[i].App = app.Name
		}
		if continues(p) {
			out[i].Parent = Traces(byPost[p.ReplyTo])
		}
	}
	return out, nil
}

func continues(p *social.Post) bool { return p.ReplyTo != 0 && p.ReplyToActor == p.Actor }

// Try reads a book as a User would save it: all that is wrong with it, and,
// unless there are errors, what it would have done to the User's last Posts.
func Try(ctx context.Context, r social.Reader, user social.ID, text string) ([]Decisions, Problems, error) {
	links, err := r.Links(ctx, user)
	if err != nil {
		return nil, nil, err
	}
	book, problems := Parse(text)
	if len(problems) == 0 {
		problems = Check(book, links)
	}
	if problems.Err() != nil {
		return nil, problems, nil
	}
	facts, err := LastFacts(ctx, r, user, TrialPosts)
	if err != nil {
		return nil, problems, err
	}
	return Compile(book, links).Trial(facts), problems, nil
}
