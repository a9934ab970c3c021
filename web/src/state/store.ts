import { signal, type Signal } from "@preact/signals";
import type { Status } from "../api/types";

/** A status as the store keeps it: what it boosts or quotes stands in the store under its own id. */
export interface Post extends Omit<Status, "reblog" | "quote"> {
  reblogId: string | null;
  quote: { state: string; id: string | null } | null;
}

/** One signal per post, so that a change is drawn in every column and nowhere else. Null: deleted. */
const posts = new Map<string, Signal<Post | null>>();

/** Older (smaller) ids first. Ids are decimal strings: longer is newer, then by digits (negative ones are oldest). */
export function compareIds(a: string, b: string): number {
  const aNeg = a.startsWith("-");
  const bNeg = b.startsWith("-");
  if (aNeg !== bNeg) return aNeg ? -1 : 1;
  const sign = aNeg ? -1 : 1;
  if (a.length !== b.length) return (a.length - b.length) * sign;
  return a === b ? 0 : (a < b ? -1 : 1) * sign;
}

/** Takes a status from the API and everything inside it; gives its id. */
export function putStatus(status: Status, depth = 0): string {
  const { reblog, quote, ...rest } = status;
  const inner = depth < 3 ? (quote?.quoted_status ?? null) : null;
  if (reblog && depth < 3) putStatus(reblog, depth + 1);
  if (inner) putStatus(inner, depth + 1);
  const next: Post = {
    ...rest,
    reblogId: reblog?.id ?? null,
    quote: quote ? { state: quote.state, id: inner?.id ?? quote.quoted_status_id ?? null } : null,
  };
  const kept = posts.get(status.id);
  if (!kept) posts.set(status.id, signal<Post | null>(next));
  else kept.value = kept.peek() ? withOwnMarks(next, kept.peek()!) : next;
  return status.id;
}

/** What a stream sends is written for everybody: the reader's own marks are left out there, and stay as they are. */
function withOwnMarks(next: Post, old: Post): Post {
  const marks: Partial<Post> = {};
  if (next.favourited === undefined && old.favourited !== undefined) marks.favourited = old.favourited;
  if (next.reblogged === undefined && old.reblogged !== undefined) marks.reblogged = old.reblogged;
  if (next.bookmarked === undefined && old.bookmarked !== undefined) marks.bookmarked = old.bookmarked;
  if (next.poll && old.poll && next.poll.voted === undefined && old.poll.voted !== undefined) {
    marks.poll = { ...next.poll, voted: old.poll.voted, ...(old.poll.own_votes && { own_votes: old.poll.own_votes }) };
  }
  if (next.favourited === undefined && next.reactions && old.reactions) {
    const mine = new Set(old.reactions.filter((r) => r.me).map((r) => r.name));
    marks.reactions = next.reactions.map((r) => (mine.has(r.name) ? { ...r, me: true } : r));
  }
  return { ...next, ...marks };
}

/** The post, or null when it is unknown or deleted. Reading it in a component subscribes to it. */
export function getPost(id: string): Post | null {
  return posts.get(id)?.value ?? null;
}

export function peekPost(id: string): Post | null {
  return posts.get(id)?.peek() ?? null;
}

/** Changes parts of one post, everywhere it is shown. */
export function patchPost(id: string, patch: Partial<Post>): void {
  const s = posts.get(id);
  const old = s?.peek();
  if (s && old) s.value = { ...old, ...patch };
}

/** Forgets a deleted post and gives the ids that went with it: its own and those of its boosts. */
export function dropPost(id: string): string[] {
  const gone = [id];
  for (const [key, s] of posts) if (s.peek()?.reblogId === id) gone.push(key);
  for (const key of gone) {
    const s = posts.get(key);
    if (s) s.value = null;
  }
  return gone;
}

/** Forgets all but the posts that `roots` show, once more than `limit` are kept. */
export function sweepPosts(roots: Iterable<string>, limit = 4000): void {
  if (posts.size <= limit) return;
  const keep = new Set<string>();
  const mark = (id: string | null | undefined): void => {
    if (!id || keep.has(id)) return;
    keep.add(id);
    const p = posts.get(id)?.peek();
    mark(p?.reblogId);
    mark(p?.quote?.id);
  };
  for (const id of roots) mark(id);
  for (const id of posts.keys()) if (!keep.has(id)) posts.delete(id);
}

export const postCount = (): number => posts.size;

export function clearPosts(): void {
  posts.clear();
}
