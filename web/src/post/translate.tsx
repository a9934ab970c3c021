import { useState } from "preact/hooks";
import { post as send } from "../api/client";
import type { Translation } from "../api/types";
import { locale, t } from "../i18n";
import { instance } from "../state/session";
import type { Post } from "../state/store";
import { complain } from "../state/toast";
import { Content } from "./content";

/** May the home be asked for a translation? Only of what everybody may read, and into another language. */
export const translatable = (p: Pick<Post, "language" | "visibility" | "local_only" | "content">, lang: string): boolean =>
  Boolean(p.language && p.content) && p.language!.split("-")[0] !== lang && (p.visibility === "public" || p.visibility === "unlisted");

/** The text of a post; where the home translates, in the reader's language on demand. */
export function Translatable({ post }: { post: Post }) {
  const [got, setGot] = useState<Translation | null>(null);
  const [busy, setBusy] = useState(false);
  const offered = instance()?.configuration.translation?.enabled === true && translatable(post, locale());
  const ask = async (): Promise<void> => {
    setBusy(true);
    try {
      setGot(await send<Translation>(`/api/v1/statuses/${post.id}/translate`, { lang: locale() }));
    } catch (e) {
      complain(t().actions.translate, e);
    }
    setBusy(false);
  };
  const html = got ? got.content : post.content;
  return (
    <>
      <Content html={html} marks={post} lang={got ? locale() : post.language} dropQuoteLine={post.quote !== null} />
      {offered && (
        <p class="translation">
          {got && <span class="faint small-text">{t().actions.translated(languageName(got.detected_source_language || post.language || ""), got.provider)} · </span>}
          <button type="button" class="text-button" disabled={busy} onClick={(e) => (e.stopPropagation(), got ? setGot(null) : void ask())}>
            {got ? t().actions.untranslate : t().actions.translate}
          </button>
        </p>
      )}
    </>
  );
}

function languageName(code: string): string {
  try {
    return new Intl.DisplayNames([locale()], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}
