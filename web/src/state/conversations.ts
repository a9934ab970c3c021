import type { Account, Conversation } from "../api/types";
import { signal, type Signal } from "@preact/signals";
import { post } from "../api/client";
import { putStatus } from "./store";

/** A conversation as it is kept: its last post stands in the post store. */
export interface Talk {
  id: string;
  unread: boolean;
  accounts: Account[];
  lastId: string | null;
}

const talks = new Map<string, Signal<Talk>>();

export function putConversation(c: Conversation): string {
  const next: Talk = { id: c.id, unread: c.unread, accounts: c.accounts, lastId: c.last_status ? putStatus(c.last_status) : null };
  const kept = talks.get(c.id);
  if (kept) kept.value = next;
  else talks.set(c.id, signal(next));
  return c.id;
}

export const getTalk = (id: string): Talk | null => talks.get(id)?.value ?? null;

/** Read: said at once; if the home does not hear it, it is unread again at the next load. */
export function readTalk(id: string): void {
  const kept = talks.get(id);
  if (!kept?.peek().unread) return;
  kept.value = { ...kept.peek(), unread: false };
  post(`/api/v1/conversations/${id}/read`).catch(() => {});
}

export const talkPosts = (): string[] => [...talks.values()].flatMap((s) => s.peek().lastId ?? []);

export function clearTalks(): void {
  talks.clear();
}
