import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import { number } from "../i18n/plural";
import { locale, t } from "../i18n";
import { canBoost, copyLink, react, remove, toggle } from "../state/actions";
import { edit, quote, redraft, reply } from "../state/compose";
import { open } from "../state/route";
import { me } from "../state/session";
import { settings } from "../state/settings";
import type { Post } from "../state/store";
import { Confirm } from "../ui/dialog";
import { later } from "../ui/later";
import { Icon, type IconName } from "../ui/icon";
import { Menu, type MenuItem } from "../ui/menu";

const Picker = later(() => import("../emoji/picker").then((x) => x.Picker), 0);
const History = later(() => import("./history").then((x) => x.History), 0);
const Who = later(() => import("./who").then((x) => x.Who), 0);

/** What an action of a post opens. */
type Opened = "remove" | "redraft" | "react" | "history" | "who";

/** The post whose picker the keyboard asked for. */
export const reactTo = signal<string | null>(null);

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
  const [opened, setOpened] = useState<Opened | null>(null);
  const close = (): void => {
    setOpened(null);
    if (reactTo.peek() === post.id) reactTo.value = null;
  };
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
      <Action kind="react" icon="smile" label={a.react} showCount={false} run={() => setOpened("react")} />
      <Action
        kind="bookmark"
        icon="bookmark"
        label={post.bookmarked ? a.unbookmarked : a.bookmarked}
        on={post.bookmarked ?? false}
        showCount={false}
        run={() => void toggle(post.id, "bookmarked")}
      />
      <Menu class="action" label={t().more} items={menuOf(post, mine, chosen, setOpened)} />
      {opened === "remove" && (
        <Confirm
          title={a.removeAsk}
          lead={a.removeLead}
          action={a.remove}
          onNo={close}
          onYes={() => {
            close();
            void remove(post.id);
          }}
        />
      )}
      {opened === "redraft" && (
        <Confirm
          title={a.redraftAsk}
          lead={a.redraftLead}
          action={a.redraft}
          onNo={close}
          onYes={() => {
            close();
            void redraft(post);
          }}
        />
      )}
      {(opened === "react" || reactTo.value === post.id) && (
        <Picker
          title={a.react}
          faces={false}
          onClose={close}
          onPick={(p) => {
            close();
            void react(post.id, { name: p.picture ? p.text.replaceAll(":", "") : p.text, url: p.picture ?? null });
          }}
        />
      )}
      {opened === "history" && <History id={post.id} onClose={close} />}
      {opened === "who" && <Who post={post} onClose={close} />}
    </div>
  );
}

function menuOf(post: Post, mine: boolean, chosen: boolean, show: (what: Opened) => void): MenuItem[] {
  const a = t().actions;
  const items: MenuItem[] = [];
  if (!chosen) items.push({ icon: "reply", label: a.open, run: () => open({ name: "post", id: post.id }) });
  const approval = post.quote_approval?.current_user;
  if (approval === "automatic" || approval === "manual") items.push({ icon: "quote", label: a.quote, run: () => quote(post) });
  items.push({ icon: "link", label: a.copy, run: () => void copyLink(post) });
  const url = post.url ?? post.uri;
  if (/^https?:/i.test(url)) items.push({ icon: "out", label: a.original, run: () => void window.open(url, "_blank", "noopener,noreferrer") });
  if (post.reblogs_count || post.favourites_count || post.reactions?.length) items.push({ icon: "smile", label: a.who, run: () => show("who") });
  if (post.edited_at) items.push({ icon: "history", label: a.history, run: () => show("history") });
  if (!mine) return items;
  items.push({ icon: "edit", label: a.edit, run: () => void edit(post) });
  items.push({ icon: "pen", label: a.redraft, danger: true, run: () => show("redraft") });
  items.push({ icon: "trash", label: a.remove, danger: true, run: () => show("remove") });
  return items;
}
