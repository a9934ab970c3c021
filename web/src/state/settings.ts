import { effect, signal } from "@preact/signals";
import { keptColumns, moved, type ColumnId } from "./columns";
import { isLocale, setLocale, systemLocale, type LocaleChoice } from "../i18n";

export type Theme = "auto" | "light" | "dark";

export interface Settings {
  locale: LocaleChoice;
  theme: Theme;
  contrast: boolean;
  /** Numbers beside the actions of every post, not only of the opened one. */
  counts: boolean;
  /** Shows media marked sensitive without asking. */
  revealMedia: boolean;
  columns: ColumnId[];
  /** What columns of lists, lanes and people are called. */
  titles: Record<ColumnId, string>;
}

const KEY = "engawa.settings";

const defaults: Settings = {
  locale: "auto",
  theme: "auto",
  contrast: false,
  counts: false,
  revealMedia: false,
  columns: ["home", "notifications", "local"],
  titles: {},
};

export const settings = signal<Settings>(read());

export function change(patch: Partial<Settings>): void {
  settings.value = { ...settings.peek(), ...patch };
}

/** Puts a column at the right end. */
export function addColumn(id: ColumnId, title?: string): void {
  const { columns, titles } = settings.peek();
  if (!columns.includes(id)) change({ columns: [...columns, id], ...(title && { titles: { ...titles, [id]: title } }) });
}

export function removeColumn(id: ColumnId): void {
  const { columns, titles } = settings.peek();
  const { [id]: _, ...rest } = titles;
  change({ columns: columns.filter((k) => k !== id), titles: rest });
}

/** Moves a column by one place to the left (-1) or right (1). */
export function moveColumn(id: ColumnId, by: -1 | 1): void {
  const columns = settings.peek().columns;
  const at = columns.indexOf(id);
  placeColumn(id, at + by);
}

/** Moves a column to a place, counted from 0. */
export function placeColumn(id: ColumnId, to: number): void {
  const columns = settings.peek().columns;
  const at = columns.indexOf(id);
  if (at !== to) change({ columns: moved(columns, at, to) });
}

/** Resolves when the language is there, without which nothing can be drawn. */
export async function applySettings(): Promise<void> {
  let spoken: Promise<void> = Promise.resolve();
  effect(() => {
    const s = settings.value;
    const root = document.documentElement;
    spoken = setLocale(s.locale === "auto" ? systemLocale() : s.locale);
    // A language that cannot be loaded now leaves the one before.
    spoken.catch(() => {});
    root.dataset.theme = s.theme;
    root.dataset.contrast = s.contrast ? "more" : "auto";
    try {
      localStorage.setItem(KEY, JSON.stringify(s));
    } catch {
      // A full or forbidden storage: the settings live as long as the page.
    }
  });
  await spoken;
}

function read(): Settings {
  let kept: Partial<Settings> = {};
  try {
    kept = (JSON.parse(localStorage.getItem(KEY) ?? "{}") ?? {}) as Partial<Settings>;
  } catch {
    return defaults;
  }
  return {
    locale: isLocale(kept.locale) ? kept.locale : defaults.locale,
    theme: kept.theme === "light" || kept.theme === "dark" ? kept.theme : defaults.theme,
    contrast: kept.contrast === true,
    counts: kept.counts === true,
    revealMedia: kept.revealMedia === true,
    columns: keptColumns(kept.columns, defaults.columns),
    titles: titlesOf(kept.titles),
  };
}

function titlesOf(kept: unknown): Record<ColumnId, string> {
  if (!kept || typeof kept !== "object") return {};
  return Object.fromEntries(Object.entries(kept).filter((e): e is [string, string] => typeof e[1] === "string"));
}
