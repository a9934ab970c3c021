import { expect, test } from "vitest";
import type { CopyPreview, PreviewPart } from "../api/types";
import type { Draft } from "./draft";
import { fullest, money, previewBody } from "./preview";

const draft = (more: Partial<Draft>): Draft => ({ text: " hi ", warning: null, audience: "public", language: "ja", sensitive: false, media: [], poll: null, replyTo: null, quote: null, editing: null, schedule: null, ...more });

test.each<[string, Partial<Draft>, object]>([
  ["plain", {}, { text: "hi", visibility: "public", language: "ja" }],
  ["this home only", { audience: "local" }, { text: "hi", visibility: "local", language: "ja" }],
  ["a warning and a reply", { warning: "w", replyTo: { id: "5", name: "" } }, { text: "hi", visibility: "public", language: "ja", spoiler_text: "w", in_reply_to_id: "5" }],
  ["a poll that is not ready is left out", { poll: { options: ["a", ""], multiple: false, duration: 300 } }, { text: "hi", visibility: "public", language: "ja" }],
  ["a schedule makes no difference", { schedule: "2026-12-01T08:00" }, { text: "hi", visibility: "public", language: "ja" }],
])("previewBody: %s", (_, more, want) => expect(previewBody(draft(more))).toEqual(want));

const part = (length: number, limit: number): PreviewPart => ({ text: "", spoiler_text: "", length, limit, left: limit && limit - length, cost_microdollars: 0, media: [] });
test.each([
  ["the fullest of a thread", [part(300, 300), part(12, 300)], { used: 1, left: 0, limit: 300 }],
  ["no limit", [part(300, 0)], null],
  ["no copy", [], null],
])("fullest: %s", (_, parts, want) => expect(fullest({ parts } as unknown as CopyPreview)).toEqual(want));

test.each([
  ["en", 15000, "$0.015"],
  ["en", 1_500_000, "$1.50"],
  ["ja", 200, "$0.0002"],
])("money(%s, %d)", (lang, micros, want) => expect(money(lang, micros)).toBe(want));
