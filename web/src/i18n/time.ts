const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const cache = new Map<string, Intl.RelativeTimeFormat | Intl.DateTimeFormat>();

function relative(lang: string): Intl.RelativeTimeFormat {
  const key = `r ${lang}`;
  let f = cache.get(key) as Intl.RelativeTimeFormat | undefined;
  if (!f) cache.set(key, (f = new Intl.RelativeTimeFormat(lang, { style: "narrow", numeric: "always" })));
  return f;
}

function dates(lang: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${lang} ${JSON.stringify(options)}`;
  let f = cache.get(key) as Intl.DateTimeFormat | undefined;
  if (!f) cache.set(key, (f = new Intl.DateTimeFormat(lang, options)));
  return f;
}

/**
 * How long ago, short: "now" word below a minute (and for clocks that run ahead),
 * then minutes, hours, days up to a week, then the date. Both in milliseconds.
 */
export function ago(lang: string, nowWord: string, then: number, now: number): string {
  if (Number.isNaN(then)) return "";
  const past = now - then;
  if (past < MINUTE) return nowWord;
  if (past < HOUR) return relative(lang).format(-Math.floor(past / MINUTE), "minute");
  if (past < DAY) return relative(lang).format(-Math.floor(past / HOUR), "hour");
  if (past < 7 * DAY) return relative(lang).format(-Math.floor(past / DAY), "day");
  const sameYear = new Date(then).getFullYear() === new Date(now).getFullYear();
  return dates(lang, { month: "short", day: "numeric", ...(!sameYear && { year: "numeric" }) }).format(then);
}

/** Time left, rounded up, in the largest unit: "in 3h", "3 時間後". */
export function until(lang: string, then: number, now: number): string {
  const left = Math.max(0, then - now);
  if (left < HOUR) return relative(lang).format(Math.max(1, Math.ceil(left / MINUTE)), "minute");
  if (left < DAY) return relative(lang).format(Math.ceil(left / HOUR), "hour");
  return relative(lang).format(Math.ceil(left / DAY), "day");
}

/** Date and time in full, for the opened post and for tooltips. */
export function fullTime(lang: string, then: number): string {
  return Number.isNaN(then) ? "" : dates(lang, { dateStyle: "long", timeStyle: "short" }).format(then);
}

export function monthYear(lang: string, then: number): string {
  return Number.isNaN(then) ? "" : dates(lang, { year: "numeric", month: "long" }).format(then);
}
