import { useEffect, useRef, useState } from "preact/hooks";
import { post } from "../api/client";
import type { CopyPreview } from "../api/types";
import { locale, t } from "../i18n";
import { problem } from "../i18n/problem";
import { m } from "../i18n/more";
import { draft } from "../state/compose";
import { open } from "../state/route";
import { Icon } from "../ui/icon";
import { fullest, money, previewBody } from "./preview";

const WAIT = 500;
const ROUND = 2 * Math.PI * 9;

/** Where copies of the draft would go by the person's rules: one chip each, opened to the exact copy. */
export function Destinations() {
  const body = JSON.stringify({ ...previewBody(draft.value) });
  const lang = locale();
  const [all, setAll] = useState<CopyPreview[] | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [opened, setOpened] = useState<string | null>(null);
  const first = useRef(true);
  useEffect(() => {
    const stop = new AbortController();
    const ask = (): void => {
      post<CopyPreview[]>(`/api/engawa/v1/relay/preview?lang=${lang}`, JSON.parse(body) as unknown).then(
        (got) => {
          if (stop.signal.aborted) return;
          setFailure(null);
          setAll(got);
        },
        (e: unknown) => stop.signal.aborted || setFailure(e),
      );
    };
    const timer = setTimeout(ask, first.current ? 0 : WAIT);
    first.current = false;
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [body, lang]);
  const words = m().copies;
  if (failure) return <p class="faint small-text">{words.unknown(problem(failure))}</p>;
  if (!all?.length) return null;
  const going = all.filter((p) => p.send);
  const cost = going.reduce((sum, p) => sum + p.cost_microdollars, 0);
  const shown = all.find((p) => p.link_id === opened);
  return (
    <section class="copies" aria-label={words.title}>
      <p class="copies-head">
        <span>{going.length ? words.going(going.length) : words.none}</span>
        {cost > 0 && <b>{words.cost(money(lang, cost))}</b>}
      </p>
      <div class="copies-chips">
        {all.map((p) => (
          <Chip key={p.link_id} p={p} on={p.link_id === opened} run={() => setOpened(p.link_id === opened ? null : p.link_id)} />
        ))}
      </div>
      {shown && <Exact p={shown} />}
    </section>
  );
}

function Chip({ p, on, run }: { p: CopyPreview; on: boolean; run(): void }) {
  const words = m().copies;
  const full = fullest(p);
  const state = !p.send ? words.stays : p.parts.length > 1 ? words.parts(p.parts.length) : full ? m().compose.left(Math.max(0, full.left)) : words.goes;
  return (
    <button type="button" class={`copy-chip ${p.send ? "" : "stays"} ${p.losses.length ? "lossy" : ""}`} aria-expanded={on} title={p.reason} onClick={run}>
      {full && (
        <svg class="copy-ring" viewBox="0 0 24 24" aria-hidden="true">
          <circle class="ruler-ground" cx="12" cy="12" r="9" />
          <circle class="ruler-fill" cx="12" cy="12" r="9" stroke-dasharray={`${Math.min(1, full.used) * ROUND} ${ROUND}`} transform="rotate(-90 12 12)" />
        </svg>
      )}
      <span>{p.link}</span>
      <span class="faint small-text">{state}</span>
      {p.losses.length > 0 && <span class="copy-loss small-text">{words.losses(p.losses.length)}</span>}
      {p.cost_microdollars > 0 && <b class="small-text">{money(locale(), p.cost_microdollars)}</b>}
    </button>
  );
}

/** The copy as it would stand there, why, and what of the post is lost. */
function Exact({ p }: { p: CopyPreview }) {
  const words = m().copies;
  return (
    <div class="copy-exact">
      <p class="small-text">
        {p.reason}
        {p.rule && (
          <>
            {" · "}
            <button type="button" class="text-button" onClick={() => open({ name: "settings", section: "rules" })}>
              {words.rule(p.rule)}
            </button>
          </>
        )}
      </p>
      {p.ask && <p class="small-text">{words.ask[p.ask] ?? words.ask.confirm}</p>}
      {p.losses.map((l) => (
        <p key={l} class="copy-loss small-text">
          <Icon name="warning" /> {l}
        </p>
      ))}
      <ol class="plain-list">
        {p.parts.map((part, i) => (
          <li key={i} class="copy-part">
            {part.spoiler_text && <p class="strong">{part.spoiler_text}</p>}
            <p class="copy-text" dir="auto">
              {part.text}
            </p>
            {part.media.map((f) => (
              <p key={f.id} class="faint small-text">
                <Icon name="image" /> {f.description || t().post.noAlt} · {f.plan}
              </p>
            ))}
            {part.poll?.options.map((o) => (
              <p key={o} class="small-text">
                ・{o}
              </p>
            ))}
            <p class="faint small-text copy-measure">
              <span>{part.limit ? `${part.length} / ${part.limit}` : words.noLimit(part.length)}</span>
              {part.cost_microdollars > 0 && <span>{money(locale(), part.cost_microdollars)}</span>}
            </p>
          </li>
        ))}
      </ol>
    </div>
  );
}
