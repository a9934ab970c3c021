import { expect, test } from "vitest";
import * as f from "./feed";

const of = (ids: string, waiting = "", next: string | null = null): f.FeedState => ({
  ids: ids ? ids.split(" ") : [],
  waiting: waiting ? waiting.split(" ") : [],
  next,
});

test.each<[string, f.FeedState, f.FeedState]>([
  ["an older page goes below, known ones once", f.appended(of("5 4"), ["4", "3"], "/n"), of("5 4 3", "", "/n")],
  ["new at the top is shown", f.arrived(of("5"), ["7", "6"], true), of("7 6 5")],
  ["new further down waits", f.arrived(of("5"), ["6"], false), of("5", "6")],
  ["new at the top waits behind those that wait", f.arrived(of("5", "6"), ["7"], true), of("5", "7 6")],
  ["nothing twice", f.arrived(of("5", "6"), ["6", "5"], true), of("5", "6")],
  ["let in", f.revealed(of("5", "7 6")), of("7 6 5")],
  ["read again: meets", f.refreshed(of("5 4"), ["7", "6", "5"], "/x", false), of("5 4", "7 6")],
  ["read again: a gap stays open", f.refreshed(of("5 4"), ["9", "8"], "/x", true), of("9 8 gap:8 5 4")],
  ["read again: nothing there now", f.refreshed(of("5"), [], null, true), of("5")],
  ["read again: first time", f.refreshed(of(""), ["5"], "/x", true), of("5", "", "/x")],
  ["a gap closes", f.filled(of("9 gap:9 5"), "gap:9", ["8", "7", "5", "4"]), of("9 8 7 4 5")],
  ["a gap moves down", f.filled(of("9 gap:9 5"), "gap:9", ["8", "7"]), of("9 8 7 gap:7 5")],
  ["a gap with nothing in it", f.filled(of("9 gap:9 5"), "gap:9", []), of("9 5")],
  ["a gap that is gone", f.filled(of("9 5"), "gap:9", ["8"]), of("9 5")],
  ["deleted in both lists", f.removed(of("5 4", "6"), ["6", "4"]), of("5")],
  ["trimmed", f.trimmed(of("5 4 3 2"), 2, (id) => `/p?max_id=${id}`), of("5 4", "", "/p?max_id=4")],
  ["trimmed not at a gap", f.trimmed(of("5 gap:5 3"), 2, (id) => `/p?max_id=${id}`), of("5", "", "/p?max_id=5")],
])("%s", (_, got, want) => expect(got).toEqual(want));

test("an unchanged feed is the same value, so nothing is drawn", () => {
  const s = of("5 4", "6");
  expect(f.removed(s, ["1"])).toBe(s);
  expect(f.arrived(s, ["5"], true)).toBe(s);
  expect(f.trimmed(s, 10, String)).toBe(s);
});

test("gaps do not count as new posts", () => expect(f.waitingCount(of("1", "9 8 gap:8"))).toBe(2));
