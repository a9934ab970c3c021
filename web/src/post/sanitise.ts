import DOMPurify from "dompurify";
import type { Emoji, Mention } from "../api/types";

// The home has cleaned every content already; it is cleaned again here, because
// a mistake in one place must not be enough to run somebody's script.

const config = {
  ALLOWED_TAGS: [
    "p", "br", "span", "a", "b", "strong", "i", "em", "u", "s", "del", "small", "sub", "sup",
    "code", "pre", "blockquote", "ul", "ol", "li", "ruby", "rt", "rp", "h1", "h2", "h3", "h4", "h5", "h6",
  ],
  ALLOWED_ATTR: ["href", "class", "lang", "dir", "start", "reversed", "value", "translate"],
  ALLOWED_URI_REGEXP: /^(?:https?|mailto|gemini|xmpp|matrix|magnet):/i,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  KEEP_CONTENT: true,
  RETURN_DOM_FRAGMENT: true,
} as const;

/** Classes that mean something to us; any other is dropped. */
const classes = new Set(["mention", "hashtag", "u-url", "h-card", "invisible", "ellipsis", "quote-inline"]);

export interface Marks {
  mentions: Mention[];
  tags: { name: string; url: string }[];
  emojis: Emoji[];
}

const none: Marks = { mentions: [], tags: [], emojis: [] };

/**
 * Clean HTML of a post or a profile text. Mentions and hashtags carry
 * `data-profile` (id) and `data-tag` (name), set here and nowhere else.
 */
export function cleanHtml(html: string, marks: Partial<Marks> = none, dropQuoteLine = false): string {
  const root = DOMPurify.sanitize(html.slice(0, 200_000), { ...config, ALLOWED_TAGS: [...config.ALLOWED_TAGS], ALLOWED_ATTR: [...config.ALLOWED_ATTR] });
  for (const element of root.querySelectorAll("*")) {
    keepClasses(element);
    if (element.tagName === "A") link(element as HTMLAnchorElement, marks);
    if (dropQuoteLine && element.classList.contains("quote-inline")) element.remove();
  }
  if (marks.emojis?.length) emojify(root, marks.emojis);
  const box = document.createElement("div");
  box.append(root);
  return box.innerHTML;
}

function keepClasses(element: Element): void {
  const kept = [...element.classList].filter((c) => classes.has(c));
  if (kept.length) element.className = kept.join(" ");
  else element.removeAttribute("class");
}

function link(a: HTMLAnchorElement, marks: Partial<Marks>): void {
  const href = a.getAttribute("href");
  if (!href) return;
  a.setAttribute("rel", "noopener noreferrer nofollow ugc");
  a.setAttribute("target", "_blank");
  const mention = marks.mentions?.find((m) => m.url === href);
  const tag = marks.tags?.find((t) => t.url.toLowerCase() === href.toLowerCase()) ?? hashtagOf(a, marks);
  if (mention) {
    a.dataset.profile = mention.id;
    a.setAttribute("title", `@${mention.acct}`);
  } else if (tag) a.dataset.tag = tag.name;
}

/** A hashtag whose address was written by another home: known by its text. */
function hashtagOf(a: HTMLAnchorElement, marks: Partial<Marks>): { name: string } | undefined {
  const text = a.textContent ?? "";
  if (!text.startsWith("#")) return undefined;
  const name = text.slice(1).toLowerCase();
  return marks.tags?.find((t) => t.name.toLowerCase() === name);
}

/** Replaces `:shortcode:` in texts by the picture the home serves for it. */
function emojify(root: Node, emojis: Emoji[]): void {
  const known = new Map(emojis.map((e) => [e.shortcode, e]));
  const walker = document.createTreeWalker(root, 4 /* NodeFilter.SHOW_TEXT */);
  const texts: Text[] = [];
  while (walker.nextNode()) {
    const text = walker.currentNode as Text;
    if (text.data.includes(":") && !text.parentElement?.closest("code, pre")) texts.push(text);
  }
  for (const text of texts) {
    const parts = splitEmoji(text.data, known);
    if (parts.length > 1 || typeof parts[0] !== "string") text.replaceWith(...parts.map((p) => (typeof p === "string" ? p : picture(p))));
  }
}

/** A text cut into plain pieces and known emoji. */
export function splitEmoji(text: string, known: ReadonlyMap<string, Emoji>): (string | Emoji)[] {
  const out: (string | Emoji)[] = [];
  let from = 0;
  for (const m of text.matchAll(/:([\w-]+)(?=:)/g)) {
    const emoji = known.get(m[1]!);
    if (!emoji || m.index < from) continue;
    if (m.index > from) out.push(text.slice(from, m.index));
    out.push(emoji);
    from = m.index + m[0].length + 1;
  }
  if (from < text.length) out.push(text.slice(from));
  return out;
}

function picture(e: Emoji): HTMLImageElement {
  const img = document.createElement("img");
  img.className = "emoji";
  img.alt = img.title = `:${e.shortcode}:`;
  img.src = safePicture(e.static_url || e.url);
  img.loading = "lazy";
  img.draggable = false;
  return img;
}

/** Only http(s) addresses may become pictures. */
export const safePicture = (url: string): string => (/^(https?:\/\/|\/)/i.test(url) ? url : "");

/** The words of a post, for labels and quoting. */
export function plainText(html: string): string {
  const box = new DOMParser().parseFromString(html.replaceAll(/<br\s*\/?>|<\/p>/gi, " $&"), "text/html");
  return (box.body.textContent ?? "").replaceAll(/\s+/g, " ").trim();
}
