import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { locale, t } from "../i18n";
import { fullTime } from "../i18n/time";
import { fold, isUnfolded } from "../state/actions";
import { me } from "../state/session";
import { open } from "../state/route";
import { getPost, type Post } from "../state/store";
import { Icon } from "../ui/icon";
import { PostActions } from "./actions";
import { AudienceMark } from "./audience";
import { LinkCard } from "./card";
import { MediaGrid } from "./media";
import { Avatar, EmojiText, Handle, ProfileLink, Time, nameOf } from "./name";
import { PollView } from "./poll";
import { QuoteView } from "./quote";
import { Reactions } from "./reactions";
import { Translatable } from "./translate";

interface Props {
  id: string;
  /** Opened large, with the full time and the counts. */
  chosen?: boolean;
  /** Among the posts it belongs to, which say already what it answers. */
  inThread?: boolean;
  class?: string;
}

/** A line of a list: a post, or a boost of one. */
export function PostRow({ id, class: extra = "" }: { id: string; class?: string }) {
  const post = getPost(id);
  if (!post) return null;
  if (!post.reblogId) return <PostCard id={id} class={extra} />;
  return (
    <div class={`boost ${extra}`}>
      <p class="boost-line">
        <Icon name="boost" />
        <span class="boost-who">
          <EmojiText text={t().post.boosted(nameOf(post.account))} emojis={post.account.emojis} />
        </span>
        <Time at={post.created_at} />
      </p>
      <PostCard id={post.reblogId} />
    </div>
  );
}

export function PostCard({ id, chosen = false, inThread = chosen, class: extra = "" }: Props) {
  const post = getPost(id);
  const label = useId();
  if (!post) return null;
  const filter = post.filtered?.find((f) => f.filter.filter_action !== "blur");
  if (filter?.filter.filter_action === "hide" && !chosen) return null;
  const openThread = (e: MouseEvent): void => {
    if (chosen || (e.target as Element).closest("a, button, input, label, audio, video, summary, [role=menu], dialog") || getSelection()?.toString()) return;
    open({ name: "post", id });
  };
  return (
    <article class={`post ${chosen ? "chosen" : ""} ${extra}`} tabIndex={0} data-post={id} aria-labelledby={label} onClick={openThread}>
      <Avatar account={post.account} />
      <div class="post-main">
        <PostHead post={post} id={label} chosen={chosen} />
        {post.in_reply_to_id && !inThread && <ReplyMark post={post} />}
        <Covered post={post} {...(filter && { filter: filter.filter.title })}>
          <PostBody post={post} />
        </Covered>
        <Reactions post={post} chosen={chosen} />
        {chosen && <Counts post={post} />}
        <PostActions post={post} chosen={chosen} />
      </div>
    </article>
  );
}

/** Says in a list that a post answers another, and whom. */
function ReplyMark({ post }: { post: Post }) {
  const to = post.in_reply_to_account_id;
  const name = to === post.account.id ? nameOf(post.account) : post.mentions.find((m) => m.id === to)?.username;
  return (
    <p class="reply-mark">
      <Icon name="reply" />
      <EmojiText text={name ? t().post.replyTo(name) : t().post.reply} emojis={post.account.emojis} />
    </p>
  );
}

function PostHead({ post, id, chosen }: { post: Post; id: string; chosen: boolean }) {
  return (
    <header class="post-head">
      <span class="post-who" id={id}>
        <ProfileLink account={post.account} />
        <Handle acct={post.account.acct} />
      </span>
      <span class="post-when">
        <AudienceMark post={post} />
        {post.edited_at && (
          <span class="edited" role="img" aria-label={editedAt(post.edited_at)} title={editedAt(post.edited_at)}>
            <Icon name="edit" />
          </span>
        )}
        {!chosen && (
          <a class="time-link" href={`#/post/${post.id}`} tabIndex={-1} onClick={(e) => (e.preventDefault(), open({ name: "post", id: post.id }))}>
            <Time at={post.created_at} />
          </a>
        )}
      </span>
    </header>
  );
}

const editedAt = (at: string): string => t().post.edited(fullTime(locale(), Date.parse(at)));

/** Content warning or filter: a line, a button, and behind it the rest. */
function Covered({ post, filter, children }: { post: Post; filter?: string; children: ComponentChildren }) {
  const warning = filter ? t().post.filtered(filter) : post.spoiler_text;
  if (!warning) return <>{children}</>;
  const shown = isUnfolded(post.id);
  return (
    <>
      <div class="warning">
        <p lang={filter ? undefined : (post.language ?? undefined)}>
          <EmojiText text={warning} emojis={post.emojis} />
        </p>
        <button type="button" class="button small" aria-expanded={shown} onClick={() => fold(post.id)}>
          {shown ? t().post.hide : t().post.show}
          {!shown && post.media_attachments.length > 0 && <span class="faint"> · {t().post.media(post.media_attachments.length)}</span>}
        </button>
      </div>
      {shown && children}
    </>
  );
}

function PostBody({ post }: { post: Post }) {
  const blurred = post.filtered?.some((f) => f.filter.filter_action === "blur") ?? false;
  // A warning that was opened covers the media too; they need no second question.
  const sensitive = blurred || (post.sensitive && !post.spoiler_text);
  return (
    <>
      <Translatable post={post} />
      <MediaGrid media={post.media_attachments} sensitive={sensitive} />
      {post.poll && <PollView postId={post.id} poll={post.poll} own={post.account.id === me()?.id} />}
      {post.quote && <QuoteView quote={post.quote} />}
      {post.card && !post.media_attachments.length && !post.quote && <LinkCard card={post.card} />}
    </>
  );
}

function Counts({ post }: { post: Post }) {
  return (
    <p class="counts">
      <Time at={post.created_at} full />
      {post.edited_at && <span>{editedAt(post.edited_at)}</span>}
      <span>{t().post.replies(post.replies_count)}</span>
      <span>{t().post.boosts(post.reblogs_count)}</span>
      <span>{t().post.favourites(post.favourites_count)}</span>
    </p>
  );
}
