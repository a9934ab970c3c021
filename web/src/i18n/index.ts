import { signal } from "@preact/signals";
import type { Messages } from "./en";

/** Every language of the deck: a line here, and a file that names every message. Only the one in use is loaded. */
const catalogues = {
  ja: () => import("./ja").then((x) => x.ja),
  en: () => import("./en").then((x) => x.en),
} as const satisfies Record<string, () => Promise<Messages>>;

export type Locale = keyof typeof catalogues;
export type LocaleChoice = Locale | "auto";

export const locales = Object.keys(catalogues) as Locale[];

export const isLocale = (value: unknown): value is LocaleChoice => value === "auto" || locales.includes(value as Locale);

/** The first of the browser's languages that we speak; English when there is none. */
export function systemLocale(languages: readonly string[] = navigator.languages): Locale {
  for (const tag of languages) {
    const found = locales.find((l) => tag.toLowerCase().split("-")[0] === l);
    if (found) return found;
  }
  return "en";
}

const current = signal<{ locale: Locale; messages: Messages } | null>(null);

/** The messages in the reader's language. Reading them in a component subscribes to the language. */
export const t = (): Messages => current.value!.messages;
export const locale = (): Locale => current.value?.locale ?? "en";

let wanted: Locale | null = null;

/** Loads a language and takes it up. Until it is there, and where it cannot be loaded, the one before stays. */
export async function setLocale(next: Locale): Promise<void> {
  wanted = next;
  const messages = await catalogues[next]();
  if (wanted !== next) return;
  current.value = { locale: next, messages };
  if (typeof document !== "undefined") document.documentElement.lang = next;
}
