import { useEffect } from "preact/hooks";
import { get } from "../api/client";
import type { Status } from "../api/types";
import { t } from "../i18n";
import { open } from "../state/route";
import { getPost, putStatus, type Post } from "../state/store";
import { Content } from "./content";
import { MediaGrid } from "./media";
import { Avatar, DisplayName, Handle, Time } from "./name";
import { isUnfolded } from "../state/actions";

/** A quoted post, one level deep; what may not be shown is said, not left out. */
export function QuoteView({ quote }: { quote: NonNullable<Post["quote"]> }) {
  const post = quote.id ? getPost(quote.id) : null;
  const missing = quote.state === "accepted" && quote.id && !post ? quote.id : null;
  useEffect(() => {
    if (missing) get<Status>(`/api/v1/statuses/${missing}`).then((s) => void putStatus(s)).catch(() => {});
  }, [missing]);
  if (!post || quote.state !== "accepted") {
    return <p class="quote gone">{t().post.quote[quote.state] ?? t().post.quoteGone}</p>;
  }
  const go = (e: MouseEvent): void => {
    e.stopPropagation();
    if (!(e.target as Element).closest("a, button")) open({ name: "post", id: post.id });
  };
  const covered = post.spoiler_text && !isUnfolded(post.id);
  return (
    <blockquote class="quote" onClick={go}>
      <div class="quote-head">
        <Avatar account={post.account} size={24} />
        <DisplayName account={post.account} />
        <Handle acct={post.account.acct} />
        <a href={`#/post/${post.id}`} class="time-link" onClick={(e) => (e.preventDefault(), e.stopPropagation(), open({ name: "post", id: post.id }))}>
          <Time at={post.created_at} />
        </a>
      </div>
      {covered ? (
        <p class="quote-warning">{post.spoiler_text}</p>
      ) : (
        <>
          <Content html={post.content} marks={post} lang={post.language} dropQuoteLine class="clamped" />
          <MediaGrid media={post.media_attachments} sensitive={post.sensitive} />
        </>
      )}
    </blockquote>
  );
}
