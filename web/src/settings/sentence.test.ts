import { expect, test } from "vitest";
import type { RuleInfo } from "../api/types";
import { sentence } from "./sentence";

test.each<[RuleInfo, string, string]>([
  [
    { name: "ttr", when: { tag_any: ["ttr"] }, to: ["x", "bluesky"] },
    "Your public posts (new ones, replies to yourself) with #ttr go to x, bluesky: what is too long as a thread; after 20s.",
    "公開の投稿(新しい投稿、自分への返信)のうち#ttr の付いたものを x、bluesky に送ります(長いものは続きの投稿に分ける、20s たってから)。",
  ],
  [
    { when: { media: "only", lang: ["ja"], visibility: ["public", "unlisted"] }, to: ["misskey"], as: { long: "cut_link" }, limit: { hold: "0s", per_day: 5, budget_month: 1.5 } },
    "Your public, quiet posts (new ones, replies to yourself) with files and in the language ja go to misskey: what is too long is cut, with a link; at most 5 a day; at most $1.50 a month.",
    "公開、ひかえめの投稿(新しい投稿、自分への返信)のうち添付のあるもの、言語が ja のものを misskey に送ります(長いものは短くしてリンクを付ける、1 日 5 件まで、1 か月 $1.50 まで)。",
  ],
  [{ when: { tag_any: ["home"] }, to: ["none"] }, "Your public posts (new ones, replies to yourself) with #home go nowhere.", "公開の投稿(新しい投稿、自分への返信)のうち#home の付いたものは、どこにも送りません。"],
  [{ from: ["bluesky"], to: ["x"] }, "Nothing: the rule looks only at bluesky, and what is read through a link is never relayed.", "何も送りません。このきまりが見るのは bluesky だけで、つながり先で読んだ投稿は送らないためです。"],
  [
    { on: false, to: ["x"], limit: { hold: "0s" }, keep: { wonder: "yes" } },
    "Switched off: Your public posts (new ones, replies to yourself) go to x: what is too long as a thread; keep.wonder = yes.",
    "停止中: 公開の投稿(新しい投稿、自分への返信)を x に送ります(長いものは続きの投稿に分ける、keep.wonder = yes)。",
  ],
])("%j", (rule, english, japanese) => {
  expect(sentence(rule, "en")).toBe(english);
  expect(sentence(rule, "ja")).toBe(japanese);
});

test("what has no words stands as it is written", () => {
  expect(sentence({ when: { moon: "full" }, to: ["x"] }, "en")).toContain("when.moon = full");
});
