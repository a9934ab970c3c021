import { signal } from "@preact/signals";
import { linkRel } from "../api/link";
import { get, page, request, type Page } from "../api/client";
import type { Conversation, GroupedNotifications, Notification, NotificationGroup, SearchResult, Status } from "../api/types";
import { parseColumn, type ArgKind, type ColumnId, type PlainKind } from "./columns";
import { clearTalks, putConversation } from "./conversations";
import * as f from "./feed";
import { clearNotifications, putGroup, putNotification } from "./notifications";
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
    /** How a page is read, where it is no plain list with a Link header. */
    private readonly read: (path: string) => Promise<Page<T>> = page,
  ) {}

  /** Loads the first page, or the next one. Does nothing while loading or at the end. */
  async more(): Promise<void> {
    const next = this.state.peek().next;
    if (next === null) return;
    await this.load(async () => {
      const got = await this.read(next ?? this.path);
      const ids = got.items.map(this.ingest);
      this.state.value = f.appended(this.state.peek(), ids, got.items.length ? got.next : null);
    });
  }

  /** Reads the first page again after a break of the stream. */
  async refresh(): Promise<void> {
    await this.load(async () => {
      const got = await this.read(this.path);
      const ids = got.items.map(this.ingest);
      const next = got.items.length ? got.next : null;
      const old = this.state.peek();
      const apart = !ids.some((id) => old.ids.includes(id));
      this.state.value = apart && !this.byId ? f.appended(f.emptyFeed, ids, next) : f.refreshed(old, ids, next, this.atTop);
    });
  }

  async fill(gap: string): Promise<void> {
    await this.load(async () => {
      const got = await this.read(this.after(f.gapId(gap)));
      this.state.value = f.filled(this.state.peek(), gap, got.items.map(this.ingest));
    });
  }

  /** `again`: something new about what may be in the list already; it comes to the top only where the reader is there. */
  arrive(id: string, again = false): void {
    if (again && this.atTop) this.state.value = f.removed(this.state.peek(), [id]);
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
  notifications: () => new Feed<Grouped>("/api/v2/notifications", (g) => putGroup(g, g.answer), null, false, groupPage),
  mentions: () => new Feed<Notification>("/api/v1/notifications?types[]=mention", putNotification, null, true),
  conversations: () => new Feed<Conversation>("/api/v1/conversations", putConversation, "direct", false),
} as const satisfies Record<PlainKind, () => unknown>;

/** Columns of something. */
const argTable: Record<ArgKind, (arg: string) => Feed<Status>> = {
  list: (id) => statuses(`/api/v1/timelines/list/${id}`, `list:${id}`),
  lane: (ids) => {
    const [link, list] = ids.split("/");
    return statuses(`/api/engawa/v1/lanes/${link}/timeline`, `list:${list}`);
  },
  tag: (tag) => statuses(tagPath(tag), `hashtag:${tag}`),
  account: (id) => statuses(accountPath(id)),
  search: (q) => new Feed<Status>(`/api/v2/search?${new URLSearchParams({ q, type: "statuses", limit: "20" })}`, (s) => putStatus(s), null, false, searchPage),
};

/** Search goes by offset, and answers an object. */
async function searchPage(path: string): Promise<Page<Status>> {
  const items = (await get<SearchResult>(path)).statuses;
  const url = new URL(path, location.origin);
  url.searchParams.set("offset", String(Number(url.searchParams.get("offset") ?? 0) + items.length));
  return { items, next: items.length < 20 ? null : url.pathname + url.search };
}

type Grouped = NotificationGroup & { id: string; answer: GroupedNotifications };

/** Grouped notifications come with their people and posts beside them. */
async function groupPage(path: string): Promise<Page<Grouped>> {
  const response = await request(path);
  const answer = (await response.json()) as GroupedNotifications;
  return { items: answer.notification_groups.map((g) => ({ ...g, id: g.group_key, answer })), next: linkRel(response.headers.get("Link"), "next", location.origin) };
}

type Any = Feed<Status> | Feed<Notification> | Feed<Conversation> | Feed<Grouped>;

const lasting = new Map<string, Any>();
/** Lists opened beside the columns; the least recently used goes. */
const passing = new Map<string, Feed<Status>>();
const PASSING = 12;

/** The list of a column; made once, kept while the page is open. */
export function columnFeed(id: ColumnId): Any {
  let feed = lasting.get(id);
  if (!feed) lasting.set(id, (feed = makeFeed(id)));
  return feed;
}

function makeFeed(id: ColumnId): Any {
  const spec = parseColumn(id);
  if (!spec) throw new Error(`there is no column ${id}`);
  return spec.arg ? argTable[spec.kind as ArgKind](spec.arg) : table[spec.kind as PlainKind]();
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
  clearTalks();
}

