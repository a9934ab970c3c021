package activitypub

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"engawa/social"
)

// The versions of NodeInfo that are served (nodeinfo.diaspora.software).
const (
	nodeInfoSchema = "http://nodeinfo.diaspora.software/ns/schema/"
	countsAge      = 10 * time.Minute
)

type nodeInfo struct {
	Version           string            `json:"version"`
	Software          map[string]string `json:"software"`
	Protocols         []string          `json:"protocols"`
	Services          nodeServices      `json:"services"`
	OpenRegistrations bool              `json:"openRegistrations"`
	Usage             nodeUsage         `json:"usage"`
	Metadata          nodeMetadata      `json:"metadata"`
}

type nodeServices struct {
	Inbound  []string `json:"inbound"`
	Outbound []string `json:"outbound"`
}

type nodeUsage struct {
	Users      nodeUsers `json:"users"`
	LocalPosts int64     `json:"localPosts"`
}

type nodeUsers struct {
	Total          int64 `json:"total"`
	ActiveMonth    int64 `json:"activeMonth"`
	ActiveHalfyear int64 `json:"activeHalfyear"`
}

// nodeMetadata names the server whose client API this home speaks: some client
// libraries look for it (mastodon.md 1, row 1).
type nodeMetadata struct {
	NodeName        string            `json:"nodeName"`
	NodeDescription string            `json:"nodeDescription"`
	Upstream        map[string]string `json:"upstream"`
}

// getNodeInfoLinks is /.well-known/nodeinfo.
func (f *Federation) getNodeInfoLinks(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Cache-Control", cacheFound)
	writeJSON(w, "application/json; charset=utf-8", map[string]any{"links": []jrdLink{
		{Rel: nodeInfoSchema + "2.0", Href: f.Base + "/nodeinfo/2.0"},
		{Rel: nodeInfoSchema + "2.1", Href: f.Base + "/nodeinfo/2.1"},
	}})
}

// kept are the counts of the home as last read.
type kept struct {
	mu     sync.Mutex
	at     time.Time
	counts social.Counts
}

// getNodeInfo is /nodeinfo/2.0 and 2.1. The counts are some minutes old.
func (f *Federation) getNodeInfo(w http.ResponseWriter, r *http.Request) {
	version := strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, "/nodeinfo/"), ".json")
	if version != "2.0" && version != "2.1" {
		writeError(w, http.StatusNotFound, "NodeInfo is served in the versions 2.0 and 2.1")
		return
	}
	counts, err := f.counts(r)
	if err != nil {
		f.Log.Error("the counts of the home could not be read", "err", err)
		writeError(w, http.StatusServiceUnavailable, "not now")
		return
	}
	info := nodeInfo{
		Version: version, Software: map[string]string{"name": "engawa", "version": f.version()},
		Protocols: []string{"activitypub"}, Services: nodeServices{Inbound: []string{}, Outbound: []string{}},
		OpenRegistrations: f.OpenRegistrations,
		Usage:             nodeUsage{nodeUsers{counts.Users, counts.ActiveMonth, counts.ActiveHalfyear}, counts.Posts},
		Metadata: nodeMetadata{
			NodeName: f.Home.Info.Name, NodeDescription: f.Home.Info.Summary, Upstream: map[string]string{"name": "mastodon"},
		},
	}
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Cache-Control", "public, max-age=600")
	writeJSON(w, `application/json; profile="`+nodeInfoSchema+version+`#"; charset=utf-8`, &info)
}

func (f *Federation) version() string {
	if f.Version == "" {
		return "0"
	}
	return f.Version
}

func (f *Federation) counts(r *http.Request) (social.Counts, error) {
	f.kept.mu.Lock()
	defer f.kept.mu.Unlock()
	now := f.now()
	if !f.kept.at.IsZero() && now.Sub(f.kept.at) < countsAge {
		return f.kept.counts, nil
	}
	c, err := f.Home.Store.Counts(r.Context(), f.millis())
	if err != nil {
		return c, err
	}
	f.kept.at, f.kept.counts = now, c
	return c, nil
}

// getManifest is a small web app manifest: Misskey asks every new host for one
// (misskey.md 1.2).
func (f *Federation) getManifest(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Cache-Control", cacheFound)
	writeJSON(w, "application/manifest+json; charset=utf-8", map[string]any{
		"name": f.Home.Info.Name, "short_name": f.Home.Info.Name, "start_url": "/deck", "display": "standalone", "icons": []any{},
	})
}
