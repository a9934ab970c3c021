import { signal } from "@preact/signals";
import { del, get, post, put } from "../api/client";
import type { Poll, Reaction, Relationship, Status } from "../api/types";
import { t } from "../i18n";
import { dropEverywhere } from "./live";
import { patchPost, peekPost, putStatus, type Post } from "./store";
import { complain, say } from "./toast";

type Mark = "favourited" | "reblogged" | "bookmarked";

const verbs: Record<Mark, { on: string; off: string; count?: "favourites_count" | "reblogs_count" }> = {
  favourited: { on: "favourite", off: "unfavourite", count: "favourites_count" },
  reblogged: { on: "reblog", off: "unreblog", count: "reblogs_count" },
  bookmarked: { on: "bookmark", off: "unbookmark" },
};

/**
 * The reactions of a post after the reader adds or takes back one. A post's
 * own order stays; what nobody has left goes.
 */
export function reacted(all: readonly Reaction[], r: Pick<Reaction, "name" | "url">, on: boolean): Reaction[] {
  const had = all.find((x) => x.name === r.name);
  if (!had) return on ? [...all, { name: r.name, count: 1, me: true, ...(r.url && { url: r.url, static_url: r.url }) }] : [...all];
  if (had.me === on) return [...all];
  const count = had.count + (on ? 1 : -1);
  return count > 0 ? all.map((x) => (x === had ? { ...x, count, me: on } : x)) : all.filter((x) => x !== had);
}

/** Adds a reaction or takes it back: shown at once, taken back if the home refuses. */
export async function react(id: string, r: Pick<Reaction, "name" | "url">): Promise<void> {
  const p = peekPost(id);
  const key = `react ${r.name} ${id}`;
  if (!p || running.has(key)) return;
  const before = p.reactions ?? [];
  const on = !before.some((x) => x.name === r.name && x.me);
  running.add(key);
  patchPost(id, { reactions: reacted(before, r, on) });
  try {
    const path = `/api/v1/pleroma/statuses/${id}/reactions/${encodeURIComponent(r.name)}`;
    putStatus(on ? await put<Status>(path, {}) : await del<Status>(path));
  } catch (e) {
    patchPost(id, { reactions: before });
    complain(t().actions.react, e);
  } finally {
    running.delete(key);
  }
}

const running = new Set<string>();

/** Sets or takes back a mark: shown at once, taken back if the home refuses. */
export async function toggle(id: string, mark: Mark): Promise<void> {
  const p = peekPost(id);
  const key = `${mark} ${id}`;
  if (!p || running.has(key)) return;
  const on = !p[mark];
  const { count, on: verb, off } = verbs[mark];
  const before: Partial<Post> = { [mark]: !on, ...(count && { [count]: p[count] }) };
  running.add(key);
  patchPost(id, { [mark]: on, ...(count && { [count]: Math.max(0, p[count] + (on ? 1 : -1)) }) });
  try {
    const answer = await post<Status>(`/api/v1/statuses/${id}/${on ? verb : off}`);
    putStatus(answer.reblog ?? answer);
  } catch (e) {
    patchPost(id, before);
    complain(t().actions[mark], e);
  } finally {
    running.delete(key);
  }
}

export const canBoost = (p: Post, mine: boolean): boolean =>
  !p.local_only && (p.visibility === "public" || p.visibility === "unlisted" || (mine && p.visibility === "private"));

export async function remove(id: string): Promise<void> {
  try {
    await del<Status>(`/api/v1/statuses/${id}`);
    dropEverywhere(id);
    say(t().deleted);
  } catch (e) {
    complain(t().actions.remove, e);
  }
}

/** Deletes a post and gives it back as the home had it, with its source, to be written again. */
export async function takeBack(id: string): Promise<Status | null> {
  try {
    const gone = await del<Status>(`/api/v1/statuses/${id}`);
    dropEverywhere(id);
    return gone;
  } catch (e) {
    complain(t().actions.redraft, e);
    return null;
  }
}

export async function vote(postId: string, poll: Poll, choices: number[]): Promise<void> {
  try {
    const answer = await post<Poll>(`/api/v1/polls/${poll.id}/votes`, { choices });
    patchPost(postId, { poll: answer });
  } catch (e) {
    complain(t().poll.vote, e);
  }
}

export async function refreshPoll(postId: string, poll: Poll): Promise<void> {
  try {
    patchPost(postId, { poll: await get<Poll>(`/api/v1/polls/${poll.id}`) });
  } catch (e) {
    complain(t().poll.refresh, e);
  }
}

/** Opened content warnings and filters, by post id. */
const unfolded = signal<ReadonlySet<string>>(new Set());
export const isUnfolded = (id: string): boolean => unfolded.value.has(id);

export function fold(id: string, open = !unfolded.peek().has(id)): void {
  const next = new Set(unfolded.peek());
  if (open) next.add(id);
  else next.delete(id);
  unfolded.value = next;
}

export async function copyLink(p: Post): Promise<void> {
  try {
    await navigator.clipboard.writeText(p.url ?? p.uri);
    say(t().copied);
  } catch (e) {
    complain(t().actions.copy, e);
  }
}

export async function follow(id: string, on: boolean): Promise<Relationship | null> {
  try {
    return await post<Relationship>(`/api/v1/accounts/${id}/${on ? "follow" : "unfollow"}`);
  } catch (e) {
    complain(on ? t().actions.follow : t().actions.unfollow, e);
    return null;
  }
}

export async function answerRequest(accountId: string, accept: boolean): Promise<boolean> {
  try {
    await post(`/api/v1/follow_requests/${accountId}/${accept ? "authorize" : "reject"}`);
    return true;
  } catch (e) {
    complain(accept ? t().notice.accept : t().notice.reject, e);
    return false;
  }
}
