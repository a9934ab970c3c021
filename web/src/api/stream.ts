import type { StreamMessage } from "./types";

// One WebSocket for everything (streaming API, "multiplexing"): the streams are
// subscribed one by one, and again after each reconnect.

export interface StreamHandlers {
  message(message: StreamMessage): void;
  /** The socket is open, for the first time or again: something may have been missed before. */
  open(): void;
  closed(): void;
}

export interface Timers {
  set(run: () => void, ms: number): number;
  clear(id: number): void;
  random(): number;
}

const browserTimers: Timers = {
  set: (run, ms) => window.setTimeout(run, ms),
  clear: (id) => window.clearTimeout(id),
  random: Math.random,
};

/** Milliseconds before attempt n (0, 1, …): 1 s doubling to 60 s, of which up to half is left to chance. */
export function backoff(attempt: number, random: number): number {
  const full = Math.min(60_000, 1000 * 2 ** Math.min(attempt, 6));
  return Math.round(full * (1 - random / 2));
}

/** The text of a message as an object, or null when it is none. */
export function parseMessage(text: unknown): StreamMessage | null {
  if (typeof text !== "string") return null;
  try {
    const m = JSON.parse(text) as Partial<StreamMessage> | null;
    if (!m || typeof m.event !== "string" || !Array.isArray(m.stream)) return null;
    return m as StreamMessage;
  } catch {
    return null;
  }
}

/** A stream of something is named with it ("list:5", "hashtag:庭") and asked for in parts. */
export function streamParts(name: string): { stream: string; list?: string; tag?: string } {
  const of = /^(list|hashtag):(.+)$/su.exec(name);
  if (!of) return { stream: name };
  return of[1] === "list" ? { stream: "list", list: of[2]! } : { stream: "hashtag", tag: of[2]! };
}

export class Stream {
  private socket: WebSocket | null = null;
  private wanted = new Set<string>();
  private attempt = 0;
  private timer = 0;
  private opened = false;
  private ended = false;
  /** The token travels as sub-protocol (stays out of access logs); by query where a server or proxy drops that. */
  private byQuery: boolean;

  constructor(
    private readonly url: string,
    private readonly token: string,
    private readonly handlers: StreamHandlers,
    private readonly make: (url: string, protocol?: string) => WebSocket = (u, p) => new WebSocket(u, p),
    private readonly timers: Timers = browserTimers,
  ) {
    this.byQuery = !/^[\w.~+-]+$/.test(token);
  }

  /** Keeps exactly these streams subscribed ("user", "public:local", …). */
  want(streams: Iterable<string>): void {
    const next = new Set(streams);
    for (const s of this.wanted) if (!next.has(s)) this.send("unsubscribe", s);
    for (const s of next) if (!this.wanted.has(s)) this.send("subscribe", s);
    this.wanted = next;
  }

  /** Connects now, without waiting for the next attempt (the network came back, the page is seen again). */
  connect(): void {
    if (this.ended || this.socket) return;
    this.timers.clear(this.timer);
    const url = this.byQuery ? `${this.url}?access_token=${encodeURIComponent(this.token)}` : this.url;
    const socket = this.make(url, this.byQuery ? undefined : this.token);
    this.socket = socket;
    let open = false;
    socket.onopen = () => {
      open = true;
      this.attempt = 0;
      for (const s of this.wanted) this.send("subscribe", s);
      this.handlers.open();
      this.opened = true;
    };
    socket.onmessage = (e: MessageEvent) => {
      const m = parseMessage(e.data);
      if (m) this.handlers.message(m);
    };
    socket.onclose = () => {
      if (this.socket !== socket) return;
      this.socket = null;
      if (!open && !this.opened) this.byQuery = !this.byQuery || !/^[\w.~+-]+$/.test(this.token);
      this.handlers.closed();
      if (!this.ended) this.timer = this.timers.set(() => this.connect(), backoff(this.attempt++, this.timers.random()));
    };
  }

  end(): void {
    this.ended = true;
    this.timers.clear(this.timer);
    this.socket?.close();
    this.socket = null;
  }

  private send(type: "subscribe" | "unsubscribe", stream: string): void {
    if (this.socket?.readyState === 1) this.socket.send(JSON.stringify({ type, ...streamParts(stream) }));
  }
}
