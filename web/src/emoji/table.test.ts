import { expect, test } from "vitest";
import { find, groupNames, kaomoji, parseGroup, unicodeGroups, type Pick } from "./table";

const picks: Pick[] = [
  { text: "🌱", name: "seedling", words: "seedling plant young" },
  { text: "🐱", name: "cat face", words: "cat face pet" },
  { text: ":neko:", name: "neko", words: "neko cats" },
  { text: "🐈", name: "feline", words: "feline bobcat" },
];

test.each([
  ["cat", "🐱 :neko: 🐈"],
  [":neko:", ":neko:"],
  ["PLANT", "🌱"],
  ["🌱", "🌱"],
  ["", ""],
  ["dragon", ""],
])("find %s", (q, want) => expect(find(picks, q).map((p) => p.text).join(" ")).toBe(want));

test.each([
  ["one", "😀\tgrinning face\tsmile", 1],
  ["no words to find it by", "😀\tgrinning face", 1],
  ["broken", "😀", 0],
  ["nothing", "", 0],
])("parseGroup: %s", (_, lines, n) => expect(parseGroup(lines)).toHaveLength(n));

test.each(["en", "ja"] as const)("Unicode's groups are all there in %s", async (lang) => {
  const groups = await unicodeGroups(lang);
  expect(groups).toHaveLength(groupNames.length);
  const all = groups.flat();
  expect(all.length).toBeGreaterThan(1800);
  expect(find(all, lang === "ja" ? "猫" : "cat").length).toBeGreaterThan(3);
});

test("every kaomoji has a name and is one line", () => {
  for (const k of kaomoji) expect(`${k.text}${k.name}`).toMatch(/^\S.*\S$/);
});
