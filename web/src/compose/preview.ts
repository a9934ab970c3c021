import type { CopyPreview } from "../api/types";
import { bodyOf, type Draft } from "./draft";

/** What the home is asked: the draft as it would be posted. */
export function previewBody(d: Draft): Record<string, unknown> {
  const { status, visibility, local_only, language, sensitive, spoiler_text, media_ids, poll, in_reply_to_id, quoted_status_id } = bodyOf(d);
  return {
    text: status,
    visibility: local_only ? "local" : visibility,
    ...(language && { language }),
    ...(sensitive && { sensitive }),
    ...(spoiler_text && { spoiler_text }),
    ...(media_ids && { media_ids }),
    ...(poll && poll.options.length > 1 && { poll }),
    ...(in_reply_to_id && { in_reply_to_id }),
    ...(quoted_status_id && { quoted_status_id }),
  };
}

/** How full the fullest part of a copy is (0 to 1), and what is left of it; null where there is no limit or no copy. */
export function fullest(p: CopyPreview): { used: number; left: number; limit: number } | null {
  let most: { used: number; left: number; limit: number } | null = null;
  for (const part of p.parts) {
    if (!part.limit) continue;
    const used = part.length / part.limit;
    if (!most || used > most.used) most = { used, left: part.left, limit: part.limit };
  }
  return most;
}

/** Micro-dollars in words of a language: at least two decimals, no rounding up of what matters: "$0.015". */
export function money(lang: string, micros: number): string {
  return new Intl.NumberFormat(lang, { style: "currency", currency: "USD", currencyDisplay: "narrowSymbol", minimumFractionDigits: 2, maximumFractionDigits: 4 }).format(micros / 1e6);
}
