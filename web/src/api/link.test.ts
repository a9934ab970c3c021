import { expect, test } from "vitest";
import { linkRel } from "./link";

const home = "https://home.example";

test.each([
  ["next of two", `<${home}/api/v1/x?max_id=5>; rel="next", <${home}/api/v1/x?min_id=9>; rel="prev"`, "/api/v1/x?max_id=5"],
  ["order does not matter", `<${home}/a?min_id=9>; rel="prev", <${home}/a?max_id=5>; rel="next"`, "/a?max_id=5"],
  ["relative target", `</a?max_id=5>; rel=next`, "/a?max_id=5"],
  ["comma in the target", `<${home}/a?id=1,2>; rel="next"`, "/a?id=1,2"],
  ["comma in a quoted parameter", `<${home}/a>; title="x, y"; rel="next"`, "/a"],
  ["several relation names", `<${home}/a>; rel="last next"`, "/a"],
  ["relation in upper case", `<${home}/a>; REL="NEXT"`, "/a"],
  ["another host is refused", `<https://evil.example/a>; rel="next"`, null],
  ["no such relation", `<${home}/a>; rel="prev"`, null],
  ["broken", `<${home}/a; rel="next"`, null],
  ["no header", null, null],
  ["too long", "<" + "a".repeat(9000) + '>; rel="next"', null],
])("%s", (_, header, want) => {
  expect(linkRel(header, "next", home)).toBe(want);
});
