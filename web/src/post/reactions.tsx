import type { Reaction } from "../api/types";
import { locale, t } from "../i18n";
import { number } from "../i18n/plural";
import { react } from "../state/actions";
import { settings } from "../state/settings";
import type { Post } from "../state/store";
import { safePicture } from "./sanitise";

const SHOWN = 24;

/** How a reaction is called: a custom one without its home. */
export const reactionName = (r: Pick<Reaction, "name" | "url">): string => (r.url ? `:${r.name.replaceAll(":", "").split("@", 1)[0]}:` : r.name);

/** What others and the reader reacted with; a press joins in or takes it back. Numbers as for the actions. */
export function Reactions({ post, chosen }: { post: Post; chosen: boolean }) {
  const all = post.reactions;
  if (!all?.length) return null;
  const counted = chosen || settings.value.counts;
  return (
    <p class="reactions" onClick={(e) => e.stopPropagation()}>
      {all.slice(0, chosen ? undefined : SHOWN).map((r) => (
        <Chip key={r.name} r={r} counted={counted} run={() => void react(post.id, { name: r.name, url: r.url ?? null })} />
      ))}
    </p>
  );
}

function Chip({ r, counted, run }: { r: Reaction; counted: boolean; run(): void }) {
  const name = reactionName(r);
  const count = number(locale(), r.count);
  const words = t().actions.reaction(name, count);
  return (
    <button type="button" class="reaction" aria-pressed={r.me} aria-label={words} title={r.me ? t().actions.unreact(name) : words} onClick={run}>
      {r.url ? <img class="emoji" src={safePicture(r.static_url || r.url)} alt="" loading="lazy" /> : <span>{r.name}</span>}
      {counted && <span class="action-count">{count}</span>}
    </button>
  );
}
