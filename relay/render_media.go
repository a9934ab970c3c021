package relay

import (
	"unicode/utf8"

	"engawa/internal/markup"
	"engawa/social"
)

// decideMedia sorts the media into groups that fit into one part each.
func (r *rendering) decideMedia() {
	if len(r.draft.Media) == 0 {
		return
	}
	if r.cover && !r.trait.label {
		if r.as.SensitiveMedia == "skip" {
			r.skip("sensitive")
			return
		}
		r.plan.lose("mediaSensitive")
		r.back = true
		return
	}
	if r.cover && r.as.SensitiveMedia != "" && r.as.SensitiveMedia != "label" {
		if r.as.SensitiveMedia == "skip" {
			r.skip("sensitive")
			return
		}
		r.plan.lose("mediaSensitive")
		r.back = true
		return
	}
	if !r.target.Link.Can.Has(social.AbleMedia) && r.target.Link.Network != "slack" {
		r.plan.lose("mediaNone")
		r.back = true
		return
	}
	r.group()
	if len(r.groups) > 1 && r.as.Media == "link" || len(r.groups) > maxThread {
		keep := 1
		if r.as.Media != "link" {
			keep = maxThread
		}
		over := 0
		for _, g := range r.groups[keep:] {
			over += len(g)
		}
		r.groups = r.groups[:keep]
		r.plan.lose("mediaOver", "count", over)
		r.back = true
	}
}

func (r *rendering) group() {
	most := or(r.target.Link.Limits.Media, r.trait.files)
	for i := range r.draft.Media {
		m := &r.draft.Media[i]
		if m.Kind == social.UnknownMedia || m.Kind == social.Audio && r.trait.media == mixSilent {
			r.plan.lose("mediaKind")
			r.back = true
			continue
		}
		n := len(r.groups)
		if n == 0 || len(r.groups[n-1]) >= most || !r.together(r.groups[n-1][0].Kind, m.Kind) {
			r.groups = append(r.groups, nil)
			n++
		}
		r.groups[n-1] = append(r.groups[n-1], r.file(m))
	}
}

// together tells whether two media may stand in one part.
func (r *rendering) together(a, b social.MediaKind) bool {
	return r.trait.media == mixAny || a == social.Image && b == social.Image
}

// file is a medium as it is to be fitted.
func (r *rendering) file(m *social.Media) social.PartFile {
	limits := &r.target.Link.Limits
	f := social.PartFile{Media: m.ID, Kind: m.Kind, Alt: m.Description, Width: m.Width, Height: m.Height}
	if r.draft.MediaURL != nil {
		f.URL = r.draft.MediaURL(m)
	}
	if m.Kind == social.Image {
		f.Bytes, f.Side = limits.ImageBytes, limits.ImagePixels
	}
	if most := or(limits.AltText, r.trait.altText); utf8.RuneCountInString(f.Alt) > most {
		f.Alt = markup.Shorten(f.Alt, most)
		r.plan.lose("altCut", "limit", most)
	}
	return f
}
