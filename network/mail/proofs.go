package mail

import (
	"sync"
	"time"

	"engawa/internal/locale"
	"engawa/network"
)

// Letters to addresses that are not proved yet may annoy strangers: there is
// one to an address in a while, and only so many from this home.
const (
	proofGap   = 10 * time.Minute
	proofsHour = 20
)

// proof is one such letter.
type proof struct {
	to string
	at time.Time
}

// proofs are those of the last hour; they are forgotten on a restart.
type proofs struct {
	mu   sync.Mutex
	sent []proof
}

// take counts one letter to an address, or refuses it.
func (p *proofs) take(now time.Time, to string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.sent) > 0 && now.Sub(p.sent[0].at) >= time.Hour {
		p.sent = p.sent[1:]
	}
	for _, s := range p.sent {
		if s.to == to && now.Sub(s.at) < proofGap {
			return network.Fix(locale.W("link.fail.letter_sent"), locale.W("link.do.letter_wait"))
		}
	}
	if len(p.sent) >= proofsHour {
		return network.Fix(locale.W("link.fail.letters_many"), locale.W("link.do.in_an_hour"))
	}
	p.sent = append(p.sent, proof{to, now})
	return nil
}
