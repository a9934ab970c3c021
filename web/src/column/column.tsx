import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { t } from "../i18n";
import { PostRow } from "../post/post";
import { columnFeed, type Feed } from "../state/feeds";
import { compose } from "../state/compose";
import { open } from "../state/route";
import { moveColumn, removeColumn, settings, type ColumnKind } from "../state/settings";
import { Icon, type IconName } from "../ui/icon";
import { Menu, type MenuItem } from "../ui/menu";
import { FeedList } from "./feedlist";
import { NoticeRow } from "./notice";

export const columnIcons: Record<ColumnKind, IconName> = {
  home: "home",
  notifications: "bell",
  local: "veranda",
  public: "globe",
  bookmarks: "bookmark",
  favourites: "star",
};

interface HeadProps {
  icon?: IconName;
  title: string;
  /** A few words on what stands here. */
  source?: string;
  before?: ComponentChildren;
  after?: ComponentChildren;
  onTitle?(): void;
}

export function ColumnHead({ icon, title, source, before, after, onTitle }: HeadProps) {
  const words = (
    <>
      {icon && <Icon name={icon} />}
      <span class="column-title">{title}</span>
      {source && <span class="column-source">{source}</span>}
    </>
  );
  return (
    <header class="column-head">
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
export function Column({ kind }: { kind: ColumnKind }) {
  const feed = columnFeed(kind) as Feed;
  const name = t().places[kind];
  const notices = kind === "notifications";
  const box = useRef<HTMLElement>(null);
  const toTop = (): void => void box.current?.querySelector(".feed")?.scrollTo({ top: 0 });
  return (
    <section ref={box} class="column" data-column={kind} aria-label={name}>
      <ColumnHead icon={columnIcons[kind]} title={name} source={t().source[kind]} onTitle={toTop} after={<Menu label={t().column.menuOf(name)} items={menuOf(kind)} />} />
      <FeedList
        feed={feed}
        label={name}
        row={(id) => (notices ? <NoticeRow key={id} id={id} /> : <PostRow key={id} id={id} />)}
        empty={t().column.empty[kind]}
        {...starts[kind] && { start: starts[kind]() }}
        fresh={notices ? t().column.freshNotices : t().column.fresh}
      />
    </section>
  );
}

/** The one action that fills an empty column. */
const starts: Partial<Record<ColumnKind, () => { label: string; run(): void }>> = {
  home: () => ({ label: t().places.search, run: () => open({ name: "search", q: "" }) }),
  local: () => ({ label: t().places.compose, run: compose }),
};

function menuOf(kind: ColumnKind): MenuItem[] {
  const columns = settings.value.columns;
  const at = columns.indexOf(kind);
  const items: MenuItem[] = [];
  if (at > 0) items.push({ icon: "left", label: t().column.moveLeft, run: () => moveColumn(kind, -1) });
  if (at < columns.length - 1) items.push({ icon: "right", label: t().column.moveRight, run: () => moveColumn(kind, 1) });
  if (columns.length > 1) items.push({ icon: "close", label: t().column.remove, run: () => removeColumn(kind) });
  return items;
}
