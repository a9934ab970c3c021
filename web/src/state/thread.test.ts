import { beforeEach, expect, test } from "vitest";
import type { Status } from "../api/types";
import { clearPosts } from "./store";
import { addReply, forgetThreads, nest, threadOf } from "./thread";

const s = (id: string, parent: string | null): Status => ({ id, in_reply_to_id: parent, account: {}, reblog: null, poll: null }) as Status;
const show = (replies: { id: string; depth: number }[]): string => replies.map((r) => `${r.depth}:${r.id}`).join(" ");

beforeEach(() => {
  clearPosts();
  forgetThreads();
});

test.each([
  ["in reading order", [s("4", "2"), s("2", "1"), s("3", "1"), s("5", "4")], "1:2 2:4 3:5 1:3"],
  ["an answer to what is missing hangs on the chosen post", [s("9", "7")], "1:9"],
  ["a circle ends", [s("2", "3"), s("3", "2")], ""],
  ["none", [], ""],
])("nest: %s", (_, list, want) => expect(show(nest("1", list))).toBe(want));

test("an own answer stands under what it answers, once", () => {
  const thread = threadOf("1");
  addReply("1", "2");
  addReply("2", "3");
  addReply("2", "3");
  expect(show(thread.value.replies)).toBe("1:2 2:3");
});
