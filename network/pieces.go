package network

import "engawa/social"

// Piece is a run of a Part's text: plain where Kind is "", else one of its Spans.
type Piece struct {
	Text   string
	Kind   social.SpanKind
	Target string
}

// Pieces cuts a text at its Spans. Together the pieces are the text; a Span
// that is empty, out of bounds or begins inside another is taken as plain.
func Pieces(text string, spans []social.Span) []Piece {
	out := make([]Piece, 0, 2*len(spans)+1)
	at := 0
	for _, s := range spans {
		if s.From < at || s.To <= s.From || s.To > len(text) {
			continue
		}
		if s.From > at {
			out = append(out, Piece{Text: text[at:s.From]})
		}
		out = append(out, Piece{Text: text[s.From:s.To], Kind: s.Kind, Target: s.Target})
		at = s.To
	}
	if at < len(text) {
		out = append(out, Piece{Text: text[at:]})
	}
	return out
}
