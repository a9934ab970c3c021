import { expect, test } from "vitest";
import { Stream, backoff, parseMessage, streamParts, type Timers } from "./stream";
import type { StreamMessage } from "./types";

class FakeSocket {
  readyState = 0;
  sent: string[] = [];
  onopen?: () => void;
  onclose?: () => void;
  onmessage?: (e: { data: unknown }) => void;
  constructor(
    readonly url: string,
    readonly protocol?: string,
  ) {}
  send(text: string) {
    this.sent.push(text);
  }
  close() {
    this.readyState = 3;
    this.onclose?.();
  }
  accept() {
    this.readyState = 1;
    this.onopen?.();
  }
}

function setUp(token = "tok_1") {
  const sockets: FakeSocket[] = [];
  const waits: { run: () => void; ms: number }[] = [];
  const got: StreamMessage[] = [];
  let opens = 0;
  const timers: Timers = { set: (run, ms) => waits.push({ run, ms }), clear: () => {}, random: () => 0 };
  const stream = new Stream(
    "wss://h/api/v1/streaming",
    token,
    { message: (m) => got.push(m), open: () => void opens++, closed: () => {} },
    (url, protocol) => {
      const s = new FakeSocket(url, protocol);
      sockets.push(s);
      return s as unknown as WebSocket;
    },
    timers,
  );
  return { stream, sockets, waits, got, opens: () => opens };
}

test("subscribes what is wanted on opening, and the difference later", () => {
  const { stream, sockets } = setUp();
  stream.want(["user", "public"]);
  stream.connect();
  sockets[0]!.accept();
  stream.want(["user", "public:local"]);
  expect(sockets[0]!.sent.map((t) => JSON.parse(t) as unknown)).toEqual([
    { type: "subscribe", stream: "user" },
    { type: "subscribe", stream: "public" },
    { type: "unsubscribe", stream: "public" },
    { type: "subscribe", stream: "public:local" },
  ]);
});

test("reconnects with growing waits, subscribes again and tells", () => {
  const { stream, sockets, waits, opens } = setUp();
  stream.want(["user"]);
  stream.connect();
  sockets[0]!.accept();
  sockets[0]!.close();
  waits[0]!.run();
  sockets[1]!.close();
  waits[1]!.run();
  sockets[2]!.accept();
  expect(waits.map((w) => w.ms)).toEqual([1000, 2000]);
  expect(opens()).toBe(2);
  expect(sockets[2]!.sent).toHaveLength(1);
});

test("the token is the sub-protocol; by query after a refusal or when it cannot be one", () => {
  const a = setUp();
  a.stream.connect();
  expect(a.sockets[0]!.protocol).toBe("tok_1");
  expect(a.sockets[0]!.url).not.toContain("tok_1");
  a.sockets[0]!.close();
  a.waits[0]!.run();
  expect(a.sockets[1]!.url).toBe("wss://h/api/v1/streaming?access_token=tok_1");
  const b = setUp("a b/c");
  b.stream.connect();
  expect(b.sockets[0]!.url).toBe("wss://h/api/v1/streaming?access_token=a%20b%2Fc");
});

test("an ended stream stays ended", () => {
  const { stream, sockets, waits } = setUp();
  stream.connect();
  sockets[0]!.accept();
  stream.end();
  expect(waits).toHaveLength(0);
  stream.connect();
  expect(sockets).toHaveLength(1);
});

test.each([
  ["a message", '{"stream":["user"],"event":"delete","payload":"5"}', "delete"],
  ["an error of the server", '{"error":"Unknown stream","status":400}', undefined],
  ["no JSON", "hello", undefined],
  ["null", "null", undefined],
  ["binary", new ArrayBuffer(1), undefined],
])("parseMessage: %s", (_, text, event) => {
  expect(parseMessage(text)?.event).toBe(event);
});

test.each([
  [0, 0, 1000],
  [1, 0, 2000],
  [6, 0, 60_000],
  [50, 0, 60_000],
  [0, 1, 500],
])("backoff(%d, %d) = %d", (attempt, random, ms) => expect(backoff(attempt, random)).toBe(ms));

test.each([
  ["user", { stream: "user" }],
  ["public:local", { stream: "public:local" }],
  ["list:5", { stream: "list", list: "5" }],
  ["hashtag:庭", { stream: "hashtag", tag: "庭" }],
])("streamParts(%s)", (name, want) => expect(streamParts(name)).toEqual(want));
