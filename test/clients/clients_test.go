package clients_test

import (
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"engawa/test/binary"
	"engawa/test/browse"
	"engawa/test/clients"
)

const password = "たぬきばやし 8/15"

func TestMain(m *testing.M) { binary.Main(m) }

// evening starts a home with tanuki and kitsune, and another one with kani.
func evening(t *testing.T) *clients.Evening {
	t.Helper()
	e := &clients.Evening{Picture: picture(t)}
	for i, people := range [][]string{{"tanuki", "kitsune"}, {"kani"}} {
		h := binary.New(t, "ENGAWA_DOMAIN={addr}", "ENGAWA_URL=http://{addr}", "ENGAWA_ALLOW_HTTP=true", "ENGAWA_ALLOW_NETWORKS=127.0.0.0/8")
		h.Start()
		t.Cleanup(h.Stop)
		for _, name := range people {
			h.Run("user", "create", name, "--email", name+"@example.com", "--password", password, "--discoverable")
		}
		if i == 0 {
			e.Home = "http://" + h.Addr
		} else {
			e.Far = "kani@" + h.Addr
		}
	}
	e.Authorize = func(page, who string) string { return browse.Authorize(t, page, who+"@example.com", password) }
	return e
}

// things are what an evening consists of, in its order.
var things = []string{"log in", "PKCE", "profile", "follow request", "media", "poll", "reply", "boost", "favourite", "bookmark",
	"quote", "edit", "filter", "filter v2", "list", "notifications", "grouped notifications", "search", "SSE", "WebSocket", "push",
	"scheduled", "markers", "mute", "block", "domain block", "tag", "pages", "pages back", "log out"}

// libraries are the clients, and what each has no function for.
var libraries = []struct {
	name   string
	cannot []string
	cmd    func(testing.TB) *exec.Cmd
}{
	{"Mastodon.py", []string{"PKCE", "filter v2", "grouped notifications", "WebSocket"}, func(tb testing.TB) *exec.Cmd {
		return exec.Command(clients.Python(tb), filepath.Join("python", "evening.py"))
	}},
	{"masto", []string{"filter", "SSE"}, node("masto.mjs")},
	{"megalodon", []string{"PKCE", "filter v2", "grouped notifications", "SSE"}, node("megalodon.mjs")},
	{"go-mastodon", []string{"PKCE", "quote", "filter v2", "grouped notifications", "markers", "domain block", "pages back"}, func(tb testing.TB) *exec.Cmd {
		return exec.Command(clients.GoMastodon(tb))
	}},
}

func node(script string) func(testing.TB) *exec.Cmd {
	return func(tb testing.TB) *exec.Cmd {
		cmd := exec.Command("node", script)
		cmd.Dir = clients.Npm(tb)
		return cmd
	}
}

// Other people's libraries through everything they can do.
func TestLibraries(t *testing.T) {
	for _, l := range libraries {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			cmd := l.cmd(t)
			did := evening(t).Run(t, cmd)
			var want []string
			for _, thing := range things {
				if !slices.Contains(l.cannot, thing) {
					want = append(want, thing)
				}
			}
			if !slices.Equal(did, want) {
				t.Errorf("it did %q; it is able to do %q", did, want)
			}
		})
	}
}

func picture(t *testing.T) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 64, 48))
	for x := range 64 {
		for y := range 48 {
			img.Set(x, y, color.RGBA{uint8(x * 4), uint8(y * 5), 128, 255})
		}
	}
	path := filepath.Join(t.TempDir(), "niwa.png")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}
