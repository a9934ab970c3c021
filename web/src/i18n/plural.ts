const rules = new Map<string, Intl.PluralRules>();
const numbers = new Map<string, Intl.NumberFormat>();

/** A count in words: the form that the language's plural rule picks, with `#` replaced by the number. */
export function plural(lang: string, n: number, forms: { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>): string {
  let rule = rules.get(lang);
  if (!rule) rules.set(lang, (rule = new Intl.PluralRules(lang)));
  return (forms[rule.select(n)] ?? forms.other).replace("#", number(lang, n));
}

export function number(lang: string, n: number): string {
  let format = numbers.get(lang);
  if (!format) numbers.set(lang, (format = new Intl.NumberFormat(lang)));
  return format.format(n);
}
