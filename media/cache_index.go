package media

import (
	"encoding/hex"
	"path"
	"strings"
)

// Variant is one of the files of a picture.
type Variant uint8

// The variants. Where a picture has none of its own, Original stands in.
const (
	Original Variant = iota // the main file, which may move
	Small                   // the preview of an attachment
	Static                  // the first picture of an animation
	variants
)

// variantNames stand in keys and addresses.
var variantNames = [variants]string{"original", "small", "static"}

// entryID names a remote picture of a kind: the SHA-256 of both.
type entryID [32]byte

// index is the order of use of the cached pictures and the sum of their sizes: about 100 bytes an entry, in one slice, so
// that the collector has nothing to follow. It is not safe for concurrent use.
type index struct {
	slots []slot // slots[0] is the ring's fixed point: next is the latest, prev the one to go first
	free  []int32
	byID  map[entryID]int32
	bytes int64
}

type slot struct {
	id         entryID
	prev, next int32
	files      files
}

// files tells which variants are stored: the place of the type in the table plus one (0: none), and the bytes.
type files [variants]struct {
	typ  uint8
	size uint32
}

func newIndex() *index { return &index{slots: make([]slot, 1), byID: map[entryID]int32{}} }

func (x *index) len() int { return len(x.byID) }

// use finds an entry and makes it the latest.
func (x *index) use(id entryID) (files, bool) {
	i, ok := x.byID[id]
	if !ok {
		return files{}, false
	}
	x.unlink(i)
	x.link(i)
	return x.slots[i].files, true
}

// put makes the entry the latest, in place of what it was.
func (x *index) put(id entryID, f files) {
	x.remove(id)
	i := int32(len(x.slots))
	if n := len(x.free); n > 0 {
		i, x.free = x.free[n-1], x.free[:n-1]
	} else {
		x.slots = append(x.slots, slot{})
	}
	x.slots[i] = slot{id: id, files: f}
	x.link(i)
	x.byID[id] = i
	x.bytes += f.bytes()
}

// remove takes an entry out and tells what its files were.
func (x *index) remove(id entryID) files {
	i, ok := x.byID[id]
	if !ok {
		return files{}
	}
	f := x.slots[i].files
	x.unlink(i)
	delete(x.byID, id)
	x.free = append(x.free, i)
	x.bytes -= f.bytes()
	return f
}

// oldest tells the entry that was not used for the longest time.
func (x *index) oldest() (entryID, bool) {
	i := x.slots[0].prev
	return x.slots[i].id, i != 0
}

func (x *index) link(i int32) {
	next := x.slots[0].next
	x.slots[i].prev, x.slots[i].next = 0, next
	x.slots[next].prev = i
	x.slots[0].next = i
}

func (x *index) unlink(i int32) {
	s := &x.slots[i]
	x.slots[s.prev].next, x.slots[s.next].prev = s.next, s.prev
}

func (f files) bytes() (n int64) {
	for _, v := range f {
		n += int64(v.size)
	}
	return n
}

// keys lists where the files are.
func (f files) keys(id entryID) (keys []string) {
	for v := range variants {
		if f[v].typ > 0 {
			keys = append(keys, f.key(id, v))
		}
	}
	return keys
}

// key is where the variant, or else the original, is.
func (f files) key(id entryID, v Variant) string {
	if f[v].typ == 0 {
		v = Original
	}
	return contentKey(cachePlace, id, "."+variantNames[v]+types[f[v].typ-1].ext)
}

// parseCacheKey is the way back from key, for the listing at the start.
func parseCacheKey(key string) (id entryID, v Variant, typ uint8, ok bool) {
	rest, ok := strings.CutPrefix(key, cachePlace+"/")
	if !ok || len(rest) < 66 || rest[2] != '/' {
		return id, 0, 0, false
	}
	if _, err := hex.Decode(id[:], []byte(rest[:2]+rest[3:65])); err != nil {
		return id, 0, 0, false
	}
	name, ext := strings.TrimSuffix(rest[66:], path.Ext(rest)), path.Ext(rest)
	for i, t := range types {
		if t.ext == ext {
			typ = uint8(i + 1)
		}
	}
	for i, n := range variantNames {
		if n == name && rest[65] == '.' {
			return id, Variant(i), typ, typ > 0
		}
	}
	return id, 0, 0, false
}
