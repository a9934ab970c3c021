package relay

import (
	"context"
	"fmt"
	"strings"
	"time"

	"engawa/internal/clock"
	"engawa/social"
)

// place is a network of tests. Keyed: a part sent again under its Key is the
// same post. Otherwise the same text twice in a row is refused, and a post is
// found only some time after it was made, as on X.
type place struct {
	clock  clock.Clock
	chance *chance
	keyed  bool
	lax    bool          // it takes the same text again, without a word
	delay  time.Duration // until a post can be found
	posts  []*stone
	n      int
	calls  []string // every call, in order
	// fault, where set, is asked before each call: an error of it is the answer;
	// after says that the call is carried out all the same.
	fault func(call string, p *social.Part) (err error, after bool)
	price int64
}

// stone is a post there.
type stone struct {
	id, text, key, parent, root string
	at                          time.Time
	gone                        bool
	edits                       int
}

func (n *place) enter(call string, p *social.Part) (error, bool) {
	n.chance.tick()
	n.calls = append(n.calls, call)
	if n.fault == nil {
		return nil, false
	}
	return n.fault(call, p)
}

// Send implements Network.
func (n *place) Send(ctx context.Context, l *social.Login, p *social.Part) (*social.Sent, error) {
	err, after := n.enter("send "+p.Text, p)
	if err != nil && !after {
		return nil, err
	}
	sent, refused := n.post(p)
	n.chance.tick()
	if err != nil {
		return nil, err
	}
	return sent, refused
}

func (n *place) post(p *social.Part) (*social.Sent, error) {
	for _, s := range n.posts {
		if s.gone {
			continue
		}
		if n.keyed && s.key == p.Key {
			return &social.Sent{Ref: social.Ref{ID: s.id}}, nil
		}
		if !n.keyed && !n.lax && s.text == p.Text {
			return nil, &social.LinkError{Class: social.Uncertain, Message: "duplicate content"}
		}
	}
	if p.Parent.ID != "" && n.find(p.Parent.ID) == nil {
		return nil, &social.LinkError{Class: social.NotThere, Message: "the post answered is gone"}
	}
	n.n++
	s := &stone{id: fmt.Sprintf("s%d", n.n), text: p.Text, key: p.Key, parent: p.Parent.ID, root: p.Root.ID, at: n.clock.Now()}
	n.posts = append(n.posts, s)
	return &social.Sent{Ref: social.Ref{ID: s.id}, Cost: n.price}, nil
}

func (n *place) find(id string) *stone {
	for _, s := range n.posts {
		if s.id == id && !s.gone {
			return s
		}
	}
	return nil
}

// Edit implements Network.
func (n *place) Edit(ctx context.Context, l *social.Login, ref social.Ref, p *social.Part) (*social.Sent, error) {
	if err, _ := n.enter("edit "+p.Text, p); err != nil {
		return nil, err
	}
	s := n.find(ref.ID)
	if s == nil {
		return nil, &social.LinkError{Class: social.NotThere, Message: "gone"}
	}
	s.text = p.Text
	s.edits++
	n.chance.tick()
	return &social.Sent{Ref: ref}, nil
}

// Delete implements Network.
func (n *place) Delete(ctx context.Context, l *social.Login, ref social.Ref) (*social.Sent, error) {
	if err, _ := n.enter("delete "+ref.ID, nil); err != nil {
		return nil, err
	}
	if s := n.find(ref.ID); s != nil {
		s.gone = true
	}
	n.chance.tick()
	return &social.Sent{}, nil
}

// Find implements Network.
func (n *place) Find(ctx context.Context, l *social.Login, p *social.Part) (*social.Sent, error) {
	if err, _ := n.enter("find "+p.Text, p); err != nil {
		return nil, err
	}
	for _, s := range n.posts {
		if s.gone || n.clock.Now().Sub(s.at) < n.delay {
			continue
		}
		if n.keyed && s.key == p.Key || !n.keyed && s.text == p.Text {
			return &social.Sent{Ref: social.Ref{ID: s.id}}, nil
		}
	}
	return nil, nil
}

// shows is what stands there: "id<parent text", one a line.
func (n *place) shows() string {
	var out []string
	for _, s := range n.posts {
		if !s.gone {
			line := s.text
			if p := n.find(s.parent); p != nil {
				line = p.text + " < " + line
			}
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n")
}
