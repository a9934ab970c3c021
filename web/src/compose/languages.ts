/** Languages offered in the composer; any other the person posts in is added. */
const offered = ["ja", "en", "zh", "ko", "de", "fr", "es", "pt", "it", "nl", "pl", "ru", "uk", "id", "vi", "th", "eo"];

export interface Language {
  code: string;
  name: string;
}

export function languages(locale: string, current: string): Language[] {
  const names = new Intl.DisplayNames([locale], { type: "language", fallback: "code" });
  const codes = current && !offered.includes(current) ? [current, ...offered] : offered;
  return codes.map((code) => ({ code, name: nameIn(names, code) }));
}

function nameIn(names: Intl.DisplayNames, code: string): string {
  try {
    return names.of(code) ?? code;
  } catch {
    return code;
  }
}
