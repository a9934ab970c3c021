import { useState } from "preact/hooks";
import { number } from "../i18n/plural";
import { locale, t } from "../i18n";
import { canBoost, copyLink, remove, toggle } from "../state/actions";
import { reply, quote } from "../state/compose";
import { open } from "../state/route";
import { me } from "../state/session";
import { settings } from "../state/settings";
import type { Post } from "../state/store";
import { Confirm } from "../ui/dialog";
import { Icon, type IconName } from "../ui/icon";
import { Menu, type MenuItem } from "../ui/menu";

interface ActionProps {
  icon: IconName;
  label: string;
  count?: number;
  on?: boolean;
  disabled?: boolean;
  kind: string;
  showCount: boolean;
  run(): void;
}

function Action({ icon, label, count, on, disabled, kind, showCount, run }: ActionProps) {
  const shown = count ? number(locale(), count) : "";
  return (
    <button type="button" class={`action ${kind}`} title={shown ? `${label} (${shown})` : label} aria-pressed={on} disabled={disabled} onClick={run}>
      <Icon name={icon} fill={on === true && icon !== "boost"} />
      <span class="hidden">{label}</span>
      {shown && <span class={showCount ? "action-count" : "hidden"}>{shown}</span>}
    </button>
  );
}

/** Reply, boost, favourite, bookmark, more. Numbers only in the opened post or where the reader asked for them. */
export function PostActions({ post, chosen }: { post: Post; chosen: boolean }) {
  const [asking, setAsking] = useState(false);
  const mine = post.account.id === me()?.id;
  const boostable = canBoost(post, mine);
  const a = t().actions;
  const showCount = chosen || settings.value.counts;
  return (
    <div class="actions" onClick={(e) => e.stopPropagation()}>
      <Action kind="reply" icon="reply" label={a.reply} count={post.replies_count} showCount={showCount} run={() => reply(post)} />
      <Action
        kind="boost-action"
        icon="boost"
        label={boostable ? (post.reblogged ? a.unreblogged : a.reblogged) : a.notBoostable}
        count={post.reblogs_count}
        on={post.reblogged ?? false}
        disabled={!boostable}
        showCount={showCount}
        run={() => void toggle(post.id, "reblogged")}
      />
      <Action
        kind="favourite"
        icon="star"
        label={post.favourited ? a.unfavourited : a.favourited}
        count={post.favourites_count}
        on={post.favourited ?? false}
        showCount={showCount}
        run={() => void toggle(post.id, "favourited")}
      />
      <Action
        kind="bookmark"
        icon="bookmark"
        label={post.bookmarked ? a.unbookmarked : a.bookmarked}
        on={post.bookmarked ?? false}
        showCount={false}
        run={() => void toggle(post.id, "bookmarked")}
      />
      <Menu class="action" label={t().more} items={menuOf(post, mine, chosen, () => setAsking(true))} />
      {asking && (
        <Confirm
          title={a.removeAsk}
          lead={a.removeLead}
          action={a.remove}
          onNo={() => setAsking(false)}
          onYes={() => {
            setAsking(false);
            void remove(post.id);
          }}
        />
      )}
    </div>
  );
}

function menuOf(post: Post, mine: boolean, chosen: boolean, ask: () => void): MenuItem[] {
  const a = t().actions;
  const items: MenuItem[] = [];
  if (!chosen) items.push({ icon: "reply", label: a.open, run: () => open({ name: "post", id: post.id }) });
  const approval = post.quote_approval?.current_user;
  if (approval === "automatic" || approval === "manual") items.push({ icon: "quote", label: a.quote, run: () => quote(post) });
  items.push({ icon: "link", label: a.copy, run: () => void copyLink(post) });
  const url = post.url ?? post.uri;
  if (/^https?:/i.test(url)) items.push({ icon: "out", label: a.original, run: () => void window.open(url, "_blank", "noopener,noreferrer") });
  if (mine) items.push({ icon: "trash", label: a.remove, danger: true, run: ask });
  return items;
}
