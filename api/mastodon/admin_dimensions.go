package mastodon

import (
	"cmp"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"engawa/social"
)

// dimension is one line of the table of dimensions; param as of a measure.
type dimension struct {
	param string
	read  func(a *API, c *call, arg string, s span, limit int) ([]AdminDimensionN, error)
}

// dimensions are those of Mastodon.
var dimensions = map[string]dimension{
	"languages": {read: func(a *API, c *call, _ string, s span, limit int) ([]AdminDimensionN, error) {
		return named(languageName)(a.Home.Store.UserLocales(c.ctx, s.from, limit))
	}},
	"sources":           {read: sources},
	"servers":           {read: servers},
	"space_usage":       {read: spaceUsage},
	"software_versions": {read: softwareVersions},
	"tag_servers": {"id", func(a *API, c *call, arg string, s span, limit int) ([]AdminDimensionN, error) {
		t, err := a.tagOfID(c, arg)
		if err != nil {
			return nil, missingOK(err)
		}
		return named(sameName)(a.Home.Store.TagTopServers(c.ctx, t.ID, s.from, s.to, limit))
	}},
	"tag_languages": {"id", tagLanguages},
	"instance_accounts": {"domain", func(a *API, c *call, domain string, _ span, limit int) ([]AdminDimensionN, error) {
		return named(sameName)(a.Home.Store.InstanceTopAccounts(c.ctx, domain, limit))
	}},
	"instance_languages": {"domain", func(a *API, c *call, domain string, s span, limit int) ([]AdminDimensionN, error) {
		list, err := a.Home.Store.TopCounts(c.ctx, social.CountLanguages+domain, s.from, s.to, limit)
		return named(languageName)(undetermined(list), err)
	}},
}

func missingOK(err error) error {
	if social.IsKind(err, social.NotFound) {
		return nil
	}
	return err
}

func sameName(s string) string { return s }

// undetermined names what has no language as ISO 639 does.
func undetermined(list []social.CountOf) []social.CountOf {
	for i := range list {
		list[i].Name = cmp.Or(list[i].Name, "und")
	}
	return list
}

// named converts counts whose names people read otherwise.
func named(human func(string) string) func([]social.CountOf, error) ([]AdminDimensionN, error) {
	return func(list []social.CountOf, err error) ([]AdminDimensionN, error) {
		out := make([]AdminDimensionN, 0, len(list))
		for _, x := range list {
			out = append(out, AdminDimensionN{Key: x.Name, HumanKey: human(x.Name), Value: strconv.FormatInt(x.N, 10)})
		}
		return out, err
	}
}

// sources are the programs that Posts of ours were written with.
func sources(a *API, c *call, _ string, s span, limit int) ([]AdminDimensionN, error) {
	list, err := a.Home.Store.TopCounts(c.ctx, social.CountSources, s.from, s.to, limit)
	if err != nil {
		return nil, err
	}
	for i := range list {
		id, _ := social.ParseID(list[i].Name)
		app, err := a.Home.Store.App(c.ctx, id)
		switch {
		case err == nil:
			list[i].Name = app.Name
		case social.IsKind(err, social.NotFound):
			list[i].Name = "web"
		default:
			return nil, err
		}
	}
	return named(func(name string) string {
		if name == "web" {
			return "Website"
		}
		return name
	})(list, nil)
}

// servers are those with the most Posts, this home among them.
func servers(a *API, c *call, _ string, s span, limit int) ([]AdminDimensionN, error) {
	list, err := a.Home.Store.TopCounts(c.ctx, social.CountServers, s.from, s.to, limit)
	if err != nil {
		return nil, err
	}
	own, err := summed(a.Home.Store.DayCounts(c.ctx, social.CountSources, "*", s.from, s.to))
	if err != nil {
		return nil, err
	}
	if n, _ := strconv.ParseInt(own.total(), 10, 64); n > 0 {
		list = append(list, social.CountOf{Name: a.Home.Info.Domain, N: n})
	}
	return named(sameName)(top(list, limit), nil)
}

func top(list []social.CountOf, limit int) []social.CountOf {
	slices.SortFunc(list, func(x, y social.CountOf) int { return cmp.Or(cmp.Compare(y.N, x.N), strings.Compare(x.Name, y.Name)) })
	return list[:min(len(list), limit)]
}

func spaceUsage(a *API, c *call, _ string, _ span, _ int) ([]AdminDimensionN, error) {
	name, _, err := a.Home.Store.Engine(c.ctx)
	if err != nil {
		return nil, err
	}
	n, err := a.Home.Store.Size(c.ctx)
	return []AdminDimensionN{{
		Key: name, HumanKey: engineNames[name], Value: strconv.FormatInt(n, 10), Unit: "bytes", HumanValue: humanBytes(n),
	}}, err
}

var engineNames = map[string]string{"sqlite": "SQLite", "postgres": "PostgreSQL"}

func softwareVersions(a *API, c *call, _ string, _ span, _ int) ([]AdminDimensionN, error) {
	name, version, err := a.Home.Store.Engine(c.ctx)
	var out []AdminDimensionN
	for _, x := range [][3]string{
		{"engawa", "Engawa", a.Version}, {"go", "Go", strings.TrimPrefix(runtime.Version(), "go")}, {name, engineNames[name], version},
	} {
		out = append(out, AdminDimensionN{Key: x[0], HumanKey: x[1], Value: x[2], HumanValue: x[2]})
	}
	return out, err
}

// maxTagSample is how many of a tag's newest Posts its languages are counted in.
const maxTagSample = 400

func tagLanguages(a *API, c *call, arg string, s span, limit int) ([]AdminDimensionN, error) {
	t, err := a.tagOfID(c, arg)
	if err != nil {
		return nil, missingOK(err)
	}
	ids, err := a.Home.Store.TaggedPosts(c.ctx, t.ID, s.from, maxTagSample)
	if err != nil {
		return nil, err
	}
	posts, err := a.Home.Store.Posts(c.ctx, ids)
	if err != nil {
		return nil, err
	}
	counts := map[string]int64{}
	for _, p := range posts {
		if p.CreatedAt < s.to+dayMillis {
			counts[cmp.Or(p.Language, "und")]++
		}
	}
	list := make([]social.CountOf, 0, len(counts))
	for name, n := range counts {
		list = append(list, social.CountOf{Name: name, N: n})
	}
	return named(languageName)(top(list, limit), nil)
}

// Bounds of how many kinds a dimension tells.
const (
	dimensionByDefault = 10
	dimensionMost      = 100
)

func adminDimensions(a *API, c *call) (any, error) {
	s, ok, err := spanOf(c.in)
	if err != nil {
		return nil, err
	}
	if !ok { // the last thirty days
		today := a.view(c.viewer()).now
		today -= mod(today, dayMillis)
		s = span{today - 29*dayMillis, today}
	}
	limit, err := c.in.number("limit", dimensionByDefault)
	if err != nil {
		return nil, err
	}
	keys := c.in.texts("keys")
	switch {
	case limit < 1:
		return nil, badRequest("limit", "limit must be positive")
	case len(keys) > maxKeys:
		return nil, badInput("keys", "keys: at most "+strconv.Itoa(maxKeys)+" dimensions are read at once")
	}
	if err := a.Home.FlushDays(c.ctx); err != nil {
		return nil, err
	}
	out := []AdminDimension{}
	for _, key := range keys {
		d, ok := dimensions[key]
		if !ok {
			continue
		}
		arg, err := keyParam(c.in, key, d.param)
		if err != nil {
			return nil, err
		}
		data, err := d.read(a, c, arg, s, min(limit, dimensionMost))
		if err != nil {
			return nil, err
		}
		if data == nil {
			data = []AdminDimensionN{}
		}
		out = append(out, AdminDimension{Key: key, Data: data})
	}
	return out, nil
}
