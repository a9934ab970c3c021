package ruler

import "slices"

// The longest address, with the scheme, and the longest name of t.co.
const (
	maxAddress = 4096
	maxSlug    = 40
)

// found is an address in UTF-16 units. Where twitter-text shortens what it
// found, the length may differ from where the address ends in the text.
type found struct{ start, length int }

// finder finds the addresses of a text as twitter-text 3.1.0 does
// (extractUrlsWithIndices, without scheme too), each unit a bounded number of
// times: what failed once is remembered in dead and barren.
type finder struct {
	t      []uint16
	out    []found
	dead   int // no domain begins before
	barren int // no domain of two or more labels begins before
}

func (f *finder) find() {
	for i := 0; i < len(f.t); {
		if end := f.matchAt(i); end >= 0 {
			i = end
		} else {
			i++
		}
	}
}

// matchAt tries an address behind t[i], and at the beginning of the text. It
// gives where to go on, or -1.
func (f *finder) matchAt(i int) int {
	if mayPrecede(f.t[i]) {
		if end := f.address(i+1, f.t[i]); end >= 0 {
			return end
		}
	}
	if i == 0 {
		f.dead = 0
		return f.address(0, 0)
	}
	return -1
}

// address reads one at start. An end is given for those too that turn out not to
// be taken.
func (f *finder) address(start int, before uint16) int {
	domain := start + schemeLen(f.t, start)
	if domain == start && start < f.dead {
		return -1
	}
	end := f.domain(domain)
	if end < 0 && domain > start {
		domain = start
		end = f.domain(domain)
	}
	if end < 0 {
		return -1
	}
	a := parts{start: start, domain: domain, domainEnd: end}
	a.read(f.t)
	f.take(&a, before)
	return a.end
}

// parts are the places in an address.
type parts struct {
	start, domain, domainEnd, end int
	path                          bool
}

func (a *parts) read(t []uint16) {
	p := a.domainEnd
	if p+1 < len(t) && t[p] == ':' && isDigit(t[p+1]) {
		for p++; p < len(t) && isDigit(t[p]); p++ {
		}
	}
	if p < len(t) && t[p] == '/' {
		a.path = true
		p = pathEnd(t, p+1)
	}
	a.end = queryEnd(t, p)
}

func (f *finder) take(a *parts, before uint16) {
	bare := a.start == a.domain
	scheme := a.domain - a.start
	if bare {
		scheme = len("https://")
	}
	name := f.t[a.domain:a.domainEnd]
	if scheme+a.end-a.start > maxAddress || !labelsFit(name) || beginsPunycode(name) && len(asciiDomains(nil, name)) == 0 {
		return
	}
	if !bare {
		if length := shortLen(f.t[a.start:a.end]); length > 0 {
			f.out = append(f.out, found{a.start, length})
		}
		return
	}
	if before != 0 && among(before, "-_./") {
		return
	}
	had := len(f.out)
	f.out = asciiDomains(f.out, name)
	for i := had; i < len(f.out); i++ {
		f.out[i].start += a.domain
	}
	if a.path && len(f.out) > had {
		f.out[len(f.out)-1].length += a.end - a.domainEnd
	}
}

// domain gives the end of the domain that begins at s, or -1: labels with dots,
// the last of them without _, then a top level domain; as many labels as can be.
func (f *finder) domain(s int) int {
	t := f.t
	if s >= len(t) || !isDomainChar(t[s]) {
		return -1
	}
	dot, underscore := labelEnd(t, s)
	if dot == len(t) || t[dot] != '.' {
		f.dead = max(f.dead, dot)
		return -1
	}
	if !isDomainChar(t[dot-1]) {
		f.dead = max(f.dead, dot+1)
		return -1
	}
	if end := f.longer(dot + 1); end >= 0 {
		return end
	}
	end := tldAt(t, dot+1)
	switch {
	case end < 0:
		f.dead = max(f.dead, dot+1)
	case underscore >= 0:
		f.dead = max(f.dead, underscore+1)
		end = -1
	}
	return end
}

// longer looks for the last label from p on that a top level domain follows.
func (f *finder) longer(p int) int {
	if p < f.barren {
		return -1
	}
	best := -1
	for p < len(f.t) && isDomainChar(f.t[p]) {
		dot, underscore := labelEnd(f.t, p)
		if dot == len(f.t) || f.t[dot] != '.' || !isDomainChar(f.t[dot-1]) {
			break
		}
		if underscore < 0 {
			if end := tldAt(f.t, dot+1); end >= 0 {
				best = end
			}
		}
		p = dot + 1
	}
	if best < 0 {
		f.barren = p
	}
	return best
}

// labelEnd is where the label that begins at p ends, and its last _ or -1.
func labelEnd(t []uint16, p int) (end, underscore int) {
	underscore = -1
	for ; p < len(t); p++ {
		switch c := t[p]; {
		case c == '_':
			underscore = p
		case c != '-' && !isDomainChar(c):
			return p, underscore
		}
	}
	return p, underscore
}

// asciiDomains appends the domains of Latin letters within a domain. As in
// twitter-text each stands where its letters are met first behind the one before.
func asciiDomains(out []found, t []uint16) []found {
	met := 0
	for i := 0; i < len(t); {
		best, p := -1, i
		for {
			q := p
			for q < len(t) && isASCIIDomainChar(t[q]) {
				q++
			}
			if q == p || q == len(t) || t[q] != '.' {
				p = q
				break
			}
			if end := tldAt(t, q+1); end >= 0 {
				best = end
			}
			p = q + 1
		}
		if best >= 0 {
			met += firstIndex(t[met:best], t[i:best])
			out = append(out, found{met, best - i})
			met += best - i
			p = best
		}
		i = max(p, i+1)
	}
	return out
}

// firstIndex is where part, the end of t, is met first in t.
func firstIndex(t, part []uint16) int {
	i := 0
	for !slices.Equal(t[i:i+len(part)], part) {
		i++
	}
	return i
}

func beginsPunycode(t []uint16) bool {
	return len(t) >= 4 && t[0] == 'x' && t[1] == 'n' && t[2] == '-' && t[3] == '-'
}

// schemeLen is the length of http:// or https:// at p, whatever the case.
func schemeLen(t []uint16, p int) int {
	const name = "http"
	if len(t)-p < len("http://") {
		return 0
	}
	for i := range len(name) {
		if t[p+i] >= 0x80 || t[p+i]|0x20 != uint16(name[i]) {
			return 0
		}
	}
	q := p + len(name)
	if t[q] == 's' || t[q] == 'S' {
		q++
	}
	if len(t)-q < 3 || t[q] != ':' || t[q+1] != '/' || t[q+2] != '/' {
		return 0
	}
	return q + 3 - p
}

// pathEnd is where the path ends whose / stands before p: at the last character
// that may end one, and behind brackets that are closed right there.
func pathEnd(t []uint16, p int) int {
	end := p
	joined := true // only closed brackets between end and p
	for p < len(t) {
		if t[p] == '(' {
			close := brackets(t, p)
			if close < 0 {
				break
			}
			if p = close; joined {
				end = p
			}
			continue
		}
		if !isPathChar(t[p]) {
			break
		}
		joined = endsPath(t[p])
		if p++; joined {
			end = p
		}
	}
	return end
}

// brackets gives the end of what is in brackets at p, with at most one pair
// within, or -1.
func brackets(t []uint16, p int) int {
	p++
	from := p
	p = pathRun(t, p)
	if p < len(t) && t[p] == ')' && p > from {
		return p + 1
	}
	if p >= len(t) || t[p] != '(' {
		return -1
	}
	from = p + 1
	p = pathRun(t, from)
	if p >= len(t) || t[p] != ')' || p == from {
		return -1
	}
	p = pathRun(t, p+1)
	if p >= len(t) || t[p] != ')' {
		return -1
	}
	return p + 1
}

func pathRun(t []uint16, p int) int {
	for p < len(t) && isPathChar(t[p]) {
		p++
	}
	return p
}

// queryEnd is where the query at p ends; p when there is none.
func queryEnd(t []uint16, p int) int {
	end := p
	if p >= len(t) || t[p] != '?' {
		return end
	}
	for p++; p < len(t) && isQueryChar(t[p]); p++ {
		if endsQuery(t[p]) {
			end = p + 1
		}
	}
	return end
}

// shortLen is how much of an address counts as one: all, but of t.co only the
// name and the query; 0 when that name is too long.
func shortLen(t []uint16) int {
	const host = "t.co/"
	p := schemeLen(t, 0)
	if len(t)-p <= len(host) {
		return len(t)
	}
	for i := range len(host) {
		if c := t[p+i]; c != uint16(host[i]) && (!isLetter(c) || c|0x20 != uint16(host[i])) {
			return len(t)
		}
	}
	p += len(host)
	slug := p
	for p < len(t) && isAlnum(t[p]) {
		p++
	}
	switch {
	case p == slug:
		return len(t)
	case p-slug > maxSlug:
		return 0
	}
	return queryEnd(t, p)
}
