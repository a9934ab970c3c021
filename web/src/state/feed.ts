// What a column shows, as a value, and every way it may change. No network, no drawing.

/** Ids from newest to oldest; a gap ("gap:ID") stands where posts older than ID are missing. */
export interface FeedState {
  ids: string[];
  /** New ones that wait at the door while the reader is further down. */
  waiting: string[];
  /** The path of the next page; null: the end is reached; undefined: nothing was loaded yet. */
  next: string | null | undefined;
}

export const emptyFeed: FeedState = { ids: [], waiting: [], next: undefined };

const GAP = "gap:";
export const isGap = (id: string): boolean => id.startsWith(GAP);
export const gapAfter = (id: string): string => GAP + id;
export const gapId = (gap: string): string => gap.slice(GAP.length);

/** How many new ones wait. */
export const waitingCount = (s: FeedState): number => s.waiting.filter((id) => !isGap(id)).length;

/** A page of older ones was loaded. */
export function appended(s: FeedState, ids: string[], next: string | null): FeedState {
  const known = new Set([...s.ids, ...s.waiting]);
  return { ...s, ids: [...s.ids, ...ids.filter((id) => !known.has(id))], next };
}

/** New ones (newest first) came in: shown at once at the top, else they wait. */
export function arrived(s: FeedState, ids: string[], atTop: boolean): FeedState {
  const known = new Set([...s.ids, ...s.waiting]);
  const fresh = ids.filter((id) => !known.has(id));
  if (!fresh.length) return s;
  if (atTop && !s.waiting.length) return { ...s, ids: [...fresh, ...s.ids] };
  return { ...s, waiting: [...fresh, ...s.waiting] };
}

/** The first page was read again after a break: closes on to what is known, or leaves a gap. */
export function refreshed(s: FeedState, ids: string[], next: string | null, atTop: boolean): FeedState {
  if (!s.ids.length && !s.waiting.length) return appended(s, ids, next);
  const known = new Set([...s.ids, ...s.waiting]);
  const meets = ids.some((id) => known.has(id));
  const last = ids.at(-1);
  if (meets || last === undefined) return arrived(s, ids, atTop);
  return arrived(s, [...ids, gapAfter(last)], atTop);
}

/** The reader let the waiting ones in. */
export function revealed(s: FeedState): FeedState {
  return s.waiting.length ? { ...s, ids: [...s.waiting, ...s.ids], waiting: [] } : s;
}

/** A page below `gap` was read: the gap closes when it meets what is known, or when nothing is there. */
export function filled(s: FeedState, gap: string, ids: string[]): FeedState {
  const at = s.ids.indexOf(gap);
  if (at < 0) return s;
  const known = new Set(s.ids);
  const fresh = ids.filter((id) => !known.has(id));
  const last = fresh.at(-1);
  const open = last !== undefined && fresh.length === ids.length;
  const rest = open ? [gapAfter(last), ...s.ids.slice(at + 1)] : s.ids.slice(at + 1);
  return { ...s, ids: [...s.ids.slice(0, at), ...fresh, ...rest] };
}

export function removed(s: FeedState, gone: string[]): FeedState {
  const set = new Set(gone);
  if (![...s.ids, ...s.waiting].some((id) => set.has(id))) return s;
  return { ...s, ids: s.ids.filter((id) => !set.has(id)), waiting: s.waiting.filter((id) => !set.has(id)) };
}

/** Drops the oldest beyond `limit`; `pathAfter` says where they are read again. */
export function trimmed(s: FeedState, limit: number, pathAfter: (id: string) => string): FeedState {
  if (s.ids.length <= limit) return s;
  let end = limit;
  while (end > 1 && isGap(s.ids[end - 1]!)) end--;
  return { ...s, ids: s.ids.slice(0, end), next: pathAfter(s.ids[end - 1]!) };
}
