package social

import (
	"context"
	"strings"
)

// SetReview notes what a moderator says of something that may trend. change
// gets what was said before, or that nothing is in its way.
func (h *Home) SetReview(ctx context.Context, by *User, about Review, change func(*Review)) (*Review, error) {
	if !by.Role.May(ManageTaxonomies) {
		return nil, notAllowed("review")
	}
	var v Review
	return &v, h.staffTurn(ctx, by, func(t *turn) error {
		v = Review{ID: t.h.newID(), Kind: about.Kind, Target: about.Target, Name: about.Name, Trendable: true, Usable: true, Listable: true, CreatedAt: t.now}
		old, err := t.formerReview(ctx, &about)
		if err != nil {
			return err
		}
		if old != nil {
			v = *old
		}
		change(&v)
		v.ReviewedAt, v.By = t.now, by.ID
		if err := t.PutReview(ctx, &v); err != nil {
			return err
		}
		action := "approve"
		if !v.Trendable {
			action = "reject"
		}
		return t.log(ctx, action, string(v.Kind), max(v.Target, v.ID), v.Name, "")
	})
}

func (t *turn) formerReview(ctx context.Context, about *Review) (*Review, error) {
	if about.Target == 0 {
		v, err := t.ReviewOfName(ctx, about.Kind, about.Name)
		return v, missingOK(err)
	}
	all, err := t.ReviewsOf(ctx, about.Kind, []ID{about.Target})
	return all[about.Target], err
}

// obeyTags refuses a new Post of ours with a tag that is out of use.
func (t *turn) obeyTags(ctx context.Context, d *Draft) error {
	if !t.local() || len(d.Post.Tags) == 0 {
		return nil
	}
	barred, err := t.barredTags(ctx, d.Post.Tags)
	if err != nil || len(barred) == 0 {
		return err
	}
	return invalid("post", "status", "Validation failed: Text contained a disallowed hashtag: "+strings.Join(barred, ", "))
}

// barredTags are those of a Post's tags that moderators took out of use.
func (t *turn) barredTags(ctx context.Context, tags []string) ([]string, error) {
	var ids []ID
	names := make(map[ID]string, len(tags))
	for _, name := range tags {
		g, err := t.Tag(ctx, 0, TagKey(name))
		if isMissing(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		ids, names[g.ID] = append(ids, g.ID), g.Name
	}
	reviews, err := t.ReviewsOf(ctx, ReviewTag, ids)
	var barred []string
	for _, id := range ids {
		if v := reviews[id]; v != nil && !v.Usable {
			barred = append(barred, names[id])
		}
	}
	return barred, err
}
