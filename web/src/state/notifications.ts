import type { Account, GroupedNotifications, Notification, NotificationGroup } from "../api/types";
import { putStatus } from "./store";

/** A notification as it is kept, or several of one kind about one post: its post stands in the post store. */
export interface Notice extends Omit<Notification, "status"> {
  statusId: string | null;
  /** The newest first; more may stand behind `count` than are named. */
  people: Account[];
  count: number;
}

const notices = new Map<string, Notice>();

export function putNotification(n: Notification): string {
  const { status, ...rest } = n;
  notices.set(n.id, { ...rest, statusId: status ? putStatus(status) : null, people: [n.account], count: 1 });
  return n.id;
}

/** Takes a group with the people and posts that came with it; its key is its id. */
export function putGroup(g: NotificationGroup, answer: Pick<GroupedNotifications, "accounts" | "statuses">): string {
  const people = g.sample_account_ids.flatMap((id) => answer.accounts.find((a) => a.id === id) ?? []);
  const status = answer.statuses.find((s) => s.id === g.status_id);
  const account = people[0];
  if (!account) return g.group_key;
  notices.set(g.group_key, {
    id: g.group_key,
    type: g.type,
    created_at: g.latest_page_notification_at ?? "",
    group_key: g.group_key,
    account,
    people,
    count: g.notifications_count,
    statusId: status ? putStatus(status) : null,
    ...(g.fallback && { fallback: g.fallback }),
    ...(g.emoji && { emoji: g.emoji, emoji_url: g.emoji_url ?? null }),
  });
  return g.group_key;
}

/** Takes a single notification that arrived into its group. */
export function joinGroup(n: Notification): string {
  const key = n.group_key ?? n.id;
  const kept = notices.get(key);
  const { status, ...rest } = n;
  const people = [n.account, ...(kept?.people ?? []).filter((a) => a.id !== n.account.id)];
  notices.set(key, { ...rest, id: key, statusId: status ? putStatus(status) : (kept?.statusId ?? null), people, count: (kept?.count ?? 0) + 1 });
  return key;
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
