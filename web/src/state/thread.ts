import { signal, type Signal } from "@preact/signals";
import { get } from "../api/client";
import type { Context, Status } from "../api/types";
import { compareIds, peekPost, putStatus } from "./store";

/** A reply with its depth under the chosen post: 1 answers it directly. */
export interface Reply {
  id: string;
  depth: number;
}

export interface Thread {
  ancestors: string[];
  replies: Reply[];
  /** False until the home has answered. */
  loaded: boolean;
  failure: unknown;
}

const MAX = 10;
const threads = new Map<string, Signal<Thread>>();
/** Where each thread was scrolled to, in pixels, for Back. */
export const threadScroll = new Map<string, number>();

/** The thread around a post; read again each time it is opened, what was known is shown meanwhile. */
export function threadOf(id: string): Signal<Thread> {
  const kept = threads.get(id) ?? signal<Thread>({ ancestors: [], replies: [], loaded: false, failure: null });
  threads.delete(id);
  threads.set(id, kept);
  for (const key of threads.keys()) {
    if (threads.size <= MAX) break;
    threads.delete(key);
    threadScroll.delete(key);
  }
  return kept;
}

export async function loadThread(id: string): Promise<void> {
  const thread = threadOf(id);
  try {
    const chosen = peekPost(id) ? null : get<Status>(`/api/v1/statuses/${id}`).then((s) => void putStatus(s));
    const context = get<Context>(`/api/v1/statuses/${id}/context`);
    await chosen;
    if (!chosen) void get<Status>(`/api/v1/statuses/${id}`).then((s) => void putStatus(s)).catch(() => {});
    const c = await context;
    thread.value = {
      ancestors: c.ancestors.map((s) => putStatus(s)),
      replies: nest(id, c.descendants),
      loaded: true,
      failure: null,
    };
  } catch (failure) {
    thread.value = { ...thread.peek(), loaded: true, failure };
  }
}

/** Puts the descendants in reading order: each under what it answers, oldest first. */
export function nest(root: string, descendants: Status[]): Reply[] {
  const known = new Set(descendants.map((s) => s.id));
  const under = new Map<string, string[]>();
  for (const s of [...descendants].sort((a, b) => compareIds(a.id, b.id))) {
    putStatus(s);
    const parent = s.in_reply_to_id && known.has(s.in_reply_to_id) ? s.in_reply_to_id : root;
    under.set(parent, [...(under.get(parent) ?? []), s.id]);
  }
  const out: Reply[] = [];
  const stack = (under.get(root) ?? []).map((id) => ({ id, depth: 1 })).reverse();
  const seen = new Set<string>([root]);
  for (let next = stack.pop(); next; next = stack.pop()) {
    if (seen.has(next.id)) continue;
    seen.add(next.id);
    out.push(next);
    for (const id of (under.get(next.id) ?? []).reverse()) stack.push({ id, depth: next.depth + 1 });
  }
  return out;
}

/** One's own answer goes into the open thread at once. */
export function addReply(parent: string, id: string): void {
  for (const [root, thread] of threads) {
    const t = thread.peek();
    const at = t.replies.findIndex((r) => r.id === parent);
    if (t.replies.some((r) => r.id === id)) continue;
    if (root === parent) thread.value = { ...t, replies: [...t.replies, { id, depth: 1 }] };
    else if (at >= 0) thread.value = { ...t, replies: t.replies.toSpliced(at + 1, 0, { id, depth: t.replies[at]!.depth + 1 }) };
  }
}

export function threadPosts(): string[] {
  return [...threads].flatMap(([id, t]) => [id, ...t.peek().ancestors, ...t.peek().replies.map((r) => r.id)]);
}

export function forgetThreads(): void {
  threads.clear();
  threadScroll.clear();
}
