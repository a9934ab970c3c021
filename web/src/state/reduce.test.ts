import { expect, test } from "vitest";
import { effectOf } from "./reduce";

const status = JSON.stringify({ id: "7", account: { id: "1" }, content: "" });

test.each([
  ["update", { stream: ["user"], event: "update", payload: status }, { kind: "status", stream: "user" }],
  ["update of a hashtag", { stream: ["hashtag", "x"], event: "update", payload: status }, { kind: "status", stream: "hashtag:x" }],
  ["edit", { stream: ["user"], event: "status.update", payload: status }, { kind: "edit" }],
  ["notification", { stream: ["user"], event: "notification", payload: status }, { kind: "notification" }],
  ["delete", { stream: ["user"], event: "delete", payload: "7" }, { kind: "delete", id: "7" }],
])("%s", (_, message, want) => expect(effectOf(message)).toMatchObject(want));

test.each([
  ["delete without an id", { stream: ["user"], event: "delete", payload: "<b>" }],
  ["an event of the future", { stream: ["user"], event: "wonder", payload: "{}" }],
  ["payload no JSON", { stream: ["user"], event: "update", payload: "{" }],
  ["payload null", { stream: ["user"], event: "update", payload: "null" }],
  ["payload without an author", { stream: ["user"], event: "update", payload: '{"id":"1"}' }],
  ["no payload", { stream: ["user"], event: "filters_changed" }],
  ["too large", { stream: ["user"], event: "update", payload: `{"id":"1","account":{},"x":"${"a".repeat(1_000_001)}"}` }],
])("nothing for: %s", (_, message) => expect(effectOf(message)).toBeNull());
