import { expect, test } from "vitest";
import { hashOf, parseRoute, type Route } from "./route";

test.each<[Route]>([
  [{ name: "deck" }],
  [{ name: "post", id: "115" }],
  [{ name: "profile", id: "-99" }],
  [{ name: "tag", tag: "縁側" }],
  [{ name: "search", q: "@a@b.example & c" }],
  [{ name: "search", q: "" }],
  [{ name: "settings" }],
])("there and back: %o", (r) => expect(parseRoute(hashOf(r))).toEqual(r));

test.each(["#/post/", "#/post/abc", "#/post/1/../2", "#/nothing", "#/tag/%E0%A4%A", "#", ""])("the deck for %s", (hash) =>
  expect(parseRoute(hash)).toEqual({ name: "deck" }),
);
