import { effect, signal } from "@preact/signals";
import { get, post, put } from "../api/client";
import type { CopiedTo, Scheduled, Status, StatusSource, Visibility } from "../api/types";
import { SendKey, bodyOf, editOf, isEmpty, narrower, parseDraft, type Draft } from "../compose/draft";
import { locale, t } from "../i18n";
import { audienceOf } from "../post/audience";
import { fullTime } from "../i18n/time";
import { takeBack } from "./actions";
import { showOwn } from "./live";
import { me, session } from "./session";
import { patchPost, peekPost, putStatus, type Post } from "./store";
import { addReply } from "./thread";
import { complain, dismiss, isShown, say } from "./toast";

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
    editing: null,
    schedule: null,
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

export function change(patch: Partial<Draft>): void {
  draft.value = { ...draft.peek(), ...patch };
}

export function clearDraft(): void {
  draft.value = aside.peek().at(-1) ?? blank();
  aside.value = aside.peek().slice(0, -1);
  sendFailure.value = null;
  key.done();
}

export function compose(): void {
  composing.value = true;
  called.value++;
}

/** Begins a post to somebody, in what is being written already if there is something. */
export function mention(acct: string): void {
  const d = draft.peek();
  change({ text: d.text.includes(`@${acct}`) ? d.text : `${d.text}${d.text && !d.text.endsWith(" ") ? " " : ""}@${acct} ` });
  compose();
}

/** The draft that an answer or a quote goes into: never a post that is being edited, which waits. */
function forNew(): Draft {
  const d = draft.peek();
  if (d.editing) setAside();
  return d.editing || isEmpty(d) || isOnlyMentions(d.text) ? blank() : d;
}

export function reply(to: Post): void {
  const d = forNew();
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

/** Takes a post's source into the composer; the draft that was there waits until the edit is done or given up. */
export async function edit(p: Post): Promise<void> {
  try {
    const source = await get<StatusSource>(`/api/v1/statuses/${p.id}/source`);
    setAside();
    draft.value = { ...blank(), ...partsOf(p), text: source.text, warning: source.spoiler_text || null, editing: p.id };
    compose();
  } catch (e) {
    complain(t().actions.edit, e);
  }
}

/** Deletes a post and takes it into the composer. What was being written there waits. */
export async function redraft(p: Post): Promise<void> {
  const gone = await takeBack(p.id);
  if (gone) restore({ ...p, poll: gone.poll }, gone.text ?? "");
}

/** Puts a deleted post back into the composer. */
export function restore(p: Post, text: string): void {
  setAside();
  const to = p.in_reply_to_id ? peekPost(p.in_reply_to_id) : null;
  draft.value = {
    ...blank(),
    ...partsOf(p),
    text,
    warning: p.spoiler_text || null,
    replyTo: p.in_reply_to_id ? { id: p.in_reply_to_id, name: to ? to.account.display_name || to.account.username : t().post.reply } : null,
  };
  compose();
}

function partsOf(p: Post): Partial<Draft> {
  const quoted = p.quote?.id ? peekPost(p.quote.id) : null;
  return {
    audience: audienceOf(p),
    language: p.language ?? "",
    sensitive: p.sensitive,
    media: p.media_attachments,
    poll: p.poll ? { options: p.poll.options.map((o) => o.title), multiple: p.poll.multiple, duration: pollTime(p) } : null,
    quote: p.quote?.id ? { id: p.quote.id, name: quoted ? quoted.account.display_name || quoted.account.username : "" } : null,
  };
}

/** How long a poll was open in all, in seconds; a day where that is not known. */
const pollTime = (p: Post): number => {
  const span = p.poll?.expires_at ? Math.round((Date.parse(p.poll.expires_at) - Date.parse(p.created_at)) / 1000) : 0;
  return span > 0 ? Math.max(300, span) : 86_400;
};

/** Drafts that wait while something else is written (a post edited, or written again); the last comes back first. */
export const aside = signal<Draft[]>([]);

/** Lets what is being written wait, if there is something. */
function setAside(): void {
  if (!isEmpty(draft.peek())) aside.value = [...aside.peek(), draft.peek()];
}

export function quote(of: Post): void {
  const d = forNew();
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
    if (d.editing) {
      putStatus(await put<Status>(`/api/v1/statuses/${d.editing}`, editOf(d)));
      clearDraft();
      composing.value = false;
      say(t().compose.edited);
      return;
    }
    const answer = await post<Status | Scheduled>("/api/v1/statuses", body, { "Idempotency-Key": key.for(body) });
    if ("scheduled_at" in answer) {
      clearDraft();
      composing.value = false;
      say(t().compose.scheduled(fullTime(locale(), Date.parse(answer.scheduled_at))));
      return;
    }
    const status = answer;
    putStatus(status);
    showOwn(status.id);
    if (d.replyTo) {
      addReply(d.replyTo.id, status.id);
      patchPost(d.replyTo.id, { replies_count: (peekPost(d.replyTo.id)?.replies_count ?? 0) + 1 });
    }
    clearDraft();
    composing.value = false;
    void offerUndo(status.id);
  } catch (e) {
    sendFailure.value = e;
  } finally {
    sending.value = false;
  }
}

/** Where no rule holds copies back, this long (ms) the post may be taken back at a press. */
const SECOND_THOUGHTS = 10_000;

let undoing = 0;

/** Says that the post is out, with a way back for as long as its copies are held (else a moment). */
async function offerUndo(id: string): Promise<void> {
  const undo = (): void => {
    const p = peekPost(id);
    if (p) void redraft(p);
  };
  // One way back at a time: that of the post just sent.
  dismiss(undoing);
  const first = say(t().compose.sent, { ms: SECOND_THOUGHTS, action: { label: t().compose.undo, run: undo } });
  undoing = first;
  try {
    const copies = await get<CopiedTo[]>(`/api/engawa/v1/posts/${id}/copies`);
    const held = copies.flatMap((c) => c.parts).filter((x) => x.state === "held" && x.due_at).map((x) => Date.parse(x.due_at!));
    const ms = Math.min(...held) - Date.now();
    if (!held.length || ms < SECOND_THOUGHTS || !isShown(first)) return;
    dismiss(first);
    undoing = say(t().compose.sentHeld(Math.round(ms / 1000)), { ms, action: { label: t().compose.undo, run: undo } });
  } catch {
    // The home tells nothing of copies: the first words stand.
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
