import { expect, test } from "vitest";
import type { Filter } from "../api/types";
import { filterBody } from "./filters";

const before: Filter = { id: "1", title: "t", context: ["home"], expires_at: null, filter_action: "warn", keywords: [{ id: "7", keyword: "a", whole_word: true }, { id: "8", keyword: "b", whole_word: false }] };
const form = { id: "1", title: " t ", words: [{ id: "7", keyword: " a2 ", whole_word: true }, { keyword: "c", whole_word: false }, { keyword: " ", whole_word: false }], context: ["home" as const], action: "hide" as const, expires: "" };

test("changed, new and taken out words are all named; empty ones are left out", () => {
  expect(filterBody(form, before)).toEqual({
    title: "t",
    context: ["home"],
    filter_action: "hide",
    expires_in: null,
    keywords_attributes: [{ id: "7", keyword: "a2", whole_word: true }, { keyword: "c", whole_word: false }, { id: "8", _destroy: true }],
  });
});

test.each([
  ["keep", false, undefined],
  ["3600", true, 3600],
  ["", true, null],
])("expires %s", (expires, there, want) => {
  const body = filterBody({ ...form, expires }, null);
  expect("expires_in" in body).toBe(there);
  expect(body.expires_in).toBe(want);
});

test("without a title the first word is one", () => expect(filterBody({ ...form, title: "" }, null).title).toBe("a2"));
