"""An evening of two people with Mastodon.py. Each answer is parsed by the library, which makes times of times."""
import datetime
import json
import os
import queue
import sys

from mastodon import Mastodon, MastodonAPIError, MastodonNotFoundError, StreamListener

HOME, FAR, PICTURE = (os.environ["CLIENT_" + name] for name in ("HOME", "FAR", "PICTURE"))
SCOPES = ["read", "write", "follow", "push"]


def say(**words):
    print(json.dumps(words), flush=True)


def log_in(who):
    client_id, secret = Mastodon.create_app("evening of " + who, scopes=SCOPES, api_base_url=HOME)
    # The feature set of a fork of Mastodon is what lets the library quote.
    client = Mastodon(client_id, secret, api_base_url=HOME, feature_set="fedibird", ratelimit_method="throw")
    say(authorize=client.auth_request_url(scopes=SCOPES), who=who)
    client.log_in(code=sys.stdin.readline().strip(), scopes=SCOPES)
    assert client.me().username == who
    assert client.app_verify_credentials().name == "evening of " + who
    return client


def equal(got, want):
    assert got == want, f"{got!r} is not {want!r}"


def refused(call, *args, error=MastodonAPIError, **named):
    try:
        call(*args, **named)
    except error:
        return
    raise AssertionError(f"{call.__name__}{args} was not refused")


class Ear(StreamListener):
    def __init__(self):
        self.heard, self.kept = queue.Queue(), []

    def on_update(self, status):
        self.heard.put(("update", status))

    def on_notification(self, notification):
        self.heard.put(("notification", notification))

    def on_delete(self, status_id):
        self.heard.put(("delete", status_id))

    def on_abort(self, err):
        self.heard.put(("abort", err))

    def wait(self, kind):
        """The next event of a kind, in whatever order kinds come."""
        while True:
            for event in self.kept:
                if event[0] == kind:
                    self.kept.remove(event)
                    return event[1]
            self.kept.append(self.heard.get(timeout=30))
            assert self.kept[-1][0] != "abort", self.kept


def profile(tanuki, _):
    me = tanuki.account_update_credentials(display_name="狸", note="縁側の主", fields=[("庭", "柿"), ("猫", "三毛")], avatar=PICTURE)
    equal(me.display_name, "狸")
    equal([(f.name, f.value) for f in me.fields], [("庭", "柿"), ("猫", "三毛")])
    equal(tanuki.me().source.note, "縁側の主")
    assert "/blob/" in me.avatar and isinstance(me.created_at, datetime.datetime)
    assert tanuki.account_lookup("tanuki").id == me.id
    equal(tanuki.preferences()["posting:default:visibility"], "public")


def follow_request(tanuki, kitsune):
    tanuki.account_update_credentials(locked=True)
    him, her = tanuki.me(), kitsune.me()
    assert kitsune.account_follow(him.id).requested
    equal([a.id for a in tanuki.follow_requests()], [her.id])
    tanuki.follow_request_reject(her.id)
    assert not kitsune.account_relationships(him.id)[0].requested
    kitsune.account_follow(him.id)
    tanuki.follow_request_authorize(her.id)
    assert kitsune.account_relationships(him.id)[0].following
    equal([a.id for a in tanuki.account_followers(him.id)], [her.id])
    tanuki.account_update_credentials(locked=False)
    assert tanuki.account_follow(her.id).following


def media(tanuki, kitsune):
    file = tanuki.media_post(PICTURE, description="夕方の庭", focus=(0.5, -0.5), synchronous=True)
    equal((file.type, file.description, file.meta.original.width), ("image", "夕方の庭", 64))
    file = tanuki.media_update(file.id, description="朝の庭")
    post = tanuki.status_post("庭です", media_ids=[file], spoiler_text="庭", language="ja")
    seen = kitsune.status(post.id)
    equal([m.description for m in seen.media_attachments], ["朝の庭"])
    equal((seen.spoiler_text, seen.sensitive, seen.language), ("庭", True, "ja"))
    assert isinstance(seen.created_at, datetime.datetime)


def poll(tanuki, kitsune):
    made = tanuki.status_post("お茶は？", poll=tanuki.make_poll(["緑茶", "麦茶"], 3600))
    equal([o.title for o in made.poll.options], ["緑茶", "麦茶"])
    kitsune.poll_vote(made.poll.id, [1])  # which returns nothing
    voted = kitsune.poll(made.poll.id)
    equal((voted.voted, voted.own_votes, voted.votes_count), (True, [1], 1))
    assert isinstance(tanuki.poll(made.poll.id).expires_at, datetime.datetime)
    refused(kitsune.poll_vote, made.poll.id, [0])


def reply(tanuki, kitsune):
    first = tanuki.status_post("縁側でお茶")
    answer = kitsune.status_reply(first, "いただきます")
    equal((answer.in_reply_to_id, answer.mentions[0].username), (first.id, "tanuki"))
    equal([s.id for s in tanuki.status_context(first.id).descendants], [answer.id])
    equal([s.id for s in tanuki.status_context(answer.id).ancestors], [first.id])


def newest(tanuki):
    return tanuki.account_statuses(tanuki.me().id, exclude_replies=True)[0]


def boost(tanuki, kitsune):
    post = newest(tanuki)
    equal(kitsune.status_reblog(post.id).reblog.id, post.id)
    equal([a.username for a in tanuki.status_reblogged_by(post.id)], ["kitsune"])
    equal(tanuki.account_statuses(kitsune.me().id)[0].reblog.id, post.id)
    assert not kitsune.status_unreblog(post.id).reblogged


def favourite(tanuki, kitsune):
    post = newest(tanuki)
    equal(kitsune.status_favourite(post.id).favourites_count, 1)
    equal([a.username for a in tanuki.status_favourited_by(post.id)], ["kitsune"])
    equal([s.id for s in kitsune.favourites()], [post.id])


def bookmark(tanuki, kitsune):
    post = newest(tanuki)
    assert kitsune.status_bookmark(post.id).bookmarked
    equal([s.id for s in kitsune.bookmarks()], [post.id])
    assert not kitsune.status_unbookmark(post.id).bookmarked
    equal(kitsune.bookmarks(), [])
    assert tanuki.status_pin(post.id).pinned
    equal([s.id for s in kitsune.account_statuses(tanuki.me().id, pinned=True)], [post.id])
    assert tanuki.status_mute(post.id).muted and not tanuki.status_unmute(post.id).muted


def quote(tanuki, kitsune):
    post = newest(tanuki)
    quoting = kitsune.status_post("この縁側", quote_id=post.id)
    equal((quoting.quote.state, quoting.quote.quoted_status.id), ("accepted", post.id))


def edit(tanuki, kitsune):
    post = tanuki.status_post("柿がひとつ")
    equal(tanuki.status_source(post.id).text, "柿がひとつ")
    edited = tanuki.status_update(post.id, status="柿がふたつ")
    assert "ふたつ" in edited.content and isinstance(edited.edited_at, datetime.datetime)
    history = kitsune.status_history(post.id)
    equal(["ひとつ" in history[0].content, "ふたつ" in history[1].content, len(history)], [True, True, 2])
    tanuki.status_delete(post.id)
    refused(kitsune.status, post.id, error=MastodonNotFoundError)


def filters(tanuki, kitsune):
    made = tanuki.filter_create("納豆", ["home", "public"], whole_word=False, expires_in=3600)
    equal((made.phrase, made.context, made.whole_word), ("納豆", ["home", "public"], False))
    post = kitsune.status_post("納豆が好き")
    seen = next(s for s in tanuki.timeline_home() if s.id == post.id)
    equal(seen.filtered[0]["keyword_matches"], ["納豆"])
    equal(tanuki.filters_apply([seen], tanuki.filters(), "home"), [])
    equal(tanuki.filter_update(made.id, phrase="豆腐").phrase, "豆腐")
    equal(tanuki.filter(made.id).phrase, "豆腐")
    tanuki.filter_delete(made.id)
    equal(tanuki.filters(), [])


def lists(tanuki, kitsune):
    made, her = tanuki.list_create("庭の人"), kitsune.me()
    equal(tanuki.list_update(made.id, "縁側の人").title, "縁側の人")
    tanuki.list_accounts_add(made.id, [her.id])
    equal([a.id for a in tanuki.list_accounts(made.id)], [her.id])
    equal([one.id for one in tanuki.account_lists(her.id)], [made.id])
    post = kitsune.status_post("リストへ")
    equal(tanuki.timeline_list(made.id)[0].id, post.id)
    tanuki.list_accounts_delete(made.id, [her.id])
    equal(tanuki.list_accounts(made.id), [])
    equal([one.title for one in tanuki.lists()], ["縁側の人"])
    tanuki.list_delete(made.id)
    refused(tanuki.list, made.id, error=MastodonNotFoundError)


def notifications(tanuki, _):
    got = tanuki.notifications(limit=40)
    kinds = {n.type for n in got}
    assert {"follow_request", "favourite", "mention"} <= kinds or {"follow", "favourite", "mention"} <= kinds, kinds
    assert all(isinstance(n.created_at, datetime.datetime) for n in got)
    mention = tanuki.notifications(types=["mention"])[0]
    assert "いただきます" in mention.status.content
    equal(tanuki.notifications(id=mention.id).id, mention.id)
    tanuki.notifications_dismiss(mention.id)
    equal(tanuki.notifications(types=["mention"]), [])
    tanuki.notifications_clear()
    equal(tanuki.notifications(), [])
    assert tanuki.conversations() == []


def search(tanuki, _):
    found = tanuki.search(FAR, resolve=True)
    equal([a.acct for a in found.accounts], [FAR])
    equal([a.username for a in tanuki.search("kitsune", resolve=False).accounts], ["kitsune"])
    tanuki.status_post("#engawa の #夕方")
    equal([t.name for t in tanuki.search_v2("engawa", result_type="hashtags").hashtags], ["engawa"])
    assert tanuki.account_search("kitsune")[0].username == "kitsune"
    equal(tanuki.instance().uri.split(":")[0], "127.0.0.1")


def sse(tanuki, kitsune):
    ear = Ear()
    handle = tanuki.stream_user(ear, run_async=True)
    post = kitsune.status_post("@tanuki 流れてくる")
    equal(ear.wait("update").id, post.id)
    equal(ear.wait("notification").status.id, post.id)
    kitsune.status_delete(post.id)
    equal(str(ear.wait("delete")), str(post.id))
    handle.close()
    ear = Ear()
    handle = tanuki.stream_hashtag("川", ear, run_async=True)
    post = kitsune.status_post("#川 のほとり")
    equal(ear.wait("update").id, post.id)
    handle.close()
    assert tanuki.stream_healthy()


def push(tanuki, _):
    _, public = tanuki.push_subscription_generate_keys()
    made = tanuki.push_subscription_set("https://127.0.0.1:9/push", public, mention_events=True, follow_events=False)
    equal((made.endpoint, made.alerts.mention, made.alerts.follow), ("https://127.0.0.1:9/push", True, False))
    assert tanuki.push_subscription_update(follow_events=True).alerts.follow
    equal(tanuki.push_subscription().server_key, made.server_key)
    tanuki.push_subscription_delete()
    refused(tanuki.push_subscription, error=MastodonNotFoundError)


def scheduled(tanuki, _):
    when = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0) + datetime.timedelta(hours=1)
    made = tanuki.status_post("あとで", scheduled_at=when)
    equal((made.params.text, made.scheduled_at), ("あとで", when))
    later = when + datetime.timedelta(hours=1)
    equal(tanuki.scheduled_status_update(made.id, later).scheduled_at, later)
    equal([s.id for s in tanuki.scheduled_statuses()], [made.id])
    equal(tanuki.scheduled_status(made.id).id, made.id)
    tanuki.scheduled_status_delete(made.id)
    equal(tanuki.scheduled_statuses(), [])


def markers(tanuki, _):
    read = tanuki.timeline_home()[0].id
    made = tanuki.markers_set("home", read)
    equal((str(made.home.last_read_id), made.home.version), (str(read), 1))
    got = tanuki.markers_get(["home", "notifications"])
    equal(str(got.home.last_read_id), str(read))
    assert isinstance(got.home.updated_at, datetime.datetime)


def mute(tanuki, kitsune):
    her = kitsune.me()
    silent = tanuki.account_mute(her.id, notifications=False, duration=3600)
    equal((silent.muting, silent.muting_notifications), (True, False))
    equal([a.id for a in tanuki.mutes()], [her.id])
    assert not tanuki.account_unmute(her.id).muting
    equal(tanuki.account_note_set(her.id, "狐").note, "狐")


def block(tanuki, kitsune):
    her = kitsune.me()
    assert tanuki.account_block(her.id).blocking
    equal([a.id for a in tanuki.blocks()], [her.id])
    assert not tanuki.account_unblock(her.id).blocking
    assert tanuki.account_follow(her.id).following


def domain_block(tanuki, _):
    tanuki.domain_block("spam.example")
    equal(list(tanuki.domain_blocks()), ["spam.example"])
    tanuki.domain_unblock("spam.example")
    equal(list(tanuki.domain_blocks()), [])


def tag(tanuki, _):
    made = tanuki.featured_tag_create("engawa")
    equal(made.name, "engawa")
    equal([t.name for t in tanuki.featured_tags()], ["engawa"])
    tanuki.featured_tag_delete(made.id)
    assert "engawa" in [t.name for t in tanuki.featured_tag_suggestions()]
    equal(tanuki.timeline_hashtag("engawa")[0].tags[0].name, "engawa")


def pages(tanuki, kitsune):
    posted = [tanuki.status_post(f"頁 {i}").id for i in range(25)][::-1]
    page, got, seen = kitsune.account_statuses(tanuki.me().id, limit=10), [], []
    while page and len(got) < 25:
        seen.append(page)
        got += [s.id for s in page]
        page = kitsune.fetch_next(page)
    equal(got[:25], posted)
    say(did="pages")
    back = kitsune.fetch_previous(kitsune.fetch_previous(seen[2]))
    equal([s.id for s in back], posted[:10])


def log_out(tanuki, _):
    tanuki.revoke_access_token()
    refused(tanuki.me)


def main():
    tanuki, kitsune = log_in("tanuki"), log_in("kitsune")
    say(did="log in")
    for did, act in [("profile", profile), ("follow request", follow_request), ("media", media), ("poll", poll), ("reply", reply),
                     ("boost", boost), ("favourite", favourite), ("bookmark", bookmark), ("quote", quote), ("edit", edit),
                     ("filter", filters), ("list", lists), ("notifications", notifications), ("search", search), ("SSE", sse),
                     ("push", push), ("scheduled", scheduled), ("markers", markers), ("mute", mute), ("block", block),
                     ("domain block", domain_block), ("tag", tag), ("pages back", pages), ("log out", log_out)]:
        act(tanuki, kitsune)
        say(did=did)
    os._exit(0)  # streams that are closed still have threads


main()
