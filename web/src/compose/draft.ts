import type { Media, Visibility } from "../api/types";

/** What is being written; kept on this device until it is sent. */
export interface Draft {
  text: string;
  /** Null: no content warning field shown. */
  warning: string | null;
  audience: Visibility;
  language: string;
  sensitive: boolean;
  media: Media[];
  poll: PollDraft | null;
  replyTo: Target | null;
  quote: Target | null;
  /** The id of the post that is edited; null: a new one. */
  editing: string | null;
  /** When it is to be posted (local, as a datetime field has it); null: at once. */
  schedule: string | null;
}

export interface PollDraft {
  options: string[];
  multiple: boolean;
  /** Seconds. */
  duration: number;
}

export interface Target {
  id: string;
  name: string;
}

/** The body of `POST /api/v1/statuses`. */
export interface StatusBody {
  status: string;
  visibility: Exclude<Visibility, "local">;
  local_only?: true;
  language?: string;
  sensitive?: true;
  spoiler_text?: string;
  media_ids?: string[];
  poll?: { options: string[]; multiple: boolean; expires_in: number };
  in_reply_to_id?: string;
  quoted_status_id?: string;
  scheduled_at?: string;
}

/** The body of `PUT /api/v1/statuses/{id}`. */
export interface EditBody extends Pick<StatusBody, "status" | "language" | "poll"> {
  spoiler_text: string;
  sensitive: boolean;
  media_ids: string[];
  media_attributes: { id: string; description: string }[];
}

export function bodyOf(d: Draft): StatusBody {
  const local = d.audience === "local";
  const options = d.poll?.options.map((o) => o.trim()).filter(Boolean) ?? [];
  return {
    status: d.text.trim(),
    visibility: d.audience === "local" ? "public" : d.audience,
    ...(local && { local_only: true }),
    ...(d.language && { language: d.language }),
    ...(d.sensitive && d.media.length > 0 && { sensitive: true }),
    ...(d.warning?.trim() && { spoiler_text: d.warning.trim() }),
    ...(d.media.length && { media_ids: d.media.map((m) => m.id) }),
    ...(d.poll && { poll: { options, multiple: d.poll.multiple, expires_in: d.poll.duration } }),
    ...(d.replyTo && { in_reply_to_id: d.replyTo.id }),
    ...(d.quote && { quoted_status_id: d.quote.id }),
    ...(d.schedule && { scheduled_at: new Date(d.schedule).toISOString() }),
  };
}

/** What an edit sends: all that can change, so that what was taken out goes. */
export function editOf(d: Draft): EditBody {
  const { status, language, poll } = bodyOf(d);
  return {
    status,
    ...(language && { language }),
    spoiler_text: d.warning?.trim() ?? "",
    sensitive: d.sensitive,
    media_ids: d.media.map((m) => m.id),
    media_attributes: d.media.map((m) => ({ id: m.id, description: m.description ?? "" })),
    ...(poll && { poll }),
  };
}

/** Is there something to lose? */
export const isEmpty = (d: Draft): boolean => !d.text.trim() && !d.warning?.trim() && !d.media.length && !d.poll?.options.some((o) => o.trim());

/** May it be sent, as far as we can tell without asking the home? */
export function isReady(d: Draft, left: number): boolean {
  if (left < 0) return false;
  if (d.poll && d.poll.options.filter((o) => o.trim()).length < 2) return false;
  return Boolean(d.text.trim() || d.media.length || d.poll);
}

const order: Visibility[] = ["public", "unlisted", "private", "direct"];

/** An answer is never wider than what it answers. */
export function narrower(a: Visibility, b: Visibility): Visibility {
  if (a === "local" || b === "local") return a === "direct" || b === "direct" ? "direct" : "local";
  return order.indexOf(a) >= order.indexOf(b) ? a : b;
}

/** Reads a kept draft; null when there is none or it is of another shape. */
export function parseDraft(text: string | null): Draft | null {
  try {
    const d = JSON.parse(text ?? "null") as Partial<Draft> | null;
    if (!d || typeof d.text !== "string" || typeof d.audience !== "string" || !Array.isArray(d.media)) return null;
    return {
      text: d.text,
      warning: d.warning ?? null,
      audience: d.audience,
      language: d.language ?? "",
      sensitive: d.sensitive === true,
      media: d.media,
      poll: d.poll ?? null,
      replyTo: d.replyTo ?? null,
      quote: d.quote ?? null,
      editing: d.editing ?? null,
      schedule: d.schedule ?? null,
    };
  } catch {
    return null;
  }
}

/**
 * Gives the Idempotency-Key of a body: the same for the same body, so that
 * sending again after a lost answer posts once; another when it was changed.
 */
export class SendKey {
  private body = "";
  private key = "";

  constructor(private readonly make: () => string) {}

  for(body: StatusBody): string {
    const text = JSON.stringify(body);
    if (text !== this.body || !this.key) {
      this.body = text;
      this.key = this.make();
    }
    return this.key;
  }

  /** After success: the same words may be posted again on purpose. */
  done(): void {
    this.key = "";
  }
}
