import { effect } from "@preact/signals";
import { beforeEach, expect, test } from "vitest";
import type { Status } from "../api/types";
import { clearPosts, compareIds, dropPost, getPost, patchPost, peekPost, postCount, putStatus, sweepPosts } from "./store";

const status = (id: string, more: Partial<Status> = {}): Status =>
  ({ id, account: { id: "1" }, content: id, reblog: null, poll: null, ...more }) as Status;

beforeEach(clearPosts);

test("a boost and a quote put what they carry under its own id", () => {
  putStatus(status("3", { reblog: status("2", { quote: { state: "accepted", quoted_status: status("1") } }) }));
  expect(peekPost("3")?.reblogId).toBe("2");
  expect(peekPost("2")?.quote).toEqual({ state: "accepted", id: "1" });
  expect(peekPost("1")?.content).toBe("1");
});

test("one change is seen wherever the post is read, and only there", () => {
  putStatus(status("1"));
  putStatus(status("2"));
  const seen: string[] = [];
  const end1 = effect(() => void seen.push(`1:${getPost("1")?.favourited}`));
  const end2 = effect(() => void seen.push(`2:${getPost("2")?.favourited}`));
  patchPost("1", { favourited: true });
  expect(seen).toEqual(["1:undefined", "2:undefined", "1:true"]);
  end1();
  end2();
});

test("a streamed copy without the reader's marks does not take them away", () => {
  putStatus(status("1", { favourited: true, bookmarked: true }));
  putStatus(status("1", { content: "edited", bookmarked: false }));
  expect(peekPost("1")).toMatchObject({ content: "edited", favourited: true, bookmarked: false });
});

test("deleting a post takes its boosts with it", () => {
  putStatus(status("5", { reblog: status("4") }));
  expect(dropPost("4").sort()).toEqual(["4", "5"]);
  expect(peekPost("5")).toBeNull();
});

test("a sweep keeps what is shown, with what it boosts", () => {
  putStatus(status("5", { reblog: status("4") }));
  putStatus(status("3"));
  sweepPosts(["5"], 2);
  expect(postCount()).toBe(2);
  expect(peekPost("4")).not.toBeNull();
  expect(peekPost("3")).toBeNull();
});

test("a loop of boosts ends", () => {
  const a = status("1");
  a.reblog = a;
  expect(putStatus(a)).toBe("1");
});

test.each([
  ["9", "10", -1],
  ["10", "9", 1],
  ["115000000000000001", "115000000000000000", 1],
  ["7", "7", 0],
  ["-99", "1", -1],
  ["-99", "-5", -1],
])("compareIds(%s, %s)", (a, b, want) => expect(Math.sign(compareIds(a, b))).toBe(want));
