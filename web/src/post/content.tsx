import { useMemo } from "preact/hooks";
import { open } from "../state/route";
import { cleanHtml, type Marks } from "./sanitise";

interface Props {
  html: string;
  marks?: Partial<Marks>;
  lang?: string | null;
  /** Leaves out the line that stands for a quote, because the quote itself is shown. */
  dropQuoteLine?: boolean;
  class?: string;
}

/** Text from elsewhere, cleaned. Mentions and hashtags open in the deck, other links in a new tab. */
export function Content({ html, marks, lang, dropQuoteLine = false, class: extra = "" }: Props) {
  const clean = useMemo(() => cleanHtml(html, marks, dropQuoteLine), [html, marks?.emojis, marks?.mentions, marks?.tags, dropQuoteLine]);
  if (!clean) return null;
  return <div class={`content ${extra}`} lang={lang ?? undefined} dir="auto" onClick={follow} dangerouslySetInnerHTML={{ __html: clean }} />;
}

function follow(e: MouseEvent): void {
  const a = (e.target as Element).closest("a");
  if (!a) return;
  e.stopPropagation();
  if (e.ctrlKey || e.metaKey || e.shiftKey) return;
  const { profile, tag } = a.dataset;
  if (profile) open({ name: "profile", id: profile });
  else if (tag) open({ name: "tag", tag });
  else return;
  e.preventDefault();
}
