package activitypub

// maxCollected is how many items of one page are looked at.
const maxCollected = 1000

// Collection is a collection or one page of it, ordered or not.
type Collection struct {
	ID    string
	Total int64  // as told; shown, never counted with
	First string // URI of the first page, "" when FirstPage came along
	Next  string // URI of the next page, of a page
	// FirstPage is the first page where it came along.
	FirstPage *Collection
	// Items are the things themselves or their URIs, at most maxCollected.
	Items []Value
}

var collectionTypes = map[string]bool{
	"Collection": true, "OrderedCollection": true, "CollectionPage": true, "OrderedCollectionPage": true,
}

// DecodeCollection reads a collection or a page. Pages of another host than the
// collection are left out.
func DecodeCollection(v Value) (*Collection, error) { return collection(v, true) }

func collection(v Value, outer bool) (*Collection, error) {
	if !collectionTypes[v.Type()] {
		return nil, badly("%.60q is not a collection", v.Type())
	}
	c := &Collection{ID: uriOf(v), Total: v.Get("totalItems").Count(maxTotal)}
	if outer && c.ID == "" {
		return nil, badly("a collection needs an http(s) id")
	}
	for x := range v.Get("orderedItems", "items").Each {
		if len(c.Items) == maxCollected {
			break
		}
		c.Items = append(c.Items, x)
	}
	owner := c.ID
	if owner == "" {
		owner = v.Get("partOf").ID()
	}
	c.Next = ownURI(v.Get("next"), owner)
	if first := v.Get("first").First(); first.IsObject() && outer {
		page, err := collection(first, false)
		if err != nil {
			return nil, err
		}
		if page.Next != "" && !sameOrigin(page.Next, owner) {
			page.Next = ""
		}
		c.FirstPage = page
	} else {
		c.First = ownURI(first, owner)
	}
	return c, nil
}

// URIs are the ids of the items.
func (c *Collection) URIs() []string {
	out := make([]string, 0, len(c.Items))
	for _, x := range c.Items {
		if uri := uriOf(x); uri != "" {
			out = append(out, uri)
		}
	}
	return out
}

// Stamp is a QuoteAuthorization (FEP-044f): the quoted author lets one post
// quote another.
type Stamp struct {
	ID, Author, Quoting, Quoted string
}

// DecodeStamp reads a QuoteAuthorization that was fetched from its id;
// JudgeDocument comes before.
func DecodeStamp(v Value) (*Stamp, error) {
	if !v.Is("QuoteAuthorization") {
		return nil, badly("%.60q is not a QuoteAuthorization", v.Type())
	}
	s := &Stamp{
		ID: uriOf(v), Author: uriOf(v.Get("attributedTo")),
		Quoting: uriOf(v.Get("interactingObject", "gts:interactingObject")), Quoted: uriOf(v.Get("interactionTarget", "gts:interactionTarget")),
	}
	if s.ID == "" || s.Author == "" || s.Quoting == "" || s.Quoted == "" {
		return nil, badly("a QuoteAuthorization needs id, attributedTo, interactingObject and interactionTarget")
	}
	if !sameOrigin(s.ID, s.Author) || !sameOrigin(s.Quoted, s.Author) {
		return nil, badly("a QuoteAuthorization stands with the author of what is quoted")
	}
	return s, nil
}

// Proves reports whether the stamp lets exactly this post quote exactly that
// one, in the name of its author (T80).
func (s *Stamp) Proves(quoting, quoted, author string) bool {
	return s.Quoting == quoting && s.Quoted == quoted && s.Author == author
}
