import { expect, test } from "vitest";
import { columnId, keptColumns, moved, parseColumn } from "./columns";

test.each([
  ["home", { kind: "home", arg: "" }],
  ["list:12", { kind: "list", arg: "12" }],
  ["lane:7/1006", { kind: "lane", arg: "7/1006" }],
  ["tag:庭", { kind: "tag", arg: "庭" }],
  ["search:a: b", { kind: "search", arg: "a: b" }],
  ["list:", null],
  ["list:../x", null],
  ["lane:7", null],
  ["home:1", null],
  ["tag:a b", null],
  ["constructor", null],
  ["", null],
])("parseColumn(%s)", (id, want) => expect(parseColumn(id)).toEqual(want));

test.each([
  ["tag", "#Niwa", "tag:niwa"],
  ["search", " 縁側 ", "search:縁側"],
  ["list", "3", "list:3"],
] as const)("columnId(%s, %s)", (kind, arg, want) => expect(columnId(kind, arg)).toBe(want));

test.each([
  ["to the right", 0, 2, "bca"],
  ["to the left", 2, 0, "cab"],
  ["nowhere", 1, 1, "abc"],
  ["beyond the end", 0, 3, "abc"],
  ["unknown", -1, 1, "abc"],
])("moved %s", (_, from, to, want) => expect(moved(["a", "b", "c"], from, to).join("")).toBe(want));

test.each([
  ["as kept", ["home", "tag:庭"], ["home", "tag:庭"]],
  ["unknown and double ones go", ["home", "x", "home", 5, "list:1"], ["home", "list:1"]],
  ["nothing left", ["x"], ["local"]],
  ["no list", "home", ["local"]],
])("keptColumns: %s", (_, kept, want) => expect(keptColumns(kept, ["local"])).toEqual(want));
