package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/mattn/go-mastodon"
)

func profile(tanuki, _ person) {
	name, note := "狸", "縁側の主"
	fields := []mastodon.Field{{Name: "庭", Value: "柿"}, {Name: "猫", Value: "三毛"}}
	me := must(tanuki.AccountUpdate(ctx, &mastodon.Profile{DisplayName: &name, Note: &note, Fields: &fields}))
	holds(me.DisplayName == name && len(me.Fields) == 2 && me.Fields[1].Value == "三毛" && *me.Source.Note == note, me)
	holds(must(tanuki.AccountLookup(ctx, "tanuki")).ID == tanuki.id)
	holds(strings.HasPrefix(must(tanuki.GetInstance(ctx)).Version, "4."))
	holds(len(must(tanuki.GetInstanceActivity(ctx))) == 12)
}

func followRequest(tanuki, kitsune person) {
	locked := true
	must(tanuki.AccountUpdate(ctx, &mastodon.Profile{Locked: &locked}))
	holds(must(kitsune.AccountFollow(ctx, tanuki.id)).Requested)
	holds(only(accounts(must(tanuki.GetFollowRequests(ctx, nil))), kitsune.id))
	done(tanuki.FollowRequestReject(ctx, kitsune.id))
	holds(!must(kitsune.GetAccountRelationships(ctx, []string{string(tanuki.id)}))[0].Requested)
	must(kitsune.AccountFollow(ctx, tanuki.id))
	done(tanuki.FollowRequestAuthorize(ctx, kitsune.id))
	holds(only(accounts(must(tanuki.GetAccountFollowers(ctx, tanuki.id, nil))), kitsune.id))
	locked = false
	must(tanuki.AccountUpdate(ctx, &mastodon.Profile{Locked: &locked}))
	holds(must(tanuki.AccountFollow(ctx, kitsune.id)).Following)
}

func media(tanuki, kitsune person) {
	f := must(os.Open(picture))
	defer f.Close()
	file := must(tanuki.UploadMediaFromMedia(ctx, &mastodon.Media{File: f, Description: "夕方の庭", Focus: "0.5,-0.5"}))
	holds(file.Type == "image" && file.Description == "夕方の庭" && file.Meta.Original.Width == 64, file)
	post := tanuki.post(mastodon.Toot{Status: "庭です", MediaIDs: []mastodon.ID{file.ID}, SpoilerText: "庭", Language: "ja"})
	seen := must(kitsune.GetStatus(ctx, post.ID))
	holds(seen.MediaAttachments[0].Description == "夕方の庭" && seen.SpoilerText == "庭" && seen.Language == "ja" && seen.Visibility == "public", seen)
	holds(time.Since(seen.CreatedAt) < time.Hour, seen.CreatedAt)
}

func poll(tanuki, kitsune person) {
	made := tanuki.post(mastodon.Toot{Status: "お茶は？", Poll: &mastodon.TootPoll{Options: []string{"緑茶", "麦茶"}, ExpiresInSeconds: 3600}}).Poll
	holds(len(made.Options) == 2 && made.Options[1].Title == "麦茶", made)
	voted := must(kitsune.PollVote(ctx, made.ID, 1))
	holds(voted.Voted && slices.Equal(voted.OwnVotes, []int{1}) && voted.VotesCount == 1, voted)
	refused(kitsune.PollVote(ctx, made.ID, 0))
	holds(must(tanuki.GetPoll(ctx, made.ID)).VotesCount == 1)
}

func reply(tanuki, kitsune person) {
	first := tanuki.post(mastodon.Toot{Status: "縁側でお茶"})
	answer := kitsune.post(mastodon.Toot{Status: "@tanuki いただきます", InReplyToID: first.ID})
	holds(answer.InReplyToID == string(first.ID) && answer.Mentions[0].Username == "tanuki", answer)
	holds(only(statuses(must(tanuki.GetStatusContext(ctx, first.ID)).Descendants), answer.ID))
	holds(only(statuses(must(tanuki.GetStatusContext(ctx, answer.ID)).Ancestors), first.ID))
}

func boost(tanuki, kitsune person) {
	post := tanuki.newest()
	holds(must(kitsune.Reblog(ctx, post)).Reblog.ID == post)
	holds(only(accounts(must(tanuki.GetRebloggedBy(ctx, post, nil))), kitsune.id))
	holds(must(kitsune.Unreblog(ctx, post)).Reblogged == false)
}

func favourite(tanuki, kitsune person) {
	post := tanuki.newest()
	holds(must(kitsune.Favourite(ctx, post)).FavouritesCount == 1)
	holds(only(accounts(must(tanuki.GetFavouritedBy(ctx, post, nil))), kitsune.id))
	holds(only(statuses(must(kitsune.GetFavourites(ctx, nil))), post))
}

func bookmark(tanuki, kitsune person) {
	post := tanuki.newest()
	holds(must(kitsune.Bookmark(ctx, post)).Bookmarked == true)
	holds(only(statuses(must(kitsune.GetBookmarks(ctx, nil))), post))
	holds(must(kitsune.Unbookmark(ctx, post)).Bookmarked == false)
	holds(len(must(kitsune.GetBookmarks(ctx, nil))) == 0)
}

func edit(tanuki, kitsune person) {
	post := tanuki.post(mastodon.Toot{Status: "柿がひとつ"})
	holds(must(tanuki.GetStatusSource(ctx, post.ID)).Text == "柿がひとつ")
	edited := must(tanuki.UpdateStatus(ctx, &mastodon.Toot{Status: "柿がふたつ"}, post.ID))
	holds(strings.Contains(edited.Content, "ふたつ") && !edited.EditedAt.IsZero(), edited)
	history := must(kitsune.GetStatusHistory(ctx, post.ID))
	holds(len(history) == 2 && strings.Contains(history[0].Content, "ひとつ") && strings.Contains(history[1].Content, "ふたつ"), history)
	done(tanuki.DeleteStatus(ctx, post.ID))
	refused(kitsune.GetStatus(ctx, post.ID))
}

func filter(tanuki, kitsune person) {
	made := must(tanuki.CreateFilter(ctx, &mastodon.Filter{Phrase: "納豆", Context: []string{"home", "public"}, ExpiresAt: time.Now().Add(time.Hour)}))
	holds(made.Phrase == "納豆" && !made.WholeWord && made.ExpiresAt.After(time.Now()), made)
	post := kitsune.post(mastodon.Toot{Status: "納豆が好き"})
	for _, s := range must(tanuki.GetTimelineHome(ctx, nil)) {
		if s.ID == post.ID {
			holds(len(s.Filtered) == 1 && slices.Equal(s.Filtered[0].KeywordMatches, []string{"納豆"}), s.Filtered)
		}
	}
	holds(must(tanuki.UpdateFilter(ctx, made.ID, &mastodon.Filter{Phrase: "豆腐", Context: []string{"home"}})).Phrase == "豆腐")
	holds(must(tanuki.GetFilter(ctx, made.ID)).Phrase == "豆腐")
	done(tanuki.DeleteFilter(ctx, made.ID))
	holds(len(must(tanuki.GetFilters(ctx))) == 0)
}

func list(tanuki, kitsune person) {
	made := must(tanuki.CreateList(ctx, "庭の人"))
	holds(must(tanuki.RenameList(ctx, made.ID, "縁側の人")).Title == "縁側の人")
	done(tanuki.AddToList(ctx, made.ID, kitsune.id))
	holds(only(accounts(must(tanuki.GetListAccounts(ctx, made.ID))), kitsune.id))
	holds(must(tanuki.GetAccountLists(ctx, kitsune.id))[0].ID == made.ID)
	post := kitsune.post(mastodon.Toot{Status: "リストへ"})
	holds(must(tanuki.GetTimelineList(ctx, made.ID, nil))[0].ID == post.ID)
	done(tanuki.RemoveFromList(ctx, made.ID, kitsune.id))
	holds(len(must(tanuki.GetListAccounts(ctx, made.ID))) == 0)
	done(tanuki.DeleteList(ctx, made.ID))
	refused(tanuki.GetList(ctx, made.ID))
}

func notifications(tanuki, _ person) {
	var kinds []string
	var mention *mastodon.Notification
	for _, n := range must(tanuki.GetNotifications(ctx, nil)) {
		if kinds = append(kinds, n.Type); n.Type == "mention" {
			mention = n
		}
	}
	holds(slices.Contains(kinds, "favourite") && mention != nil, kinds)
	holds(strings.Contains(mention.Status.Content, "いただきます"), mention)
	holds(must(tanuki.GetNotification(ctx, mention.ID)).ID == mention.ID)
	done(tanuki.DismissNotification(ctx, mention.ID))
	refused(tanuki.GetNotification(ctx, mention.ID))
	done(tanuki.ClearNotifications(ctx))
	holds(len(must(tanuki.GetNotifications(ctx, nil))) == 0)
}

func search(tanuki, _ person) {
	found := must(tanuki.Search(ctx, far, true)).Accounts
	holds(len(found) == 1 && found[0].Acct == far, found)
	tanuki.post(mastodon.Toot{Status: "#engawa の #夕方"})
	tags := must(tanuki.Search(ctx, "engawa", false)).Hashtags
	holds(len(tags) == 1 && tags[0].Name == "engawa", tags)
	holds(must(tanuki.AccountsSearch(ctx, "kitsune", 5))[0].ID == kitsuneID(tanuki))
}

func kitsuneID(p person) mastodon.ID { return must(p.AccountLookup(ctx, "kitsune")).ID }

func sse(tanuki, kitsune person) {
	listen(tanuki, kitsune, must(tanuki.StreamingUser(ctx)))
}

func webSocket(tanuki, kitsune person) {
	listen(tanuki, kitsune, must(tanuki.NewWSClient().StreamingWSUser(ctx)))
}

// listen hears a Post, its edit and its end. The library does not tell when it is connected, so kitsune speaks until
// something is heard.
func listen(_, kitsune person, events chan mastodon.Event) {
	var said []mastodon.ID
	said = append(said, kitsune.post(mastodon.Toot{Status: "流れてくる"}).ID)
	knock := time.NewTicker(300 * time.Millisecond)
	defer knock.Stop()
	for came := false; !came; {
		select {
		case e := <-events:
			update, is := e.(*mastodon.UpdateEvent)
			came = is && slices.Contains(said, update.Status.ID)
		case <-knock.C:
			holds(len(said) < 100, "nothing came")
			said = append(said, kitsune.post(mastodon.Toot{Status: fmt.Sprint("流れてくる ", len(said))}).ID)
		}
	}
	post := said[len(said)-1]
	must(kitsune.UpdateStatus(ctx, &mastodon.Toot{Status: "流れていく"}, post))
	heard(events, func(e mastodon.Event) bool {
		edit, is := e.(*mastodon.UpdateEditEvent)
		return is && edit.Status.ID == post
	})
	done(kitsune.DeleteStatus(ctx, post))
	heard(events, func(e mastodon.Event) bool {
		end, is := e.(*mastodon.DeleteEvent)
		return is && end.ID == post
	})
	runOut(events)
}

// runOut hears what still comes: the library blocks where nobody does.
func runOut[T any](events <-chan T) {
	go func() {
		for range events {
		}
	}()
}

func push(tanuki, _ person) {
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	secret := make([]byte, 16)
	must(rand.Read(secret))
	yes, no := mastodon.Sbool(true), mastodon.Sbool(false)
	const nowhere = "https://127.0.0.1:9/push"
	made := must(tanuki.AddPushSubscription(ctx, nowhere, key.PublicKey, secret, mastodon.PushAlerts{Mention: &yes, Follow: &no}))
	holds(made.Endpoint == nowhere && bool(*made.Alerts.Mention) && !bool(*made.Alerts.Follow), made)
	holds(bool(*must(tanuki.UpdatePushSubscription(ctx, &mastodon.PushAlerts{Follow: &yes})).Alerts.Follow))
	holds(must(tanuki.GetPushSubscription(ctx)).ServerKey == made.ServerKey)
	done(tanuki.RemovePushSubscription(ctx))
	refused(tanuki.GetPushSubscription(ctx))
}

// scheduled: the library has a parameter for it and no function to read what waits.
func scheduled(tanuki, _ person) {
	when := time.Now().Add(time.Hour).UTC().Truncate(time.Second)
	made := tanuki.post(mastodon.Toot{Status: "あとで", ScheduledAt: &when})
	holds(made.ScheduledParams.Text == "あとで" && made.ID != "", made)
	refused(tanuki.GetStatus(ctx, made.ID))
}

func mute(tanuki, kitsune person) {
	holds(must(tanuki.AccountMute(ctx, kitsune.id)).Muting)
	holds(only(accounts(must(tanuki.GetMutes(ctx, nil))), kitsune.id))
	holds(!must(tanuki.AccountUnmute(ctx, kitsune.id)).Muting)
}

func block(tanuki, kitsune person) {
	holds(must(tanuki.AccountBlock(ctx, kitsune.id)).Blocking)
	holds(only(accounts(must(tanuki.GetBlocks(ctx, nil))), kitsune.id))
	holds(!must(tanuki.AccountUnblock(ctx, kitsune.id)).Blocking)
	holds(must(tanuki.AccountFollow(ctx, kitsune.id)).Following)
}

func tag(tanuki, _ person) {
	holds(must(tanuki.TagFollow(ctx, "夕方")).Following)
	followed := must(tanuki.TagsFollowed(ctx, nil))
	holds(len(followed) == 1 && followed[0].Name == "夕方", followed)
	holds(!must(tanuki.TagUnfollow(ctx, "夕方")).Following)
	post := must(tanuki.GetTimelineHashtag(ctx, "engawa", false, nil))[0]
	holds(post.Tags[0].Name == "engawa", post)
}

func pages(tanuki, kitsune person) {
	var posted []mastodon.ID
	for i := range 25 {
		posted = append(posted, tanuki.post(mastodon.Toot{Status: fmt.Sprint("頁 ", i)}).ID)
	}
	slices.Reverse(posted)
	var got []mastodon.ID
	for pg := (mastodon.Pagination{Limit: 10}); len(got) < 25; {
		page := must(kitsune.GetAccountStatuses(ctx, tanuki.id, &pg))
		holds(len(page) > 0, got)
		got = append(got, statuses(page)...)
		holds(pg.MaxID == got[len(got)-1], pg)
		pg = mastodon.Pagination{Limit: 10, MaxID: pg.MaxID}
	}
	holds(slices.Equal(got[:25], posted), got)
	newer := must(kitsune.GetAccountStatuses(ctx, tanuki.id, &mastodon.Pagination{Limit: 10, SinceID: posted[4]}))
	holds(slices.Equal(statuses(newer), posted[:4]), newer)
}

func logOut(tanuki, _ person) {
	done(tanuki.RevokeToken(ctx))
	refused(tanuki.GetAccountCurrentUser(ctx))
}
