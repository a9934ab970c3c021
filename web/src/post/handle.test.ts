import { expect, test } from "vitest";
import { cutHandle, cutMiddle, hostOf } from "./handle";

test.each([
  ["aki", 34, "@aki", ""],
  ["aki@home.example", 34, "@aki", "@home.example"],
  ["averyveryverylongname@home.example", 24, "@avery…name", "@home.example"],
  ["averyveryverylongname@home.example", 18, "@av…e", "@home.example"],
  ["bob@a.very.long.subdomain.of.somewhere.example", 24, "@bob", "@….somewhere.example"],
  ["verylongname@a.very.long.subdomain.of.somewhere.example", 24, "@ve…e", "@…somewhere.example"],
])("cutHandle(%s, %d)", (acct, max, name, home) => {
  const got = cutHandle(acct, max);
  expect([got.name, got.home]).toEqual([name, home]);
  expect((got.name + got.home).length).toBeLessThanOrEqual(max);
});

test.each([
  ["abcdef", 6, "abcdef"],
  ["abcdefg", 6, "abc…fg"],
  ["👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧", 2, "👨‍👩‍👧…"],
])("cutMiddle(%s, %d)", (text, max, want) => expect(cutMiddle(text, max)).toBe(want));

test.each([
  ["aki", null],
  ["aki@b.example", "b.example"],
])("hostOf(%s)", (acct, want) => expect(hostOf(acct)).toBe(want));
