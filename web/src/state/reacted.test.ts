import { expect, test } from "vitest";
import type { Reaction } from "../api/types";
import { reacted } from "./actions";

const r = (name: string, count: number, me = false): Reaction => ({ name, count, me });

test.each<[string, Reaction[], string, boolean, Reaction[]]>([
  ["the first one", [], "🌱", true, [r("🌱", 1, true)]],
  ["joining others, order kept", [r("🌱", 2), r("🐈", 1)], "🌱", true, [r("🌱", 3, true), r("🐈", 1)]],
  ["taken back", [r("🌱", 3, true)], "🌱", false, [r("🌱", 2)]],
  ["the last one goes", [r("🌱", 1, true), r("🐈", 1)], "🌱", false, [r("🐈", 1)]],
  ["twice is once", [r("🌱", 1, true)], "🌱", true, [r("🌱", 1, true)]],
  ["what is not there is not taken back", [r("🐈", 1)], "🌱", false, [r("🐈", 1)]],
])("%s", (_, before, name, on, want) => expect(reacted(before, { name }, on)).toEqual(want));

test("a custom one brings its picture", () => expect(reacted([], { name: "neko", url: "/n.png" }, true)[0]?.url).toBe("/n.png"));
