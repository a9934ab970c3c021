import { expect, test } from "vitest";
import { complete, insertAt, tokenAt } from "./suggest";

test.each([
  ["hi @ak", "person:ak"],
  ["@aki@niwa.ex", "person:aki@niwa.ex"],
  ["今日は、@ak", "person:ak"],
  ["mail a@b", null],
  ["#庭", "tag:庭"],
  ["see #niwa", "tag:niwa"],
  ["a#b", null],
  ["#a b", null],
  [":ne", "emoji:ne"],
  ["いいね:ne", "emoji:ne"],
  [":ねこ", "emoji:ねこ"],
  ["12:30", null],
  ["https://a", null],
  [":n", null],
  ["@", null],
  ["", null],
])("tokenAt(%s)", (text, want) => {
  const token = tokenAt(text, text.length);
  expect(token && `${token.kind}:${token.q}`).toBe(want);
});

test("only what is before the caret counts", () => expect(tokenAt("@aki and more", 3)).toEqual({ kind: "person", q: "ak", from: 0, to: 3 }));

test.each([
  ["at the end", "hi @ak", 6, "@aki@niwa.example", "hi @aki@niwa.example |"],
  ["before a space", "@ak is", 3, "@aki", "@aki |is"],
  ["before a word", ":ne!", 3, "🐈", "🐈 |!"],
])("complete %s", (_, text, caret, what, want) => {
  const done = complete(text, tokenAt(text, caret)!, what);
  expect(`${done.text.slice(0, done.caret)}|${done.text.slice(done.caret)}`).toBe(want);
});

test("an emoji takes the place of what was selected", () => expect(insertAt("abcd", 1, 3, "🌱")).toEqual({ text: "a🌱d", caret: 3 }));
