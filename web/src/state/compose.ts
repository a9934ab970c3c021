import { effect, signal } from "@preact/signals";
import { post } from "../api/client";
import type { Status, Visibility } from "../api/types";
import { SendKey, bodyOf, isEmpty, narrower, parseDraft, type Draft } from "../compose/draft";
import { locale, t } from "../i18n";
import { audienceOf } from "../post/audience";
import { showOwn } from "./live";
import { me, session } from "./session";
import { patchPost, peekPost, putStatus, type Post } from "./store";
import { addReply } from "./thread";
import { say } from "./toast";

const KEY = "engawa.draft";

function blank(): Draft {
  const account = session.peek().state === "in" ? me() : null;
  return {
    text: "",
    warning: null,
    audience: account?.source?.privacy ?? "public",
    language: account?.source?.language ?? locale(),
    sensitive: false,
    media: [],
    poll: null,
    replyTo: null,
    quote: null,
  };
}

export const draft = signal<Draft>(blank());
export const composing = signal(false);
/** Grows with each call for the composer; its text field then takes the focus. */
export const called = signal(0);
export const sending = signal(false);
export const sendFailure = signal<unknown>(null);

const key = new SendKey(randomKey);

/** Takes up the kept draft of the person who is logged in, and keeps every change. */
export function keepDraft(): void {
  let owner = "";
  effect(() => {
    const s = session.value;
    const id = s.state === "in" ? s.me.id : "";
    if (id && id !== owner) draft.value = parseDraft(localStorage.getItem(`${KEY}.${id}`)) ?? blank();
    owner = id;
  });
  effect(() => {
    const d = draft.value;
    if (!owner) return;
    try {
      if (isEmpty(d)) localStorage.removeItem(`${KEY}.${owner}`);
      else localStorage.setItem(`${KEY}.${owner}`, JSON.stringify(d));
    } catch {
      // Storage full: the draft lives as long as the page.
    }
  });
}

export function edit(patch: Partial<Draft>): void {
  draft.value = { ...draft.peek(), ...patch };
}

export function clearDraft(): void {
  draft.value = blank();
  sendFailure.value = null;
  key.done();
}

export function compose(): void {
  composing.value = true;
  called.value++;
}

export function reply(to: Post): void {
  const d = isEmpty(draft.peek()) || isOnlyMentions(draft.peek().text) ? blank() : draft.peek();
  const others = to.mentions.filter((m) => m.id !== me()?.id && m.id !== to.account.id).map((m) => `@${m.acct}`);
  const names = to.account.id === me()?.id ? others : [`@${to.account.acct}`, ...others];
  const missing = names.filter((n) => !d.text.includes(n));
  draft.value = {
    ...d,
    text: missing.length ? `${missing.join(" ")} ${d.text}` : d.text,
    warning: to.spoiler_text || d.warning,
    audience: narrower(d.audience, audienceOf(to)),
    replyTo: { id: to.id, name: to.account.display_name || to.account.username },
    quote: null,
  };
  compose();
}

export function quote(of: Post): void {
  const d = draft.peek();
  draft.value = { ...d, replyTo: null, audience: narrower(d.audience, audienceOf(of)), quote: { id: of.id, name: of.account.display_name || of.account.username } };
  compose();
}

/** Sends the draft. On failure it stays as it is, and sending again cannot post it twice. */
export async function send(): Promise<void> {
  if (sending.peek()) return;
  const d = draft.peek();
  const body = bodyOf(d);
  sending.value = true;
  sendFailure.value = null;
  try {
    const status = await post<Status>("/api/v1/statuses", body, { "Idempotency-Key": key.for(body) });
    putStatus(status);
    showOwn(status.id);
    if (d.replyTo) {
      addReply(d.replyTo.id, status.id);
      patchPost(d.replyTo.id, { replies_count: (peekPost(d.replyTo.id)?.replies_count ?? 0) + 1 });
    }
    clearDraft();
    composing.value = false;
    say(t().compose.sent);
  } catch (e) {
    sendFailure.value = e;
  } finally {
    sending.value = false;
  }
}

/** The audiences that this home offers. */
export function audiences(localOnly: boolean): Visibility[] {
  return localOnly ? ["public", "unlisted", "private", "direct", "local"] : ["public", "unlisted", "private", "direct"];
}

const isOnlyMentions = (text: string): boolean => !text.replaceAll(/@[\w.-]+(@[\w.-]+)?/g, "").trim();

/** 128 random bits; also where the connection is not protected and randomUUID is missing. */
function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
}
