import { money } from "../compose/preview";
import type { RuleInfo } from "../api/types";
import type { Locale } from "../i18n";

// A rule of relaying as one sentence. What has no words of its own stands as it is written, so that nothing is left out.

interface Words {
  comma: string;
  and: string;
  also: string;
  posts(visibility: string, kinds: string): string;
  wanted(posts: string, wanted: string): string;
  sends(posts: string, to: string, how: string): string;
  blocks(posts: string): string;
  off(rule: string): string;
  never(from: string): string;
  visibility: Record<string, string>;
  kind: Record<string, string>;
  /** Conditions on a list of values. */
  list: Record<string, (list: string) => string>;
  /** What is said of a key and its value, "as.long=thread". */
  said: Record<string, string>;
  /** Keys with a value of their own. */
  value: Record<string, (value: string) => string>;
}

const en: Words = {
  comma: ", ",
  and: " and ",
  also: "; ",
  posts: (visibility, kinds) => `Your ${visibility} posts (${kinds})`,
  wanted: (posts, wanted) => `${posts} ${wanted}`,
  sends: (posts, to, how) => `${posts} go to ${to}: ${how}.`,
  blocks: (posts) => `${posts} go nowhere.`,
  off: (rule) => `Switched off: ${rule}`,
  never: (from) => `Nothing: the rule looks only at ${from}, and what is read through a link is never relayed.`,
  visibility: { public: "public", unlisted: "quiet" },
  kind: { original: "new ones", self_reply: "replies to yourself", reply: "replies to others", boost: "boosts", quote: "quotes", poll: "polls" },
  list: {
    tag_any: (l) => `with ${l}`,
    tag_all: (l) => `with all of ${l}`,
    tag_none: (l) => `without ${l}`,
    lang: (l) => `in the language ${l}`,
    text: (l) => `with ${l} in the text`,
    client: (l) => `written with ${l}`,
  },
  said: {
    "when.media=none": "without files",
    "when.media=only": "with files",
    "when.cw=with": "with a content warning",
    "when.cw=without": "without a content warning",
    "as.long=thread": "what is too long as a thread",
    "as.long=cut_link": "what is too long is cut, with a link",
    "as.long=link_only": "of what is too long only a link",
    "as.long=skip": "nothing that is too long",
    "as.strip_trigger=false": "the hashtag stays",
    "as.number=1/3": "parts are numbered",
    "as.link_back=never": "never with a link to the whole post",
    "as.link_back=always": "always with a link to the whole post",
    "as.cw=native": "content warnings only as the network has them",
    "as.cw=prefix": "content warnings before the text",
    "as.cw=link_only": "only a link where there is a content warning",
    "as.cw=skip": "nothing with a content warning",
    "as.sensitive_media=link": "sensitive files as links",
    "as.sensitive_media=skip": "nothing with sensitive files",
    "as.media=link": "files over the limit as links",
    "as.poll=text": "polls become text",
    "as.poll=link": "polls become links",
    "as.poll=skip": "no polls",
    "as.quote=link": "quotes become links",
    "as.quote=skip": "no quotes",
    "as.boost=link": "boosts become links",
    "as.boost=skip": "no boosts",
    "as.mention=name_only": "names as plain text",
    "as.mention=link": "names as links",
    "as.mention=skip_post": "nothing that names people who are not there",
    "as.audience=followers": "only followers may answer",
    "as.audience=mentioned": "only who is mentioned may answer",
    "keep.edit=replace": "edits change the copy",
    "keep.edit=correct_reply": "edits follow as a reply",
    "keep.edit=ignore": "edits do not follow",
    "keep.delete=false": "deletes do not follow",
    "keep.thread=false": "replies to yourself do not follow by themselves",
    "limit.confirm=always": "you are asked each time",
    "limit.confirm=when_lossy": "you are asked when something would be lost",
  },
  value: {
    "limit.hold": (v) => `after ${v}`,
    "limit.per_day": (v) => `at most ${v} a day`,
    "limit.gap": (v) => `at least ${v} between two`,
    "limit.quiet_hours": (v) => `not in the hours ${v}`,
    "limit.budget_month": (v) => `at most ${v} a month`,
    "limit.ask_over": (v) => `you are asked from ${v} a post`,
  },
};

const ja: Words = {
  comma: "、",
  and: "、",
  also: "、",
  posts: (visibility, kinds) => `${visibility}の投稿(${kinds})`,
  wanted: (posts, wanted) => `${posts}のうち${wanted}`,
  sends: (posts, to, how) => `${posts}を ${to} に送ります(${how})。`,
  blocks: (posts) => `${posts}は、どこにも送りません。`,
  off: (rule) => `停止中: ${rule}`,
  never: (from) => `何も送りません。このきまりが見るのは ${from} だけで、つながり先で読んだ投稿は送らないためです。`,
  visibility: { public: "公開", unlisted: "ひかえめ" },
  kind: { original: "新しい投稿", self_reply: "自分への返信", reply: "ほかの人への返信", boost: "ブースト", quote: "引用", poll: "投票" },
  list: {
    tag_any: (l) => `${l} の付いたもの`,
    tag_all: (l) => `${l} がすべて付いたもの`,
    tag_none: (l) => `${l} の付いていないもの`,
    lang: (l) => `言語が ${l} のもの`,
    text: (l) => `本文に ${l} があるもの`,
    client: (l) => `${l} で書いたもの`,
  },
  said: {
    "when.media=none": "添付のないもの",
    "when.media=only": "添付のあるもの",
    "when.cw=with": "注意書きのあるもの",
    "when.cw=without": "注意書きのないもの",
    "as.long=thread": "長いものは続きの投稿に分ける",
    "as.long=cut_link": "長いものは短くしてリンクを付ける",
    "as.long=link_only": "長いものはリンクだけにする",
    "as.long=skip": "長いものは送らない",
    "as.strip_trigger=false": "タグは残す",
    "as.number=1/3": "分けたものに番号を付ける",
    "as.link_back=never": "元の投稿へのリンクは付けない",
    "as.link_back=always": "元の投稿へのリンクを必ず付ける",
    "as.cw=native": "注意書きは送り先の機能があるときだけ",
    "as.cw=prefix": "注意書きは本文の前に書く",
    "as.cw=link_only": "注意書きつきはリンクだけ",
    "as.cw=skip": "注意書きつきは送らない",
    "as.sensitive_media=link": "注意の要る添付はリンクにする",
    "as.sensitive_media=skip": "注意の要る添付がある投稿は送らない",
    "as.media=link": "枚数を超えた添付はリンクにする",
    "as.poll=text": "投票は本文に書く",
    "as.poll=link": "投票はリンクにする",
    "as.poll=skip": "投票は送らない",
    "as.quote=link": "引用はリンクにする",
    "as.quote=skip": "引用は送らない",
    "as.boost=link": "ブーストはリンクにする",
    "as.boost=skip": "ブーストは送らない",
    "as.mention=name_only": "名指しは名前だけにする",
    "as.mention=link": "名指しはリンクにする",
    "as.mention=skip_post": "送り先にいない人を名指しする投稿は送らない",
    "as.audience=followers": "返信できるのはフォロワーだけ",
    "as.audience=mentioned": "返信できるのは名指しした人だけ",
    "keep.edit=replace": "編集は写しにも反映する",
    "keep.edit=correct_reply": "編集は返信で伝える",
    "keep.edit=ignore": "編集は反映しない",
    "keep.delete=false": "削除は反映しない",
    "keep.thread=false": "自分への返信は自動では続けない",
    "limit.confirm=always": "毎回確かめる",
    "limit.confirm=when_lossy": "失われるものがあれば確かめる",
  },
  value: {
    "limit.hold": (v) => `${v} たってから`,
    "limit.per_day": (v) => `1 日 ${v} 件まで`,
    "limit.gap": (v) => `間を ${v} 以上あける`,
    "limit.quiet_hours": (v) => `${v} の間は送らない`,
    "limit.budget_month": (v) => `1 か月 ${v} まで`,
    "limit.ask_over": (v) => `1 件 ${v} 以上なら確かめる`,
  },
};

const words: Record<Locale, Words> = { en, ja };

/** What holds where a rule says nothing (docs/relay.md); what is said all the same is not repeated. */
const usual: Record<string, unknown> = { "when.media": "any", "when.cw": "any", "limit.hold": "20s", "as.long": "thread" };

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : value === undefined ? [] : [String(value)]);

/** The whole rule in words. `rule` is as GET rules shows it: only what was written. */
export function sentence(rule: RuleInfo, lang: Locale): string {
  const w = words[lang];
  const from = rule.from ?? ["home"];
  const when = rule.when ?? {};
  const to = rule.to ?? [];
  let posts = w.posts(named(w.visibility, texts(when.visibility ?? ["public"]), w), named(w.kind, texts(when.kind ?? ["original", "self_reply"]), w));
  const wanted = conditions(when, w);
  if (wanted.length) posts = w.wanted(posts, wanted.join(w.and));
  let out = w.sends(posts, to.join(w.comma), manner(rule, lang, w).join(w.also));
  if (!from.includes("home")) out = w.never(from.join(w.comma));
  else if (to.includes("none")) out = w.blocks(posts);
  return rule.on === false ? w.off(out) : out;
}

const named = (names: Record<string, string>, values: string[], w: Words): string => values.map((v) => names[v] ?? v).join(w.comma);

function conditions(when: Record<string, unknown>, w: Words): string[] {
  const out: string[] = [];
  for (const [key, value] of Object.entries(when)) {
    if (key === "visibility" || key === "kind" || value === usual[`when.${key}`]) continue;
    const list = texts(value).map((v) => (key.startsWith("tag_") ? `#${v.replace(/^#/, "")}` : v));
    if (!list.length) continue;
    out.push(w.list[key]?.(list.join(w.comma)) ?? w.said[`when.${key}=${String(value)}`] ?? `when.${key} = ${list.join(w.comma)}`);
  }
  return out;
}

/** How copies are made and kept, and their limits: first what is always said, then what is not as usual. */
function manner(rule: RuleInfo, lang: Locale, w: Words): string[] {
  const long = String(rule.as?.long ?? "thread");
  const out = [w.said[`as.long=${long}`] ?? `as.long = ${long}`];
  const hold = String(rule.limit?.hold ?? "20s");
  if (hold !== "0s") out.push(w.value["limit.hold"]!(hold));
  for (const part of ["as", "keep", "limit"] as const) {
    for (const [key, value] of Object.entries(rule[part] ?? {})) {
      const name = `${part}.${key}`;
      if (name === "as.long" || name === "limit.hold") continue;
      const text = /budget_month|ask_over/.test(key) && Number(value) ? money(lang, Number(value) * 1e6) : String(value);
      out.push(w.value[name]?.(text) ?? w.said[`${name}=${text}`] ?? `${name} = ${text}`);
    }
  }
  return out;
}
