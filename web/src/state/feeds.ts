import { signal } from "@preact/signals";
import { page } from "../api/client";
import type { Notification, Status } from "../api/types";
import * as f from "./feed";
import { clearNotifications, putNotification } from "./notifications";
import { putStatus } from "./store";

/** How many rows a column keeps while it is read at the top; older ones are loaded again when wanted. */
const KEPT = 300;

export type Ingest<T> = (item: T) => string;

/** A list that is shown somewhere: its state, and how it is loaded. */
export class Feed<T extends { id: string } = Status> {
  readonly state = signal<f.FeedState>(f.emptyFeed);
  readonly loading = signal(false);
  readonly failure = signal<unknown>(null);
  /** Set by the list that draws it: is the reader at its top? */
  atTop = true;
  /** Where the list was scrolled to when it was last drawn, in pixels. */
  scroll = 0;

  constructor(
    /** Path of the first page. */
    readonly path: string,
    private readonly ingest: Ingest<T>,
    /** Name on the streaming socket; null: nothing arrives by itself. */
    readonly stream: string | null = null,
    /** The pages go by the ids of the items (timelines do; bookmarks go by internal ids, so no gap can be named there). */
    private readonly byId = stream !== null,
  ) {}

  /** Loads the first page, or the next one. Does nothing while loading or at the end. */
  async more(): Promise<void> {
    const next = this.state.peek().next;
    if (next === null) return;
    await this.load(async () => {
      const got = await page<T>(next ?? this.path);
      const ids = got.items.map(this.ingest);
      this.state.value = f.appended(this.state.peek(), ids, got.items.length ? got.next : null);
    });
  }

  /** Reads the first page again after a break of the stream. */
  async refresh(): Promise<void> {
    await this.load(async () => {
      const got = await page<T>(this.path);
      const ids = got.items.map(this.ingest);
      const next = got.items.length ? got.next : null;
      const old = this.state.peek();
      const apart = !ids.some((id) => old.ids.includes(id));
      this.state.value = apart && !this.byId ? f.appended(f.emptyFeed, ids, next) : f.refreshed(old, ids, next, this.atTop);
    });
  }

  async fill(gap: string): Promise<void> {
    await this.load(async () => {
      const got = await page<T>(this.after(f.gapId(gap)));
      this.state.value = f.filled(this.state.peek(), gap, got.items.map(this.ingest));
    });
  }

  arrive(id: string): void {
    const next = f.arrived(this.state.peek(), [id], this.atTop);
    this.state.value = this.atTop && this.byId ? f.trimmed(next, KEPT, (last) => this.after(last)) : next;
  }

  reveal(): void {
    this.state.value = f.revealed(this.state.peek());
  }

  remove(ids: string[]): void {
    this.state.value = f.removed(this.state.peek(), ids);
  }

  private after(id: string): string {
    return `${this.path}${this.path.includes("?") ? "&" : "?"}max_id=${id}`;
  }

  private async load(run: () => Promise<void>): Promise<void> {
    if (this.loading.peek()) return;
    this.loading.value = true;
    this.failure.value = null;
    try {
      await run();
    } catch (e) {
      this.failure.value = e;
    } finally {
      this.loading.value = false;
    }
  }
}

const statuses = (path: string, stream: string | null = null) => new Feed<Status>(path, (s) => putStatus(s), stream);

/** Every list the deck knows: a line here is a new one. */
const table = {
  home: () => statuses("/api/v1/timelines/home", "user"),
  local: () => statuses("/api/v1/timelines/public?local=true", "public:local"),
  public: () => statuses("/api/v1/timelines/public", "public"),
  bookmarks: () => statuses("/api/v1/bookmarks"),
  favourites: () => statuses("/api/v1/favourites"),
  notifications: () => new Feed<Notification>("/api/v1/notifications", putNotification, null, true),
} as const;

type Any = Feed<Status> | Feed<Notification>;

const lasting = new Map<string, Any>();
/** Lists opened beside the columns; the least recently used goes. */
const passing = new Map<string, Feed<Status>>();
const PASSING = 12;

/** The list of a column; made once, kept while the page is open. */
export function columnFeed(kind: keyof typeof table): Any {
  let feed = lasting.get(kind);
  if (!feed) lasting.set(kind, (feed = table[kind]()));
  return feed;
}

/** A list for a while: posts of a profile, of a hashtag. */
export function passingFeed(path: string): Feed<Status> {
  const feed = passing.get(path) ?? statuses(path);
  passing.delete(path);
  passing.set(path, feed);
  for (const key of passing.keys()) {
    if (passing.size <= PASSING) break;
    passing.delete(key);
  }
  return feed;
}

export const tagPath = (tag: string): string => `/api/v1/timelines/tag/${encodeURIComponent(tag)}`;
export const accountPath = (id: string): string => `/api/v1/accounts/${id}/statuses`;

export function allFeeds(): Any[] {
  return [...lasting.values(), ...passing.values()];
}

/** Forgets the live lists of columns that are gone: unsubscribed, they would go stale. */
export function keepColumns(kinds: readonly string[]): void {
  for (const [kind, feed] of lasting) if (feed.stream && !kinds.includes(kind)) lasting.delete(kind);
}

export function clearFeeds(): void {
  lasting.clear();
  passing.clear();
  clearNotifications();
}

