package mastodon

import "testing"

func TestChallenge(t *testing.T) {
	for _, c := range []struct {
		code int
		err  error
		want string
	}{
		{403, outsideScopes([]string{"read", "read:statuses"}), `Bearer realm="Engawa", error="insufficient_scope", scope="read read:statuses"`},
		{401, badRequest("", ""), `Bearer realm="Engawa", error="invalid_token"`},
		{403, badRequest("", ""), ""},
		{404, outsideScopes([]string{"read"}), ""},
	} {
		if got := challenge(c.code, c.err.(*statusError).body); got != c.want {
			t.Errorf("%d: %q, want %q", c.code, got, c.want)
		}
	}
}
