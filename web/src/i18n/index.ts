import { computed, signal } from "@preact/signals";
import { en, type Messages } from "./en";
import { ja } from "./ja";

/** Every language of the deck: a line here, and a file that names every message. */
const catalogues = { ja, en } as const satisfies Record<string, Messages>;

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

const current = signal<Locale>("en");
const catalogue = computed<Messages>(() => catalogues[current.value]);

/** The messages in the reader's language. Reading them in a component subscribes to the language. */
export const t = (): Messages => catalogue.value;
export const locale = (): Locale => current.value;

export function setLocale(next: Locale): void {
  current.value = next;
  if (typeof document !== "undefined") document.documentElement.lang = next;
}
