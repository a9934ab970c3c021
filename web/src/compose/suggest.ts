// What is being named at the caret, and how a text is changed by choosing. No network, no drawing.

export type SuggestKind = "person" | "tag" | "emoji";

export interface Token {
  kind: SuggestKind;
  /** What was typed after the mark. */
  q: string;
  /** Where the mark stands, and where the caret does. */
  from: number;
  to: number;
}

/** The longest name that is looked up, in characters. */
const MAX = 80;

const marks: [SuggestKind, RegExp][] = [
  ["person", /(?:^|[\s(「『（、。])@([\w.-]+(?:@[\w.-]*)?)$/u],
  ["tag", /(?:^|[\s(「『（、。])#([\p{L}\p{N}_]+)$/u],
  ["emoji", /(?:^|[\s\p{P}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]):([\w+-]{2,}|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]+)$/u],
];

/** What stands before the caret and may be completed; null: nothing. */
export function tokenAt(text: string, caret: number): Token | null {
  const before = text.slice(Math.max(0, caret - MAX), caret);
  for (const [kind, shape] of marks) {
    const q = shape.exec(before)?.[1];
    if (q) return { kind, q, from: caret - q.length - 1, to: caret };
  }
  return null;
}

/** The text with `what` in place of the selection, and where the caret is then. */
export function insertAt(text: string, from: number, to: number, what: string): { text: string; caret: number } {
  return { text: text.slice(0, from) + what + text.slice(to), caret: from + what.length };
}

/** The text with the token completed; one space stands behind it. */
export function complete(text: string, token: Token, what: string): { text: string; caret: number } {
  const space = text.slice(token.to, token.to + 1) === " " ? "" : " ";
  const done = insertAt(text, token.from, token.to, what + space);
  return space ? done : { ...done, caret: done.caret + 1 };
}
