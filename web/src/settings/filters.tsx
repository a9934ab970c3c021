import { useState } from "preact/hooks";
import { del, post, put } from "../api/client";
import type { Filter, FilterPlace } from "../api/types";
import { locale, t } from "../i18n";
import { fullTime } from "../i18n/time";
import { m } from "../i18n/more";
import { complain } from "../state/toast";
import { Icon } from "../ui/icon";
import { Choice, Loaded } from "./parts";
import { useAnswer } from "./useanswer";

const places: readonly FilterPlace[] = ["home", "notifications", "public", "thread", "account"];

interface Form {
  id: string | null;
  title: string;
  words: { id?: string; keyword: string; whole_word: boolean }[];
  context: FilterPlace[];
  action: Filter["filter_action"];
  /** Seconds; "keep": as it is; "": for ever. */
  expires: string;
}

const blank = (): Form => ({ id: null, title: "", words: [{ keyword: "", whole_word: false }], context: ["home", "public"], action: "warn", expires: "" });
const formOf = (f: Filter): Form => ({ id: f.id, title: f.title, words: f.keywords.map((k) => ({ ...k })), context: f.context, action: f.filter_action, expires: f.expires_at ? "keep" : "" });

/** What is sent for a filter; words that were taken out are named, so that they go. */
export function filterBody(form: Form, before: Filter | null): Record<string, unknown> {
  const kept = form.words.filter((w) => w.keyword.trim());
  const gone = (before?.keywords ?? []).filter((k) => !kept.some((w) => w.id === k.id));
  return {
    title: form.title.trim() || kept[0]?.keyword.trim() || "",
    context: form.context,
    filter_action: form.action,
    ...(form.expires !== "keep" && { expires_in: form.expires === "" ? null : Number(form.expires) }),
    keywords_attributes: [...kept.map((w) => ({ ...(w.id && { id: w.id }), keyword: w.keyword.trim(), whole_word: w.whole_word })), ...gone.map((k) => ({ id: k.id, _destroy: true }))],
  };
}

/** Filters of words: where they hold, what they do, until when. */
export function FilterSettings() {
  const answer = useAnswer<Filter[]>("/api/v2/filters");
  const [form, setForm] = useState<Form | null>(null);
  const words = m().filters;
  return (
    <Loaded answer={answer}>
      {(all) => {
        const save = async (f: Form): Promise<void> => {
          const before = all.find((x) => x.id === f.id) ?? null;
          const body = filterBody(f, before);
          try {
            const got = before ? await put<Filter>(`/api/v2/filters/${before.id}`, body) : await post<Filter>("/api/v2/filters", body);
            answer.set(before ? all.map((x) => (x.id === got.id ? got : x)) : [...all, got]);
            setForm(null);
          } catch (e) {
            complain(words.save, e);
          }
        };
        const drop = async (f: Filter): Promise<void> => {
          try {
            await del(`/api/v2/filters/${f.id}`);
            answer.set(all.filter((x) => x.id !== f.id));
          } catch (e) {
            complain(words.drop, e);
          }
        };
        return (
          <>
            {!all.length && !form && <p class="pad">{words.empty}</p>}
            {all.map((f) =>
              form?.id === f.id ? (
                <Edit key={f.id} form={form} set={setForm} save={save} />
              ) : (
                <section class="link-card" key={f.id} aria-label={f.title}>
                  <h4>{f.title}</h4>
                  <p class="small-text">
                    {words.sentence(f.keywords.map((k) => k.keyword).join(t().comma), f.context.map((c) => words.places[c]).join(t().comma), words.does[f.filter_action])}
                    {f.expires_at && ` ${words.until(fullTime(locale(), Date.parse(f.expires_at)))}`}
                  </p>
                  <p class="row wrap">
                    <button type="button" class="button small" onClick={() => setForm(formOf(f))}>
                      {words.edit}
                    </button>
                    <button type="button" class="button small danger" onClick={() => void drop(f)}>
                      {words.drop}
                    </button>
                  </p>
                </section>
              ),
            )}
            {form && form.id === null && <Edit form={form} set={setForm} save={save} />}
            {!form && (
              <p class="pad">
                <button type="button" class="button" onClick={() => setForm(blank())}>
                  <Icon name="plus" /> {words.make}
                </button>
              </p>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

function Edit({ form, set, save }: { form: Form; set(f: Form | null): void; save(f: Form): Promise<void> }) {
  const words = m().filters;
  const change = (patch: Partial<Form>): void => set({ ...form, ...patch });
  const submit = (e: Event): void => {
    e.preventDefault();
    void save(form);
  };
  return (
    <form class="link-card stack" onSubmit={submit}>
      <label class="field flush">
        <span>{words.title}</span>
        <input type="text" maxLength={200} value={form.title} onInput={(e) => change({ title: e.currentTarget.value })} />
      </label>
      {form.words.map((w, i) => (
        <div class="filter-word" key={w.id ?? i}>
          <input type="text" aria-label={words.word(i + 1)} placeholder={words.word(i + 1)} required={i === 0} value={w.keyword} onInput={(e) => change({ words: form.words.with(i, { ...w, keyword: e.currentTarget.value }) })} />
          <label class="check">
            <input type="checkbox" checked={w.whole_word} onChange={(e) => change({ words: form.words.with(i, { ...w, whole_word: e.currentTarget.checked }) })} />
            {words.whole}
          </label>
          {form.words.length > 1 && (
            <button type="button" class="icon-button" aria-label={words.remove(i + 1)} title={words.remove(i + 1)} onClick={() => change({ words: form.words.toSpliced(i, 1) })}>
              <Icon name="close" />
            </button>
          )}
        </div>
      ))}
      <button type="button" class="text-button" onClick={() => change({ words: [...form.words, { keyword: "", whole_word: false }] })}>
        <Icon name="plus" /> {words.another}
      </button>
      <fieldset class="field flush">
        <legend>{words.where}</legend>
        {places.map((p) => (
          <label class="check" key={p}>
            <input type="checkbox" checked={form.context.includes(p)} onChange={(e) => change({ context: places.filter((x) => (x === p ? e.currentTarget.checked : form.context.includes(x))) })} />
            {words.places[p]}
          </label>
        ))}
      </fieldset>
      <Choice label={words.what} value={form.action} options={[["warn", words.does.warn], ["blur", words.does.blur], ["hide", words.does.hide]]} set={(action) => change({ action })} />
      <Choice
        label={words.howLong}
        value={form.expires}
        options={[["", words.forever], ...(form.expires === "keep" ? [["keep", words.asItIs] as const] : []), ["1800", m().compose.minutes(30)], ["3600", m().compose.hours(1)], ["86400", m().compose.days(1)], ["604800", m().compose.days(7)]]}
        set={(expires) => change({ expires })}
      />
      <p class="row">
        <button type="button" class="button" onClick={() => set(null)}>
          {t().cancel}
        </button>
        <button type="submit" class="button primary" disabled={!form.context.length || !form.words.some((w) => w.keyword.trim())}>
          {words.save}
        </button>
      </p>
    </form>
  );
}
