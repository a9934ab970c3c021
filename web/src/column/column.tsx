import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { t } from "../i18n";
import { PostRow } from "../post/post";
import { columnFeed, type Feed } from "../state/feeds";
import { compose } from "../state/compose";
import { open } from "../state/route";
import { parseColumn, type ColumnId, type ColumnKind, type PlainKind } from "../state/columns";
import { moveColumn, removeColumn, settings } from "../state/settings";
import { Icon, type IconName } from "../ui/icon";
import { Menu, type MenuItem } from "../ui/menu";
import { addingColumn } from "./place";
import { FeedList } from "./feedlist";
import { later } from "../ui/later";
import { startDrag } from "./drag";
import { NoticeRow } from "./notice";

const TalkRow = later(() => import("./talk").then((x) => x.TalkRow));
const LaneState = later(() => import("./lane").then((x) => x.LaneState), 0);

export const columnIcons: Record<ColumnKind, IconName> = {
  home: "home",
  notifications: "bell",
  mentions: "reply",
  conversations: "mail",
  lane: "lane",
  list: "list",
  tag: "tag",
  account: "person",
  search: "search",
  local: "veranda",
  public: "globe",
  bookmarks: "bookmark",
  favourites: "star",
};

/** What a column is called: its kind, or what it is a column of. */
export function columnName(id: ColumnId): string {
  const spec = parseColumn(id);
  if (!spec) return "";
  if (spec.kind === "tag") return `#${spec.arg}`;
  if (spec.kind === "search") return t().column.words(spec.arg);
  return settings.value.titles[id] ?? t().places[spec.kind];
}

export const columnIcon = (id: ColumnId): IconName => columnIcons[parseColumn(id)?.kind ?? "home"];

interface HeadProps {
  icon?: IconName;
  title: string;
  /** A few words on what stands here. */
  source?: string;
  before?: ComponentChildren;
  after?: ComponentChildren;
  onTitle?(): void;
  /** Takes hold of the column to move it. */
  onGrip?(e: PointerEvent): void;
}

export function ColumnHead({ icon, title, source, before, after, onTitle, onGrip }: HeadProps) {
  const words = (
    <>
      {icon && <Icon name={icon} />}
      <span class="column-title">{title}</span>
      {source && <span class="column-source">{source}</span>}
    </>
  );
  return (
    <header class={onGrip ? "column-head movable" : "column-head"} onPointerDown={onGrip}>
      {before}
      <h2 tabIndex={-1}>
        {onTitle ? (
          <button type="button" class="column-name" title={t().column.toTop} onClick={onTitle}>
            {words}
          </button>
        ) : (
          <span class="column-name">{words}</span>
        )}
      </h2>
      {after}
    </header>
  );
}

/** One column of the deck. */
export function Column({ id }: { id: ColumnId }) {
  const feed = columnFeed(id) as Feed;
  const kind = parseColumn(id)!.kind;
  const name = columnName(id);
  const box = useRef<HTMLElement>(null);
  const toTop = (): void => void box.current?.querySelector(".feed")?.scrollTo({ top: 0 });
  return (
    <section ref={box} class="column" data-column={id} aria-label={name}>
      <ColumnHead
        icon={columnIcons[kind]}
        title={name}
        source={t().source[kind]}
        onTitle={toTop}
        onGrip={(e) => startDrag(e, id, box.current)}
        after={<Menu label={t().column.menuOf(name)} items={menuOf(id)} />}
      />
      <FeedList
        feed={feed}
        label={name}
        {...(kind === "lane" && { head: <LaneState id={id} /> })}
        row={rows[kind] ?? ((line) => <PostRow key={line} id={line} />)}
        empty={kind in t().column.empty ? t().column.empty[kind as PlainKind] : t().column.empty.posts}
        {...starts[kind] && { start: starts[kind]() }}
        fresh={rows[kind] ? t().column.freshNotices : t().column.fresh}
      />
    </section>
  );
}

/** How a line is drawn where it is no post. */
const rows: Partial<Record<ColumnKind, (id: string) => ComponentChildren>> = {
  notifications: (id) => <NoticeRow key={id} id={id} />,
  mentions: (id) => <NoticeRow key={id} id={id} />,
  conversations: (id) => <TalkRow key={id} id={id} />,
};

/** The one action that fills an empty column. */
const starts: Partial<Record<ColumnKind, () => { label: string; run(): void }>> = {
  home: () => ({ label: t().places.search, run: () => open({ name: "search", q: "" }) }),
  local: () => ({ label: t().places.compose, run: compose }),
  list: () => ({ label: t().column.lists, run: () => open({ name: "settings", section: "lists" }) }),
  lane: () => ({ label: t().column.links, run: () => open({ name: "settings", section: "links" }) }),
};

function menuOf(id: ColumnId): MenuItem[] {
  const columns = settings.value.columns;
  const kind = parseColumn(id)?.kind;
  const at = columns.indexOf(id);
  const items: MenuItem[] = [];
  if (kind === "notifications") items.push({ icon: "gear", label: t().column.policy, run: () => open({ name: "settings", section: "notifications" }) });
  if (kind === "list") items.push({ icon: "gear", label: t().column.lists, run: () => open({ name: "settings", section: "lists" }) });
  if (kind === "lane") items.push({ icon: "gear", label: t().column.links, run: () => open({ name: "settings", section: "links" }) });
  if (at > 0) items.push({ icon: "left", label: t().column.moveLeft, run: () => moveColumn(id, -1) });
  if (at < columns.length - 1) items.push({ icon: "right", label: t().column.moveRight, run: () => moveColumn(id, 1) });
  items.push({ icon: "plus", label: t().column.add, run: () => (addingColumn.value = true) });
  if (columns.length > 1) items.push({ icon: "close", label: t().column.remove, run: () => removeColumn(id) });
  return items;
}
