import { useId, useState } from "preact/hooks";
import type { Emoji } from "../api/types";
import { t } from "../i18n";
import { Content } from "../post/content";
import { Avatar, EmojiText, Handle, Time, nameOf } from "../post/name";
import { PostCard } from "../post/post";
import { answerRequest } from "../state/actions";
import { getNotice, type Notice } from "../state/notifications";
import { open } from "../state/route";
import { getPost } from "../state/store";
import { Icon, type IconName } from "../ui/icon";

const icons: Record<string, IconName> = {
  mention: "reply",
  status: "bell",
  reblog: "boost",
  favourite: "star",
  reaction: "star",
  follow: "addPerson",
  follow_request: "addPerson",
  poll: "poll",
  update: "edit",
  quote: "quote",
};

/** How many faces stand before the words of a group. */
const PEOPLE = 3;

/** Those whose post is to be answered show it in full; the others a line of it. */
const inFull = new Set(["mention", "status", "quote"]);

export function NoticeRow({ id }: { id: string }) {
  const n = getNotice(id);
  const label = useId();
  if (!n) return null;
  const full = inFull.has(n.type) && n.statusId;
  return (
    <article class={`notice of-${n.type}`} data-row={id} aria-labelledby={label} {...(!n.statusId && { tabIndex: 0 })}>
      <p class="notice-line">
        <Icon name={icons[n.type] ?? "bell"} />
        {!full && (
          <span class="notice-people">
            {n.people.slice(0, PEOPLE).map((a) => (
              <Avatar key={a.id} account={a} size={24} tab />
            ))}
          </span>
        )}
        <span class="notice-words" id={label}>
          <EmojiText text={wordsOf(n)} emojis={emojisOf(n)} />
        </span>
        <Time at={n.created_at} />
      </p>
      {full ? <PostCard id={n.statusId!} /> : <Below notice={n} />}
    </article>
  );
}

/** The emoji of who did it, and the one of a reaction. */
function emojisOf(n: Notice): Emoji[] {
  const own = n.account.emojis;
  return n.emoji && n.emoji_url ? [...own, { shortcode: codeOf(n.emoji), url: n.emoji_url, static_url: n.emoji_url }] : own;
}

/** The shortcode of a custom emoji without its home. */
const codeOf = (emoji: string): string => emoji.replace(/:/g, "").split("@", 1)[0]!;

function wordsOf(n: Notice): string {
  const who = n.count > 1 ? t().notice.others(nameOf(n.account), n.count - 1) : t().notice.one(nameOf(n.account));
  const say = t().notice;
  const known: Record<string, ((who: string) => string) | undefined> = {
    mention: say.mention,
    status: say.status,
    reblog: say.reblog,
    favourite: say.favourite,
    reaction: (name) => say.reaction(name, n.emoji_url ? `:${codeOf(n.emoji ?? "")}:` : (n.emoji ?? "★")),
    follow: say.follow,
    follow_request: say.follow_request,
    poll: say.poll,
    update: say.update,
    quote: say.quote,
  };
  return known[n.type]?.(who) ?? n.fallback?.title ?? say.other(who);
}

function Below({ notice: n }: { notice: Notice }) {
  if (n.type === "follow_request") return <Request accountId={n.account.id} acct={n.account.acct} />;
  if (n.type === "follow") return <p class="notice-below"><Handle acct={n.account.acct} /></p>;
  if (n.statusId) return <Excerpt id={n.statusId} />;
  return n.fallback?.summary ? <p class="notice-below">{n.fallback.summary}</p> : null;
}

/** A few lines of the post a notice is about; opens the thread. */
function Excerpt({ id }: { id: string }) {
  const post = getPost(id);
  if (!post) return null;
  const go = (e: Event): void => {
    if ((e.target as Element).closest("a")) return;
    open({ name: "post", id });
  };
  return (
    <div
      class="notice-below excerpt"
      role="link"
      tabIndex={0}
      data-post={id}
      onClick={go}
      onKeyDown={(e) => e.key === "Enter" && e.target === e.currentTarget && go(e)}
    >
      {post.spoiler_text ? <p>{post.spoiler_text}</p> : <Content html={post.content} marks={post} lang={post.language} class="clamped" />}
      {post.media_attachments.length > 0 && <p>{t().post.media(post.media_attachments.length)}</p>}
    </div>
  );
}

function Request({ accountId, acct }: { accountId: string; acct: string }) {
  const [answer, setAnswer] = useState<"" | "sending" | "accepted" | "rejected">("");
  const send = async (accept: boolean): Promise<void> => {
    setAnswer("sending");
    setAnswer((await answerRequest(accountId, accept)) ? (accept ? "accepted" : "rejected") : "");
  };
  return (
    <div class="notice-below">
      <Handle acct={acct} />
      {answer === "accepted" || answer === "rejected" ? (
        <p role="status">{t().notice[answer]}</p>
      ) : (
        <p class="row">
          <button type="button" class="button small primary" disabled={answer !== ""} onClick={() => void send(true)}>
            {t().notice.accept}
          </button>
          <button type="button" class="button small" disabled={answer !== ""} onClick={() => void send(false)}>
            {t().notice.reject}
          </button>
        </p>
      )}
    </div>
  );
}
