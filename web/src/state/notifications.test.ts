import { beforeEach, expect, test } from "vitest";
import type { Account, Notification, Status } from "../api/types";
import { clearNotifications, getNotice, joinGroup, putGroup } from "./notifications";
import { clearPosts } from "./store";

const who = (id: string): Account => ({ id, username: id }) as Account;
const post = { id: "9", account: who("me"), reblog: null, poll: null } as Status;
const note = (id: string, by: string, key: string): Notification => ({ id, type: "favourite", created_at: `t${id}`, group_key: key, account: who(by), status: post });

beforeEach(() => {
  clearNotifications();
  clearPosts();
});

test("a group names its people in order, and the post it is about", () => {
  putGroup({ group_key: "f-9", notifications_count: 5, type: "favourite", most_recent_notification_id: 1, sample_account_ids: ["b", "a", "gone"], status_id: "9" }, { accounts: [who("a"), who("b")], statuses: [post] });
  expect(getNotice("f-9")).toMatchObject({ count: 5, statusId: "9", account: { id: "b" }, people: [{ id: "b" }, { id: "a" }] });
});

test("one that arrives joins its group, as its first", () => {
  joinGroup(note("1", "a", "f-9"));
  joinGroup(note("2", "b", "f-9"));
  joinGroup(note("3", "a", "f-9"));
  expect(getNotice("f-9")).toMatchObject({ count: 3, created_at: "t3", people: [{ id: "a" }, { id: "b" }] });
});

test("one without a group stands for itself", () => {
  const { group_key: _, ...alone } = note("4", "a", "");
  expect(joinGroup(alone)).toBe("4");
});
