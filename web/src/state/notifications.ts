import type { Notification } from "../api/types";
import { putStatus } from "./store";

/** A notification as it is kept: its post stands in the post store. */
export interface Notice extends Omit<Notification, "status"> {
  statusId: string | null;
}

const notices = new Map<string, Notice>();

export function putNotification(n: Notification): string {
  const { status, ...rest } = n;
  notices.set(n.id, { ...rest, statusId: status ? putStatus(status) : null });
  return n.id;
}

export const getNotice = (id: string): Notice | null => notices.get(id) ?? null;

/** The notices that speak of one of these posts. */
export function noticesAbout(ids: string[]): string[] {
  const set = new Set(ids);
  return [...notices.values()].filter((n) => n.statusId && set.has(n.statusId)).map((n) => n.id);
}

/** The posts that these notices show. */
export function postsOf(noticeIds: Iterable<string>): string[] {
  const out: string[] = [];
  for (const id of noticeIds) {
    const post = notices.get(id)?.statusId;
    if (post) out.push(post);
  }
  return out;
}

/** Forgets all but these. */
export function sweepNotices(keep: Set<string>): void {
  for (const id of notices.keys()) if (!keep.has(id)) notices.delete(id);
}

export function clearNotifications(): void {
  notices.clear();
}
