import { get } from "../api/client";
import type { Emoji } from "../api/types";
import type { Locale } from "../i18n";

/** Something that can be picked: an emoji of Unicode, one of this home, or a kaomoji. */
export interface Pick {
  /** As it is written into a text: "🌱", ":neko:", "(´ω`)". */
  text: string;
  name: string;
  /** What it is found by, in lower case. */
  words: string;
  picture?: string;
}

/** The groups of Unicode, in its order, without the components. */
export const groupNames = ["smileys", "people", "nature", "food", "travel", "activities", "objects", "symbols", "flags"] as const;
export type GroupName = (typeof groupNames)[number];

/** Reads one group as the build made it (see vite.config.ts). */
export function parseGroup(lines: string): Pick[] {
  return lines.split("\n").flatMap((line) => {
    const [text, name, tags] = line.split("\t");
    return text && name ? [{ text, name, words: `${name} ${tags ?? ""}`.toLowerCase() }] : [];
  });
}

/** Those with the very word that is looked for come first, then those with a word that begins so, then those that hold it. */
export function find(all: readonly Pick[], q: string, max = 80): Pick[] {
  const wanted = q.trim().toLowerCase().replace(/^:|:$/g, "");
  if (!wanted) return [];
  const exact: Pick[] = [];
  const begins: Pick[] = [];
  const holds: Pick[] = [];
  for (const p of all) {
    if (p.text === q.trim() || ` ${p.words} `.includes(` ${wanted} `)) exact.push(p);
    else if (p.words.startsWith(wanted) || p.words.includes(` ${wanted}`)) begins.push(p);
    else if (p.words.includes(wanted)) holds.push(p);
  }
  return [...exact, ...begins, ...holds].slice(0, max);
}

const loaded = new Map<Locale, Promise<Pick[][]>>();

/** The emoji of Unicode with their names in a language; loaded when first wanted. */
export function unicodeGroups(lang: Locale): Promise<Pick[][]> {
  let got = loaded.get(lang);
  if (!got) {
    got = (lang === "ja" ? import("virtual:emoji-ja") : import("virtual:emoji-en")).then((x) => x.default.map(parseGroup));
    got.catch(() => loaded.delete(lang));
    loaded.set(lang, got);
  }
  return got;
}

let custom: Promise<Emoji[]> | null = null;

/** This home's own emoji that are meant to be picked. */
export function customEmoji(): Promise<Emoji[]> {
  custom ??= get<Emoji[]>("/api/v1/custom_emojis").then((all) => all.filter((e) => e.visible_in_picker !== false));
  custom.catch(() => (custom = null));
  return custom;
}

export const pickOf = (e: Emoji): Pick => ({ text: `:${e.shortcode}:`, name: e.shortcode, words: `${e.shortcode} ${e.category ?? ""}`.toLowerCase(), picture: e.static_url || e.url });

/** Faces made of letters, by mood; `words` in both languages. */
export const kaomoji: readonly Pick[] = [
  ["(´ω`)", "ほっこり calm"], ["(*´▽`*)", "うれしい happy"], ["ヽ(´▽`)/", "わーい hooray"], ["(≧▽≦)", "大笑い laugh"], ["(^_^)", "にこ smile"],
  ["(^^;", "あせ sweat"], ["(・∀・)", "いいね good"], ["(。・ω・。)", "ほわ soft"], ["(´・ω・`)", "しょんぼり sad"], ["(T_T)", "泣く cry"],
  ["(;ω;)", "なみだ tears"], ["(>_<)", "つらい ouch"], ["orz", "がっくり"], ["(´-ω-`)", "ねむい sleepy"], ["(-_-)zzz", "寝る sleep"],
  ["(°ロ°)", "びっくり surprised"], ["Σ(゚Д゚)", "えっ shock"], ["(?_?)", "はて question"], ["(¬_¬)", "じと doubt"], ["(#`Д´)", "おこ angry"],
  ["m(_ _)m", "お願い sorry please"], ["(_ _)", "おじぎ bow"], ["( ´ ▽ ` )ノ", "やあ hello"], ["ノシ", "またね bye"], ["(・ω・)ノ", "はい yes"],
  ["( ˘ω˘ )", "すや rest"], ["(*´з`)", "ちゅ kiss"], ["(♡´▽`♡)", "すき love"], ["¯\\_(ツ)_/¯", "さあ shrug"], ["(╯°□°)╯︵ ┻━┻", "ちゃぶ台返し table flip"],
  ["┬─┬ノ( º _ ºノ)", "ちゃぶ台直し table back"], ["(ง •̀_•́)ง", "がんばる go for it"], ["d(^_^o)", "ぐっ thumbs up"], ["( ^^)人(^^ )", "なかま friends"], ["(´∀`)旦~~", "お茶 tea"],
  ["ʕ•ᴥ•ʔ", "くま bear"], ["(=^・^=)", "ねこ cat"], ["U・x・U", "いぬ dog"], ["(・⊝・)", "とり bird"], ["<゚)))彡", "さかな fish"],
].map(([text, words]) => ({ text: text!, name: words!.split(" ")[0]!, words: words!.toLowerCase() }));
