package relay

import (
	"testing"

	"engawa/social"
)

// BenchmarkRelay is what a Post costs that goes to one Link: deciding, planning,
// writing its Copy; then sending it to a network that answers at once.
func BenchmarkRelay(b *testing.B) {
	n := &place{keyed: true}
	d := newPlace(b, tagRule+"limit.hold = \"0s\"\n", n)
	posts := make([]*social.Post, b.N)
	for i := range posts {
		posts[i] = d.say("words", tagged("ttr"))
	}
	b.ResetTimer()
	for _, p := range posts {
		if err := d.ledger.HandleRelay(d.ctx, &social.Job{Kind: social.JobRelay, Ref: p.ID, Target: string(social.RelayCreate)}); err != nil {
			b.Fatal(err)
		}
		n.posts = n.posts[:0]
		if err := d.ledger.HandleCopy(d.ctx, &social.Job{Kind: social.JobCopy, Ref: 1, Target: p.ID.String()}); err != nil {
			b.Fatal(err)
		}
	}
}
