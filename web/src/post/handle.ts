/** A handle in two parts: the name may shrink, the home stays in sight. */
export interface HandleParts {
  name: string;
  /** With its @; empty for people of this home. */
  home: string;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * Cuts a handle in the middle to about `max` characters: "@long…name@home.example".
 * The name gives way first, down to four characters; only then the home, and
 * that from its left, because the right end says who owns it.
 */
export function cutHandle(acct: string, max = 32): HandleParts {
  const at = acct.indexOf("@");
  const name = at < 0 ? acct : acct.slice(0, at);
  const home = at < 0 ? "" : acct.slice(at + 1);
  const nameRoom = Math.max(4, max - 2 - home.length);
  const shortName = cutMiddle(name, nameRoom);
  const homeRoom = Math.max(12, max - 2 - shortName.length);
  return { name: `@${shortName}`, home: home && `@${cutLeft(home, homeRoom)}` };
}

/** Keeps the beginning and the end; whole characters only. */
export function cutMiddle(text: string, max: number): string {
  const parts = [...graphemes.segment(text)].map((s) => s.segment);
  if (parts.length <= max) return text;
  const keep = max - 1;
  const head = Math.ceil(keep / 2);
  return parts.slice(0, head).join("") + "…" + parts.slice(parts.length - (keep - head)).join("");
}

function cutLeft(text: string, max: number): string {
  return text.length <= max ? text : `…${text.slice(text.length - (max - 1))}`;
}

/** The home in a handle; null for people of this home. */
export function hostOf(acct: string): string | null {
  const at = acct.lastIndexOf("@");
  return at < 0 ? null : acct.slice(at + 1);
}
