// Command gomastodon is an evening of two people with github.com/mattn/go-mastodon: a module of its own, so that the
// library is no dependency of the program.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"slices"
	"time"

	"github.com/mattn/go-mastodon"
)

const scopes = "read write follow push"

var (
	home, far, picture = os.Getenv("CLIENT_HOME"), os.Getenv("CLIENT_FAR"), os.Getenv("CLIENT_PICTURE")
	ctx                = context.Background()
	answers            = bufio.NewScanner(os.Stdin)
)

// person is somebody logged in.
type person struct {
	*mastodon.Client
	id mastodon.ID
}

func say(words map[string]string) {
	line, _ := json.Marshal(words)
	fmt.Println(string(line))
}

// must takes what a call returns, and ends everything when it is an error.
func must[T any](value T, err error) T {
	done(err)
	return value
}

func done(err error) { holds(err == nil, err) }

// holds ends everything, naming the line, when something is not so.
func holds(so bool, seen ...any) {
	if so {
		return
	}
	var pcs [8]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for f, more := frames.Next(); more; f, more = frames.Next() {
		fmt.Fprintf(os.Stderr, "%s:%d ", f.File, f.Line)
	}
	fmt.Fprintln(os.Stderr, seen...)
	os.Exit(1)
}

func refused[T any](got T, err error) { holds(err != nil, "was not refused: ", got) }

func logIn(who string) person {
	app := must(mastodon.RegisterApp(ctx, &mastodon.AppConfig{Server: home, ClientName: "evening of " + who, Scopes: scopes}))
	c := mastodon.NewClient(&mastodon.Config{Server: home, ClientID: app.ClientID, ClientSecret: app.ClientSecret})
	done(c.GetAppAccessToken(ctx, app.RedirectURI))
	say(map[string]string{"authorize": app.AuthURI, "who": who})
	holds(answers.Scan(), answers.Err())
	done(c.GetUserAccessToken(ctx, answers.Text(), app.RedirectURI))
	me := must(c.GetAccountCurrentUser(ctx))
	holds(me.Username == who, me.Username)
	holds(must(c.VerifyAppCredentials(ctx)).Name == "evening of "+who)
	return person{c, me.ID}
}

// newest is the newest Post of somebody's that is no answer.
func (p person) newest() mastodon.ID {
	for _, s := range must(p.GetAccountStatuses(ctx, p.id, nil)) {
		if s.InReplyToID == nil {
			return s.ID
		}
	}
	holds(false, "nothing said")
	return ""
}

func (p person) post(t mastodon.Toot) *mastodon.Status { return must(p.PostStatus(ctx, &t)) }

func accounts(list []*mastodon.Account) (ids []mastodon.ID) {
	for _, a := range list {
		ids = append(ids, a.ID)
	}
	return ids
}

func statuses(list []*mastodon.Status) (ids []mastodon.ID) {
	for _, s := range list {
		ids = append(ids, s.ID)
	}
	return ids
}

func only(ids []mastodon.ID, one mastodon.ID) bool { return slices.Equal(ids, []mastodon.ID{one}) }

// heard waits for an event that is wanted, half a minute at most.
func heard(events chan mastodon.Event, want func(mastodon.Event) bool) {
	late := time.After(30 * time.Second)
	for {
		select {
		case e := <-events:
			if failed, is := e.(*mastodon.ErrorEvent); is {
				done(failed)
			}
			if want(e) {
				return
			}
		case <-late:
			holds(false, "nothing came")
		}
	}
}

func main() {
	tanuki, kitsune := logIn("tanuki"), logIn("kitsune")
	say(map[string]string{"did": "log in"})
	for _, act := range []struct {
		did string
		do  func(tanuki, kitsune person)
	}{
		{"profile", profile}, {"follow request", followRequest}, {"media", media}, {"poll", poll}, {"reply", reply}, {"boost", boost},
		{"favourite", favourite}, {"bookmark", bookmark}, {"edit", edit}, {"filter", filter}, {"list", list},
		{"notifications", notifications}, {"search", search}, {"SSE", sse}, {"WebSocket", webSocket}, {"push", push},
		{"scheduled", scheduled}, {"mute", mute}, {"block", block}, {"tag", tag}, {"pages", pages}, {"log out", logOut},
	} {
		act.do(tanuki, kitsune)
		say(map[string]string{"did": act.did})
	}
}
