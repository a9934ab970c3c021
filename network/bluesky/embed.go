package bluesky

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"engawa/internal/locale"
	"engawa/network"
	"engawa/social"
)

const (
	maxImages     = 4
	maxVideoBytes = 100 << 20
	maxExternal   = 300 // bytes of a card's title
)

type imagesEmbed struct {
	Type   string  `json:"$type"`
	Images []image `json:"images"`
}

type image struct {
	Image  json.RawMessage `json:"image"`
	Alt    string          `json:"alt"`
	Aspect *aspect         `json:"aspectRatio,omitempty"`
}

type aspect struct {
	Width  int `json:"width"`
	Height int `json:"height"`
}

type videoEmbed struct {
	Type   string          `json:"$type"`
	Video  json.RawMessage `json:"video"`
	Alt    string          `json:"alt,omitempty"`
	Aspect *aspect         `json:"aspectRatio,omitempty"`
}

type externalEmbed struct {
	Type     string   `json:"$type"`
	External external `json:"external"`
}

type external struct {
	URI         string `json:"uri"`
	Title       string `json:"title"`
	Description string `json:"description"`
}

type recordEmbed struct {
	Type   string    `json:"$type"`
	Record strongRef `json:"record"`
}

type recordWithMedia struct {
	Type   string      `json:"$type"`
	Record recordEmbed `json:"record"`
	Media  any         `json:"media"`
}

// embedOf makes what hangs on a post: pictures or one video, a quote, both, or
// else a card for the link. imageBytes is how large a picture may be.
func (c *caller) embedOf(ctx context.Context, p *social.Part, imageBytes int64) (any, error) {
	media, err := c.mediaOf(ctx, p, imageBytes)
	if err != nil {
		return nil, err
	}
	if !p.Quote.Zero() {
		ref, err := c.strong(ctx, p.Quote)
		if err != nil {
			return nil, err
		}
		record := recordEmbed{"app.bsky.embed.record", ref}
		if media == nil {
			return record, nil
		}
		return recordWithMedia{"app.bsky.embed.recordWithMedia", record, media}, nil
	}
	if media == nil && webURL(p.Link) != "" {
		return cardOf(p.Link), nil
	}
	return media, nil
}

// cardOf is a card that says where a link leads.
func cardOf(link string) externalEmbed {
	title := link
	if u, err := url.Parse(link); err == nil {
		title = u.Host + u.Path
	}
	return externalEmbed{"app.bsky.embed.external", external{URI: link, Title: clip(title, maxExternal)}}
}

// mediaOf uploads a Part's files; nil when it has none.
func (c *caller) mediaOf(ctx context.Context, p *social.Part, imageBytes int64) (any, error) {
	if len(p.Media) == 0 {
		return nil, nil
	}
	if k := p.Media[0].Kind; k == social.Video || k == social.GIFV {
		return c.videoOf(ctx, p)
	}
	if len(p.Media) > maxImages {
		return nil, network.TooMany("Bluesky", maxImages)
	}
	embed := imagesEmbed{Type: "app.bsky.embed.images"}
	for i := range p.Media {
		f := p.Media[i]
		if f.Kind != social.Image {
			return nil, network.Fix(locale.W("link.fail.b_mixed"), locale.W("link.do.rule_link"))
		}
		if f.Bytes == 0 || f.Bytes > imageBytes {
			f.Bytes = imageBytes
		}
		blob, err := c.upload(ctx, &f)
		if err != nil {
			return nil, err
		}
		embed.Images = append(embed.Images, image{blob, f.Alt, aspectOf(&f)})
	}
	return embed, nil
}

func (c *caller) videoOf(ctx context.Context, p *social.Part) (any, error) {
	if len(p.Media) > 1 {
		return nil, network.Fix(locale.W("link.fail.b_video"), locale.W("link.do.thread"))
	}
	f := p.Media[0]
	blob, err := c.upload(ctx, &f)
	if err != nil {
		return nil, err
	}
	return videoEmbed{"app.bsky.embed.video", blob, f.Alt, aspectOf(&f)}, nil
}

func aspectOf(f *social.PartFile) *aspect {
	if f.Width <= 0 || f.Height <= 0 {
		return nil
	}
	return &aspect{f.Width, f.Height}
}

// upload sends a file to the PDS and answers with the blob that records name.
// Pictures are held in memory, since they are sent again when a token has ended.
func (c *caller) upload(ctx context.Context, f *social.PartFile) (json.RawMessage, error) {
	if c.n.Files == nil {
		return nil, errors.New("bluesky: no Files given")
	}
	b, err := c.file(ctx, f)
	if err != nil {
		return nil, err
	}
	var out struct {
		Blob json.RawMessage `json:"blob"`
	}
	if err := c.call(ctx, http.MethodPost, c.pds+"/xrpc/com.atproto.repo.uploadBlob", b, &out); err != nil {
		return nil, c.n.failure("uploading", err)
	}
	if len(out.Blob) == 0 || out.Blob[0] != '{' {
		return nil, c.n.failure("uploading", errors.New("the answer names no blob"))
	}
	return out.Blob, nil
}

func (c *caller) file(ctx context.Context, f *social.PartFile) (*body, error) {
	r, size, contentType, err := c.n.Files.Open(ctx, f)
	if err != nil {
		return nil, err
	}
	if f.Kind == social.Image {
		defer r.Close()
		held, err := io.ReadAll(io.LimitReader(r, f.Bytes+1))
		if err != nil {
			return nil, err
		}
		if int64(len(held)) > f.Bytes {
			return nil, network.TooLarge("Bluesky", nil)
		}
		return &body{contentType, int64(len(held)), func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(held)), nil }}, nil
	}
	if size > maxVideoBytes {
		r.Close()
		return nil, network.TooLarge("Bluesky", nil)
	}
	if !strings.HasPrefix(contentType, "video/mp4") {
		r.Close()
		return nil, network.WrongKind("Bluesky", contentType, nil)
	}
	return &body{contentType, size, func() (io.ReadCloser, error) {
		if first := r; first != nil {
			r = nil
			return first, nil
		}
		again, _, _, err := c.n.Files.Open(ctx, f)
		return again, err
	}}, nil
}

// strong completes a Ref with its CID. What is not on Bluesky cannot be referred to.
func (c *caller) strong(ctx context.Context, r social.Ref) (strongRef, error) {
	if _, ok := parseURI(r.ID); !ok {
		return strongRef{}, network.Fix(locale.W("link.fail.b_parent"), "")
	}
	if r.CID != "" {
		return strongRef{r.ID, r.CID}, nil
	}
	ref, _, err := c.lookUp(ctx, r.ID)
	return ref, err
}

// lookUp finds the CID of a post and what it answers (nil: nothing): one of the
// account's own in its repository, which knows it before the AppView does.
func (c *caller) lookUp(ctx context.Context, uri string) (strongRef, *replyRef, error) {
	u, ok := parseURI(uri)
	if !ok {
		return strongRef{}, nil, network.Fix(locale.W("link.fail.b_parent"), "")
	}
	if u.repo != c.did {
		v, err := c.postAt(ctx, uri)
		if err != nil {
			return strongRef{}, nil, err
		}
		return strongRef{v.URI, v.CID}, v.record().Reply, nil
	}
	var own struct {
		strongRef
		Value struct {
			Reply *replyRef `json:"reply"`
		} `json:"value"`
	}
	err := c.record(ctx, u, &own)
	if absent(err) {
		return strongRef{}, nil, network.NotThere("Bluesky", err)
	}
	return own.strongRef, own.Value.Reply, c.n.failure("looking up the post", err)
}

// postAt asks the AppView for one post.
func (c *caller) postAt(ctx context.Context, uri string) (*postView, error) {
	found, err := c.postsAt(ctx, []string{uri})
	if err != nil {
		return nil, c.n.failure("looking up the post", err)
	}
	p := found[uri]
	if p == nil {
		return nil, network.NotThere("Bluesky", nil)
	}
	return p, nil
}

// maxURIs is how many posts getPosts takes at once.
const maxURIs = 25

// postsAt asks the AppView for posts, by URI; those it does not have are left out.
func (c *caller) postsAt(ctx context.Context, uris []string) (map[string]*postView, error) {
	found := make(map[string]*postView, len(uris))
	for len(uris) > 0 {
		some := uris[:min(len(uris), maxURIs)]
		uris = uris[len(some):]
		var out struct {
			Posts []postView `json:"posts"`
		}
		if err := c.get(ctx, "app.bsky.feed.getPosts", url.Values{"uris": some}, &out); err != nil {
			return nil, err
		}
		for i := range out.Posts {
			found[out.Posts[i].URI] = &out.Posts[i]
		}
	}
	return found, nil
}
