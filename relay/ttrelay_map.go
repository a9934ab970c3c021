package relay

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// maxTtMap bounds ttRelay's memory: it forgot after an hour, so that this is
// far more than it ever held.
const (
	maxTtMap  = 16 << 20
	maxTtKeys = 100_000
)

// ParseTtRelayMap reads ttRelay's memory, keys `<prefix>TwitterClient_<toot
// id>` with the tweet's id as value. It takes Redis's own dump (dump.rdb), one
// JSON object of keys and values, or JSON lines of {"key": …, "value": …}.
// Other keys are left out; order is that of the toot ids.
func ParseTtRelayMap(raw []byte, prefix string) ([]OldCopy, *flaw) {
	if len(raw) > maxTtMap {
		return nil, wrong("relay.ttrelay.size", "max", maxTtMap)
	}
	var pairs map[string]string
	var bad *flaw
	if bytes.HasPrefix(raw, []byte(rdbMagic)) {
		pairs, bad = readRDB(raw)
	} else {
		pairs, bad = readTtJSON(raw)
	}
	if bad != nil {
		return nil, bad
	}
	var out []OldCopy
	for key, tweet := range pairs {
		toot, is := strings.CutPrefix(key, prefix+"TwitterClient_")
		if !is {
			continue
		}
		if !digits(toot) || !digits(tweet) {
			return nil, wrong("relay.ttrelay.pair", "key", quote(key), "value", quote(tweet))
		}
		out = append(out, OldCopy{toot, tweet})
	}
	slices.SortFunc(out, func(a, b OldCopy) int {
		if d := len(a.Toot) - len(b.Toot); d != 0 {
			return d
		}
		return strings.Compare(a.Toot, b.Toot)
	})
	return out, nil
}

func readTtJSON(raw []byte) (map[string]string, *flaw) {
	pairs := map[string]string{}
	number := 0
	for line := range bytes.Lines(raw) {
		number++
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		var pair struct{ Key, Value *string }
		if json.Unmarshal(line, &pair) != nil || pair.Key == nil || pair.Value == nil {
			var whole map[string]string
			if json.Unmarshal(raw, &whole) != nil {
				return nil, wrong("relay.ttrelay.line", "line", number, "form", `{"key": "…", "value": "…"}`)
			}
			return whole, nil
		}
		pairs[*pair.Key] = *pair.Value
		if len(pairs) > maxTtKeys {
			return nil, wrong("relay.flaw.too_many", "n", len(pairs), "max", maxTtKeys)
		}
	}
	return pairs, nil
}
