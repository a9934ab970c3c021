const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const address = /https?:\/\/[^\s<>"'「」『』()（）、。]+/giu;
const mention = /(^|[^\w/])@([\w.-]*\w)@[\w.-]+\w/gu;

/**
 * Length of a post as Mastodon's API counts it: characters as people see them,
 * an address as `perUrl`, a mention of somebody elsewhere without its home.
 */
export function countCharacters(text: string, perUrl = 23): number {
  let urls = 0;
  const rest = text
    .replace(address, () => {
      urls++;
      return "";
    })
    .replace(mention, (_, before: string, name: string) => `${before}@${name}`);
  let n = urls * perUrl;
  for (const _ of graphemes.segment(rest)) n++;
  return n;
}
