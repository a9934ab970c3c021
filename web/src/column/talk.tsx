import { useId } from "preact/hooks";
import { t } from "../i18n";
import { plainText } from "../post/sanitise";
import { Avatar, DisplayName, Time } from "../post/name";
import { getTalk, readTalk } from "../state/conversations";
import { open } from "../state/route";
import { me } from "../state/session";
import { getPost } from "../state/store";
import { Icon } from "../ui/icon";
import "../style/more.css";

/** A conversation: with whom, and its last words. */
export function TalkRow({ id }: { id: string }) {
  const talk = getTalk(id);
  const post = talk?.lastId ? getPost(talk.lastId) : null;
  const label = useId();
  if (!talk || !post) return null;
  const people = talk.accounts.length ? talk.accounts : [post.account];
  const go = (): void => {
    readTalk(id);
    open({ name: "post", id: post.id });
  };
  return (
    <article class={talk.unread ? "talk unread" : "talk"} data-row={id} data-post={post.id} tabIndex={0} aria-labelledby={label} onClick={go} onKeyDown={(e) => e.key === "Enter" && (e.preventDefault(), go())}>
      <Avatar account={people[0]!} plain />
      <div class="talk-words">
        <p class="talk-head" id={label}>
          <span class="talk-who">
            {people.map((a, i) => (
              <span key={a.id}>
                {i > 0 && t().comma}
                <DisplayName account={a} />
              </span>
            ))}
          </span>
          {talk.unread && (
            <span class="talk-new" role="img" aria-label={t().column.unread} title={t().column.unread}>
              <Icon name="mail" />
            </span>
          )}
          <Time at={post.created_at} />
        </p>
        <p class="talk-last">
          {post.account.id === me()?.id && <span class="faint">{t().column.you} </span>}
          {post.spoiler_text || plainText(post.content)}
        </p>
      </div>
    </article>
  );
}
