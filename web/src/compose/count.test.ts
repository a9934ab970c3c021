import { expect, test } from "vitest";
import { countCharacters } from "./count";

test.each([
  ["", 0],
  ["縁側", 2],
  ["👨‍👩‍👧", 1],
  ["が", 1],
  ["see https://a.example/very/long/path?x=1 here", 4 + 23 + 5],
  ["https://a.example/、次", 23 + 2],
  ["hi @aki@very.long.example", 7],
  ["@aki@b.example @bo", 8],
  ["mail aki@b.example", 18],
])("countCharacters(%s)", (text, want) => expect(countCharacters(text)).toBe(want));
