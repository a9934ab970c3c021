import type { Conversation, Notification, Status, StreamMessage } from "../api/types";

/** What a message of the stream means for the deck. */
export type Effect =
  | { kind: "status"; stream: string; status: Status }
  | { kind: "edit"; status: Status }
  | { kind: "notification"; notification: Notification }
  | { kind: "conversation"; conversation: Conversation }
  | { kind: "delete"; id: string };

const MAX_PAYLOAD = 1_000_000;

/** Reads one message; null for what the deck has no use for, and for what cannot be read. */
export function effectOf(message: StreamMessage): Effect | null {
  const payload = message.payload;
  if (typeof payload !== "string" || payload.length > MAX_PAYLOAD) return null;
  if (message.event === "delete") return /^-?\d+$/.test(payload) ? { kind: "delete", id: payload } : null;
  const value = parse(payload);
  if (!value) return null;
  switch (message.event) {
    case "update":
      return hasAccount(value) ? { kind: "status", stream: message.stream.join(":"), status: value as unknown as Status } : null;
    case "status.update":
      return hasAccount(value) ? { kind: "edit", status: value as unknown as Status } : null;
    case "notification":
      return hasAccount(value) ? { kind: "notification", notification: value as unknown as Notification } : null;
    case "conversation":
      return typeof value.id === "string" && Array.isArray(value.accounts) ? { kind: "conversation", conversation: value as unknown as Conversation } : null;
    default:
      return null;
  }
}

function parse(payload: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(payload);
    return value && typeof value === "object" ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

const hasAccount = (v: Record<string, unknown>): boolean => typeof v.id === "string" && typeof v.account === "object" && v.account !== null;
