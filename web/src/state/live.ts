import { effect, signal } from "@preact/signals";
import { Stream } from "../api/stream";
import type { StreamMessage } from "../api/types";
import { allFeeds, clearFeeds, columnFeed, keepColumns } from "./feeds";
import { joinGroup, noticesAbout, postsOf, putNotification, sweepNotices } from "./notifications";
import { putConversation, talkPosts } from "./conversations";
import { effectOf } from "./reduce";
import { session } from "./session";
import { settings } from "./settings";
import { clearPosts, dropPost, putStatus, sweepPosts } from "./store";
import { forgetThreads, threadPosts } from "./thread";

export type LiveState = "connecting" | "open" | "broken";
export const live = signal<LiveState>("connecting");

const SWEEP_EVERY = 200;
let seen = 0;

/** Follows the session: one socket while somebody is logged in, with the streams the columns need. */
export function startLive(): void {
  let stream: Stream | null = null;
  effect(() => {
    const s = session.value;
    stream?.end();
    stream = null;
    if (s.state !== "in") return forget();
    stream = new Stream(streamUrl(), s.token, {
      message: take,
      open: () => {
        live.value = "open";
        // What was read before the stream was there may have been overtaken since.
        for (const feed of liveFeeds()) if (feed.state.peek().next !== undefined) void feed.refresh();
      },
      closed: () => (live.value = "broken"),
    });
    stream.want(wanted());
    stream.connect();
  });
  effect(() => {
    keepColumns(settings.value.columns);
    stream?.want(wanted());
  });
  const wake = () => document.visibilityState === "visible" && stream?.connect();
  addEventListener("online", wake);
  document.addEventListener("visibilitychange", wake);
}

/** Always our own origin: the token goes nowhere else, whatever the home announces. */
const streamUrl = (): string => `${location.origin.replace(/^http/, "ws")}/api/v1/streaming`;

function wanted(): Set<string> {
  const streams = new Set(["user"]);
  for (const kind of settings.peek().columns) {
    const name = columnFeed(kind).stream;
    if (name) streams.add(name);
  }
  return streams;
}

const liveFeeds = () => settings.peek().columns.map(columnFeed).filter((f) => f.stream || f === columnFeed("notifications") || f === columnFeed("mentions"));

function take(message: StreamMessage): void {
  const e = effectOf(message);
  if (!e) return;
  switch (e.kind) {
    case "status": {
      const id = putStatus(e.status);
      for (const feed of liveFeeds()) if (feed.stream === e.stream) feed.arrive(id);
      break;
    }
    case "edit":
      putStatus(e.status);
      break;
    case "notification":
      columnFeed("notifications").arrive(joinGroup(e.notification), true);
      if (e.notification.type === "mention" && settings.peek().columns.includes("mentions")) columnFeed("mentions").arrive(putNotification(e.notification));
      break;
    case "conversation":
      columnFeed("conversations").arrive(putConversation(e.conversation), true);
      break;
    case "delete":
      dropEverywhere(e.id);
  }
  if (++seen % SWEEP_EVERY === 0) sweep();
}

/** The lists whose lines are notices, not posts. */
const bellFeeds = () => [columnFeed("notifications"), columnFeed("mentions")];

/** Takes a deleted post out of every list. */
export function dropEverywhere(id: string): void {
  const gone = dropPost(id);
  const notices = noticesAbout(gone);
  const bells = bellFeeds();
  for (const feed of allFeeds()) feed.remove(bells.includes(feed) ? notices : gone);
}

/** Shows one's own new post at once, whether or not the stream is there. */
export function showOwn(id: string): void {
  columnFeed("home").arrive(id);
}

function sweep(): void {
  const bells = bellFeeds();
  const notices = new Set(bells.flatMap(lines));
  sweepNotices(notices);
  const posts = allFeeds().filter((f) => !bells.includes(f)).flatMap(lines);
  sweepPosts([...posts, ...talkPosts(), ...postsOf(notices), ...threadPosts()]);
}

function lines(feed: ReturnType<typeof columnFeed>): string[] {
  const s = feed.state.peek();
  return [...s.ids, ...s.waiting];
}

function forget(): void {
  clearFeeds();
  clearPosts();
  forgetThreads();
}
