package mfm

// byteClass says what a byte can begin.
type byteClass uint8

const (
	classText  byteClass = iota // nothing
	classMark                   // a mark, or the end of something
	classEmoji                  // perhaps an emoji
)

var class = makeClasses()

func makeClasses() (t [256]byteClass) {
	for _, c := range []byte("<*_`\\~$@#:[]?h\n\r") {
		t[c] = classMark
	}
	for _, c := range []byte("0123456789\xC2\xE2\xE3\xEE\xF0") {
		t[c] = classEmoji
	}
	return t
}

// begins tells whether the byte at pos can begin or end anything: cheap, and
// right when it says no.
func (p *parser) begins(pos int) bool {
	switch class[p.src[pos]] {
	case classText:
		return false
	case classEmoji:
		return mayBeEmoji(p.src[pos:])
	}
	return p.src[pos] != 'h' || p.at(pos, "http")
}
