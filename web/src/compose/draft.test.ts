import { expect, test } from "vitest";
import type { Media } from "../api/types";
import { SendKey, bodyOf, isReady, narrower, parseDraft, type Draft } from "./draft";

const draft = (more: Partial<Draft> = {}): Draft => ({
  text: " hi ",
  warning: null,
  audience: "public",
  language: "ja",
  sensitive: false,
  media: [],
  poll: null,
  replyTo: null,
  quote: null,
  editing: null,
  schedule: null,
  ...more,
});

test.each<[string, Partial<Draft>, object]>([
  ["plain", {}, { status: "hi", visibility: "public", language: "ja" }],
  ["this home only", { audience: "local" }, { status: "hi", visibility: "public", local_only: true, language: "ja" }],
  ["blank warning", { warning: "  " }, { status: "hi", visibility: "public", language: "ja" }],
  ["reply", { replyTo: { id: "5", name: "x" }, audience: "direct" }, { status: "hi", visibility: "direct", language: "ja", in_reply_to_id: "5" }],
  ["sensitive without media", { sensitive: true, language: "" }, { status: "hi", visibility: "public" }],
  ["media", { sensitive: true, media: [{ id: "9" } as Media] }, { status: "hi", visibility: "public", language: "ja", sensitive: true, media_ids: ["9"] }],
  [
    "poll",
    { poll: { options: ["a", " ", "b"], multiple: true, duration: 300 } },
    { status: "hi", visibility: "public", language: "ja", poll: { options: ["a", "b"], multiple: true, expires_in: 300 } },
  ],
])("bodyOf: %s", (_, more, want) => expect(bodyOf(draft(more))).toEqual(want));

test.each<[string, Partial<Draft>, number, boolean]>([
  ["words", {}, 0, true],
  ["too long", {}, -1, false],
  ["nothing", { text: " " }, 500, false],
  ["media alone", { text: "", media: [{ id: "9" } as Media] }, 500, true],
  ["a poll of one", { poll: { options: ["a", ""], multiple: false, duration: 300 } }, 500, false],
])("isReady: %s", (_, more, left, want) => expect(isReady(draft(more), left)).toBe(want));

test.each([
  ["public", "unlisted", "unlisted"],
  ["private", "public", "private"],
  ["public", "direct", "direct"],
  ["local", "public", "local"],
  ["local", "direct", "direct"],
] as const)("narrower(%s, %s) = %s", (a, b, want) => expect(narrower(a, b)).toBe(want));

test("the key stays for the same body, changes with it, and after success", () => {
  let n = 0;
  const key = new SendKey(() => `k${++n}`);
  const body = bodyOf(draft());
  expect([key.for(body), key.for(bodyOf(draft())), key.for(bodyOf(draft({ text: "other" })))]).toEqual(["k1", "k1", "k2"]);
  key.done();
  expect(key.for(bodyOf(draft({ text: "other" })))).toBe("k3");
});

test.each([null, "", "{", "[]", "{}", '{"text":1}', '{"text":"a","audience":"public"}'])("no draft: %s", (text) => expect(parseDraft(text)).toBeNull());
test("a draft comes back as it was", () => expect(parseDraft(JSON.stringify(draft({ warning: "w" })))).toEqual(draft({ warning: "w" })));
