package nostr

// bounded is a map that forgets the oldest entry beyond boundedCap entries. It
// is not safe for concurrent use.
type bounded[K comparable, V any] struct {
	entries map[K]V
	order   []K
}

const boundedCap = 4096

func (b *bounded[K, V]) get(k K) (V, bool) {
	v, ok := b.entries[k]
	return v, ok
}

func (b *bounded[K, V]) put(k K, v V) {
	if b.entries == nil {
		b.entries = make(map[K]V)
	}
	if _, ok := b.entries[k]; !ok {
		if len(b.order) == boundedCap {
			delete(b.entries, b.order[0])
			b.order = append(b.order[:0], b.order[1:]...)
		}
		b.order = append(b.order, k)
	}
	b.entries[k] = v
}
