import { expect, test } from "vitest";
import { systemLocale } from ".";
import { en } from "./en";
import { ja } from "./ja";
import { en as moreEn } from "./more/en";
import { ja as moreJa } from "./more/ja";
import { plural } from "./plural";
import { ago, until } from "./time";

/** Every message of a catalogue with its path; functions are called with samples. */
function leaves(value: unknown, path: string, out: Map<string, string>): Map<string, string> {
  if (typeof value === "string") out.set(path, value);
  else if (typeof value === "function") out.set(path, String((value as (...a: unknown[]) => unknown)(3, "B", "C")));
  else if (value && typeof value === "object") for (const [k, v] of Object.entries(value)) leaves(v, `${path}.${k}`, out);
  return out;
}

const english = leaves({ ...en, more: moreEn }, "", new Map());
const japanese = leaves({ ...ja, more: moreJa }, "", new Map());

test("both catalogues say the same things, and none is empty", () => {
  expect([...japanese.keys()].sort()).toEqual([...english.keys()].sort());
  for (const [key, text] of [...english, ...japanese]) expect(text.trim(), key).not.toBe("");
});

/** What is no word. */
const signs = new Set([".comma", ".column.words"]);

test("Japanese is Japanese", () => {
  for (const [key, text] of japanese) if (!signs.has(key)) expect(text, key).toMatch(/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u);
});

test("English has no exclamation mark and no Japanese", () => {
  for (const [key, text] of english) expect(text, key).not.toMatch(/[!\p{Script=Hiragana}\p{Script=Han}]/u);
});

test.each([
  [en.column.fresh(1), "1 new post"],
  [en.column.fresh(7), "7 new posts"],
  [en.column.fresh(1200), "1,200 new posts"],
  [ja.column.fresh(1200), "新しい投稿 1,200 件"],
  [en.poll.voters(0), "0 people"],
  [plural("ja", 1, { other: "# 件" }), "1 件"],
])("%s", (got, want) => expect(got).toBe(want));

const now = Date.UTC(2026, 10, 25, 12);
const back = (ms: number): number => now - ms;
test.each([
  ["ja", 0, "たった今"],
  ["ja", -5000, "たった今"],
  ["ja", 3 * 60_000, "3分前"],
  ["ja", 2 * 3_600_000, "2時間前"],
  ["ja", 6 * 86_400_000, "6日前"],
  ["ja", 7 * 86_400_000, "11月18日"],
  ["ja", 365 * 86_400_000, "2025年11月25日"],
  ["en", 59_999, "now"],
  ["en", 3 * 60_000, "3m ago"],
  ["en", 26 * 3_600_000, "1d ago"],
  ["en", 7 * 86_400_000, "Nov 18"],
  ["en", Number.NaN, ""],
])("ago in %s after %d ms", (lang, ms, want) => expect(ago(lang, lang === "ja" ? ja.now : en.now, back(ms), now)).toBe(want));

test.each([
  ["ja", 30_000, "1分後"],
  ["ja", 90 * 60_000, "2時間後"],
  ["en", 86_400_000 * 3, "in 3d"],
])("until in %s", (lang, ms, want) => expect(until(lang, now + ms, now).replace(/\s+/g, " ")).toBe(want));

test.each([
  [["ja-JP", "en"], "ja"],
  [["EN-gb"], "en"],
  [["fr", "ja"], "ja"],
  [["fr"], "en"],
  [[], "en"],
])("the locale for %j", (languages, want) => expect(systemLocale(languages)).toBe(want));
