import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../i18n";
import { isGap, waitingCount } from "../state/feed";
import type { Feed } from "../state/feeds";
import { Icon } from "../ui/icon";
import { Empty, Failure, Skeleton } from "../ui/feedback";

interface Props {
  feed: Pick<Feed, "state" | "loading" | "failure" | "atTop" | "scroll" | "more" | "fill" | "reveal" | "refresh">;
  row(id: string): ComponentChildren;
  empty: readonly string[];
  /** What starts an empty list. */
  start?: { label: string; run(): void };
  fresh(count: number): string;
  /** Stands above the rows and scrolls with them. */
  head?: ComponentChildren;
  label: string;
}

const TOP = 8;
const AHEAD = "1200px 0px";

/** A scrolling list of a feed: loads on towards its end, keeps its place, and lets new ones wait. */
export function FeedList({ feed, row, empty, start, fresh, head, label }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const { ids, next } = feed.state.value;
  const waiting = waitingCount(feed.state.value);

  useLayoutEffect(() => {
    if (box.current) box.current.scrollTop = feed.scroll;
    if (feed.state.peek().next === undefined) void feed.more();
  }, [feed]);

  const scrolled = (): void => {
    const top = box.current?.scrollTop ?? 0;
    feed.scroll = top;
    feed.atTop = top <= TOP;
  };
  const reveal = (): void => {
    feed.reveal();
    feed.atTop = true;
    box.current?.scrollTo({ top: 0 });
    box.current?.querySelector<HTMLElement>("[data-post], [data-row]")?.focus({ preventScroll: true });
  };
  return (
    <div class="feed" ref={box} onScroll={scrolled} tabIndex={-1}>
      {waiting > 0 && (
        <button type="button" class="fresh" onClick={reveal}>
          <Icon name="up" />
          {fresh(waiting)}
        </button>
      )}
      {head}
      <div role="feed" aria-label={label} aria-busy={feed.loading.value}>
        {ids.map((id) => (isGap(id) ? <Gap key={id} run={() => void feed.fill(id)} /> : row(id)))}
      </div>
      {feed.failure.value !== null && <Failure error={feed.failure.value} retry={() => void (ids.length && next === null ? feed.refresh() : feed.more())} />}
      {next === undefined && feed.failure.value === null && <Skeleton />}
      {next === null && ids.length === 0 && <Empty words={empty} {...(start && { action: start })} />}
      {next === null && ids.length > 0 && <p class="end faint">{t().column.end}</p>}
      {next && feed.failure.value === null && <More load={() => feed.more()} at={next} box={box} />}
    </div>
  );
}

function Gap({ run }: { run(): void }) {
  return (
    <div role="article">
      <button type="button" class="gap" onClick={run}>
        {t().column.gap}
      </button>
    </div>
  );
}

/** Loads the next page when it comes near. */
function More({ load, at, box }: { load(): Promise<void>; at: string; box: { current: HTMLElement | null } }) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const watcher = new IntersectionObserver((entries) => entries.some((e) => e.isIntersecting) && void load(), { root: box.current, rootMargin: AHEAD });
    if (ref.current) watcher.observe(ref.current);
    return () => watcher.disconnect();
  }, [at]);
  return (
    <div ref={ref}>
      <Skeleton rows={2} />
    </div>
  );
}
