import { expect, test } from "vitest";
import { decodeBlurhash } from "./blurhash";

test("one component is one colour: here white", () => {

  const pixels = decodeBlurhash("00TSUA", 2, 2)!;
  expect([...pixels.slice(0, 4)]).toEqual([...pixels.slice(12, 16)]);
  expect([...pixels.slice(0, 4)]).toEqual([255, 255, 255, 255]);
});

test("the sample of the specification: a bright middle above a darker foot", () => {
  const pixels = decodeBlurhash("LEHV6nWB2yk8pyo0adR*.7kCMdnj", 8, 6)!;
  expect(pixels).toHaveLength(8 * 6 * 4);
  const row = (y: number): number => pixels.slice(y * 32, y * 32 + 32).reduce((a, b) => a + b, 0);
  expect(row(1)).toBeGreaterThan(row(5));
});

test.each(["", "x", "LEHV6nWB2yk8pyo0adR*.7kCMdn", "LEHV6nWB2yk8pyo0adR*.7kCMdnjj", '00TS"A', "~~~~~~"])("no BlurHash: %s", (text) =>
  expect(decodeBlurhash(text, 4, 4)).toBeNull(),
);
