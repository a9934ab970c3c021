import { useEffect, useState } from "preact/hooks";
import { ApiError, request } from "../api/client";
import type { RuleBook, RuleTrial } from "../api/types";
import { locale, t } from "../i18n";
import { m } from "../i18n/more";
import { problem } from "../i18n/problem";
import { open } from "../state/route";
import { say } from "../state/toast";
import { Icon } from "../ui/icon";
import { Loaded } from "./parts";
import { sentence } from "./sentence";
import { useAnswer } from "./useanswer";

/** What the home says of a book of rules, kept or only tried: also when it has errors (422). */
async function put(toml: string, keep: boolean): Promise<RuleTrial> {
  try {
    const r = await request(`/api/engawa/v1/rules?lang=${locale()}${keep ? "" : "&dry_run=1"}`, { method: "PUT", body: new Blob([toml], { type: "application/toml" }) });
    return (await r.json()) as RuleTrial;
  } catch (e) {
    if (e instanceof ApiError && e.status === 422 && e.body && typeof e.body === "object" && "errors" in e.body) return e.body as RuleTrial;
    throw e;
  }
}

/** The rules of relaying: each a sentence, the text behind them, and what they would have done. */
export function RuleSettings() {
  const answer = useAnswer<RuleBook>("/api/engawa/v1/rules");
  return <Loaded answer={answer}>{(book) => <Book book={book} again={answer.load} />}</Loaded>;
}

function Book({ book, again }: { book: RuleBook; again(): void }) {
  const [toml, setToml] = useState(book.toml);
  const [trial, setTrial] = useState<RuleTrial | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const words = m().rules;
  const rules = book.rules.rule ?? [];
  useEffect(() => setToml(book.toml), [book.toml]);
  const run = async (keep: boolean): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      const got = await put(toml, keep);
      setTrial(got);
      if (got.saved) {
        say(words.saved);
        again();
      }
    } catch (e) {
      setFailure(e);
    }
    setBusy(false);
  };
  return (
    <>
      {!rules.length && <p class="pad">{words.empty}</p>}
      <ol class="rules">
        {rules.map((r, i) => (
          <li key={i} class={r.on === false ? "off" : ""}>
            {r.name && <b>{r.name}</b>}
            <p>{sentence(r, locale())}</p>
          </li>
        ))}
      </ol>
      <form
        class="stack pad"
        onSubmit={(e) => {
          e.preventDefault();
          void run(true);
        }}
      >
        <label class="field flush">
          <span>{words.text}</span>
          <textarea class="code" rows={14} spellcheck={false} dir="ltr" value={toml} onInput={(e) => setToml(e.currentTarget.value)} aria-describedby="rules-said" />
        </label>
        {failure !== null && (
          <p class="notice-box" role="alert">
            {problem(failure)} {words.textKept}
          </p>
        )}
        <p class="row">
          <button type="button" class="button" disabled={busy} onClick={() => void run(false)}>
            {words.check}
          </button>
          <button type="submit" class="button primary" disabled={busy || toml === book.toml}>
            {words.save}
          </button>
        </p>
        <div id="rules-said" class="stack">
          {trial && <Said trial={trial} />}
        </div>
      </form>
    </>
  );
}

/** What is wrong with the text, and what it would have done to the last posts. */
function Said({ trial }: { trial: RuleTrial }) {
  const words = m().rules;
  return (
    <>
      {trial.errors.map((e) => (
        <p key={e.message} class="notice-box" role="alert">
          {e.message}
        </p>
      ))}
      {trial.warnings.map((e) => (
        <p key={e.message} class="copy-loss small-text">
          <Icon name="warning" /> {e.message}
        </p>
      ))}
      {trial.errors.length === 0 && (
        <div role="status">
          <h4>{trial.trial.length ? words.trial(trial.trial.length) : words.noTrial}</h4>
          <ul class="plain-list trial">
            {trial.trial.map((p) => (
              <li key={p.post_id}>
                <button type="button" class="trial-post" title={t().actions.open} onClick={() => open({ name: "post", id: p.post_id })}>
                  {p.excerpt || words.noText}
                </button>
                {p.decisions.map((d) => (
                  <p key={d.link_id} class={d.send ? "small-text goes" : "small-text faint"}>
                    <Icon name={d.send ? "check" : "close"} /> <b>{d.link}</b> {d.reason}
                  </p>
                ))}
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}
