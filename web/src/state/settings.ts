import { effect, signal } from "@preact/signals";
import { isLocale, setLocale, systemLocale, type LocaleChoice } from "../i18n";

export type Theme = "auto" | "light" | "dark";
export type ColumnKind = "home" | "notifications" | "local" | "public" | "bookmarks" | "favourites";

export const columnKinds: readonly ColumnKind[] = ["home", "notifications", "local", "public", "bookmarks", "favourites"];

export interface Settings {
  locale: LocaleChoice;
  theme: Theme;
  contrast: boolean;
  /** Numbers beside the actions of every post, not only of the opened one. */
  counts: boolean;
  /** Shows media marked sensitive without asking. */
  revealMedia: boolean;
  columns: ColumnKind[];
}

const KEY = "engawa.settings";

const defaults: Settings = {
  locale: "auto",
  theme: "auto",
  contrast: false,
  counts: false,
  revealMedia: false,
  columns: ["home", "notifications", "local"],
};

export const settings = signal<Settings>(read());

export function change(patch: Partial<Settings>): void {
  settings.value = { ...settings.peek(), ...patch };
}

/** Puts a column at the right end. */
export function addColumn(kind: ColumnKind): void {
  const columns = settings.peek().columns;
  if (!columns.includes(kind)) change({ columns: [...columns, kind] });
}

export function removeColumn(kind: ColumnKind): void {
  change({ columns: settings.peek().columns.filter((k) => k !== kind) });
}

/** Moves a column by one place to the left (-1) or right (1). */
export function moveColumn(kind: ColumnKind, by: -1 | 1): void {
  const columns = [...settings.peek().columns];
  const at = columns.indexOf(kind);
  const to = at + by;
  if (at < 0 || to < 0 || to >= columns.length) return;
  columns.splice(at, 1);
  columns.splice(to, 0, kind);
  change({ columns });
}

/** Keeps the page's attributes and the stored copy in step with the settings. */
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
  const columns = Array.isArray(kept.columns) ? [...new Set(kept.columns)].filter((k) => columnKinds.includes(k)) : defaults.columns;
  return {
    locale: isLocale(kept.locale) ? kept.locale : defaults.locale,
    theme: kept.theme === "light" || kept.theme === "dark" ? kept.theme : defaults.theme,
    contrast: kept.contrast === true,
    counts: kept.counts === true,
    revealMedia: kept.revealMedia === true,
    columns: columns.length ? columns : defaults.columns,
  };
}
