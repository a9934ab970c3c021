import { useEffect, useRef, useState } from "preact/hooks";
import { problem } from "../i18n/problem";
import { locale, t } from "../i18n";
import { audienceIcons } from "../post/audience";
import { Avatar } from "../post/name";
import { aside, audiences, called, change, clearDraft, draft, send, sendFailure, sending } from "../state/compose";
import { instance, me } from "../state/session";
import { addFiles, uploads } from "../state/upload";
import { Icon } from "../ui/icon";
import { Attachments } from "./attachments";
import { countCharacters } from "./count";
import { isEmpty, isReady } from "./draft";
import { languages } from "./languages";
import { PollForm, newPoll } from "./pollform";
import { m } from "../i18n/more";
import { Picker } from "../emoji/picker";
import { QuoteView } from "../post/quote";
import { Destinations } from "./destinations";
import { Ruler } from "./ruler";
import { insertAt } from "./suggest";
import { Suggestions, useSuggestions } from "./suggestions";
import "../style/composemore.css";
import "../style/more.css";

/** The composer: text first, under it who will see it. */
export function Composer() {
  const d = draft.value;
  const limits = instance()?.configuration;
  const max = limits?.statuses?.max_characters ?? 500;
  const maxMedia = limits?.statuses?.max_media_attachments ?? 4;
  const left = max - countCharacters(d.text, limits?.statuses?.characters_reserved_per_url) - countCharacters(d.warning ?? "");
  const ready = isReady(d, left) && !uploads.value.length && !sending.value;
  const words = m().compose;
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(field.current.value.length, field.current.value.length);
  }, [called.value]);
  const submit = (e: Event): void => {
    e.preventDefault();
    if (ready && (!d.schedule || Date.parse(d.schedule) > Date.now())) void send();
  };
  const [over, setOver] = useState(false);
  const [picking, setPicking] = useState(false);
  const suggest = useSuggestions(field);
  const put = (text: string): void => {
    const f = field.current;
    if (!f) return;
    const next = insertAt(draft.peek().text, f.selectionStart, f.selectionEnd, text);
    change({ text: next.text });
    requestAnimationFrame(() => {
      f.focus();
      f.setSelectionRange(next.caret, next.caret);
    });
  };
  const drop = (e: DragEvent): void => {
    setOver(false);
    const files = [...(e.dataTransfer?.files ?? [])];
    if (!files.length || d.poll) return;
    e.preventDefault();
    addFiles(files, maxMedia);
  };
  const paste = (e: ClipboardEvent): void => {
    const files = [...(e.clipboardData?.files ?? [])];
    if (!files.length) return;
    e.preventDefault();
    addFiles(files, maxMedia);
  };
  return (
    <form
      class={over ? "composer over" : "composer"}
      onSubmit={submit}
      onDragOver={(e) => {
        if (!e.dataTransfer?.types.includes("Files")) return;
        e.preventDefault();
        setOver(true);
      }}
      onDragLeave={(e) => !e.currentTarget.contains(e.relatedTarget as Node | null) && setOver(false)}
      onDrop={drop}
    >
      <Author />
      <AboutTarget />
      {d.warning !== null && (
        <label class="field">
          <span>{words.warning}</span>
          <input type="text" value={d.warning} placeholder={words.warningHint} onInput={(e) => change({ warning: e.currentTarget.value })} />
        </label>
      )}
      <label class="hidden" for="compose-text">
        {words.text}
      </label>
      <div class="compose-field">
        <textarea
          ref={field}
          id="compose-text"
          class="compose-text"
          lang={d.language}
          dir="auto"
          rows={6}
          value={d.text}
          placeholder={words.placeholder}
          aria-autocomplete="list"
          aria-controls="compose-suggestions"
          aria-activedescendant={suggest.open ? `compose-suggestion-${suggest.at}` : undefined}
          onInput={(e) => {
            change({ text: e.currentTarget.value });
            suggest.look();
          }}
          onPaste={paste}
          onBlur={suggest.close}
          onKeyDown={(e) => {
            if (suggest.key(e)) return;
            if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) submit(e);
          }}
        />
        <Suggestions suggest={suggest} />
      </div>
      {over && <p class="drop-here">{m().compose.drop}</p>}
      <Attachments />
      {d.poll && <PollForm poll={d.poll} />}
      <Tools maxMedia={maxMedia} pick={() => setPicking(true)} />
      {picking && (
        <Picker
          title={m().compose.emoji}
          faces
          onClose={() => setPicking(false)}
          onPick={(p) => {
            setPicking(false);
            put(p.text);
          }}
        />
      )}
      {!d.editing && <Schedule />}
      {!d.editing && <Destination />}
      {!d.editing && <Destinations />}
      {d.media.some((x) => !x.description?.trim()) && <p class="faint small-text">{m().compose.altMissing}</p>}
      {sendFailure.value !== null && (
        <p class="compose-failure" role="alert">
          {problem(sendFailure.value)} {words.failedKept}
        </p>
      )}
      <div class="row between compose-foot">
        {isEmpty(d) && !d.editing ? (
          <span class="faint small-text">{words.draftKept}</span>
        ) : (
          <button type="button" class="text-button" onClick={clearDraft}>
            {d.editing ? m().compose.giveUp : words.clear}
          </button>
        )}
        <Ruler left={left} max={max} />
        <button type="submit" class="button primary" disabled={!ready}>
          {sending.value ? words.sending : d.editing ? m().compose.save : d.schedule ? m().compose.scheduleDo : words.send}
        </button>
      </div>
    </form>
  );
}

function Author() {
  const account = me();
  if (!account) return null;
  return (
    <div class="compose-author">
      <Avatar account={account} size={24} />
      <span class="faint">
        @{account.username}@{instance()?.domain ?? location.hostname}
      </span>
    </div>
  );
}

/** What is edited, answered or quoted, and a way out of it. */
function AboutTarget() {
  const d = draft.value;
  const words = m().compose;
  const cancel = (run: () => void) => (
    <button type="button" class="icon-button" aria-label={t().cancel} title={t().cancel} onClick={run}>
      <Icon name="close" />
    </button>
  );
  return (
    <>
      {d.editing && (
        <p class="compose-target">
          <Icon name="edit" />
          <span>
            {m().compose.editing}
            {aside.value.length > 0 && ` ${m().compose.asideKept}`}
          </span>
          {cancel(clearDraft)}
        </p>
      )}
      {d.replyTo && (
        <p class="compose-target">
          <Icon name="reply" />
          <span>{words.replyingTo(d.replyTo.name)}</span>
          {cancel(() => change({ replyTo: null }))}
        </p>
      )}
      {d.quote && (
        <>
          <p class="compose-target">
            <Icon name="quote" />
            <span>{words.quoting(d.quote.name)}</span>
            {!d.editing && cancel(() => change({ quote: null }))}
          </p>
          <QuoteView quote={{ state: "accepted", id: d.quote.id }} />
        </>
      )}
    </>
  );
}

/** A post for later: at least five minutes from now. */
function Schedule() {
  const d = draft.value;
  if (d.schedule === null) return null;
  const soonest = new Date(Date.now() + 6 * 60_000);
  return (
    <div class="row schedule">
      <label class="field flush">
        <span>{m().compose.scheduleAt}</span>
        <input type="datetime-local" required min={localTime(soonest)} value={d.schedule} onInput={(e) => change({ schedule: e.currentTarget.value })} />
      </label>
      <button type="button" class="icon-button" aria-label={m().compose.unschedule} title={m().compose.unschedule} onClick={() => change({ schedule: null })}>
        <Icon name="close" />
      </button>
    </div>
  );
}

/** A moment as a datetime field writes it, in the person's own time. */
const localTime = (at: Date): string => new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

/** Tomorrow at eight, to begin with. */
function tomorrow(): string {
  const at = new Date();
  at.setDate(at.getDate() + 1);
  at.setHours(8, 0, 0, 0);
  return localTime(at);
}

function Tools({ maxMedia, pick }: { maxMedia: number; pick(): void }) {
  const d = draft.value;
  const words = m().compose;
  const file = useRef<HTMLInputElement>(null);
  const types = instance()?.configuration.media_attachments?.supported_mime_types?.join(",") ?? "image/*,video/*,audio/*";
  const full = d.media.length + uploads.value.length >= maxMedia;
  return (
    <div class="compose-tools" role="group">
      <input
        ref={file}
        type="file"
        hidden
        multiple
        accept={types}
        onChange={(e) => {
          addFiles([...(e.currentTarget.files ?? [])], maxMedia);
          e.currentTarget.value = "";
        }}
      />
      <button type="button" class="icon-button" aria-label={words.addMedia} title={full ? words.tooMany(maxMedia) : words.addMedia} disabled={full} onClick={() => file.current?.click()}>
        <Icon name="image" />
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label={d.poll ? words.removePoll : words.addPoll}
        title={d.poll ? words.removePoll : words.addPoll}
        aria-pressed={d.poll !== null}
        onClick={() => change({ poll: d.poll ? null : newPoll() })}
      >
        <Icon name="poll" />
      </button>
      <button type="button" class="icon-button" aria-label={words.warning} title={words.warning} aria-pressed={d.warning !== null} onClick={() => change({ warning: d.warning === null ? "" : null })}>
        <Icon name="warning" />
      </button>
      <button type="button" class="icon-button" aria-label={m().compose.emoji} title={m().compose.emoji} onClick={pick}>
        <Icon name="smile" />
      </button>
      {!d.editing && (
        <button type="button" class="icon-button" aria-label={m().compose.schedule} title={m().compose.schedule} aria-pressed={d.schedule !== null} onClick={() => change({ schedule: d.schedule === null ? tomorrow() : null })}>
          <Icon name="clock" />
        </button>
      )}
      <select class="compose-language" aria-label={words.language} title={words.language} value={d.language} onChange={(e) => change({ language: e.currentTarget.value })}>
        {languages(locale(), d.language).map((l) => (
          <option key={l.code} value={l.code}>
            {l.name}
          </option>
        ))}
      </select>
    </div>
  );
}

/** Says before sending who will see the post, and where it appears. */
function Destination() {
  const d = draft.value;
  const home = instance();
  const offered = audiences(home?.configuration.statuses?.allow_local_only === true || d.audience === "local");
  return (
    <div class="destination">
      <label class="field">
        <span>{m().compose.audience}</span>
        <span class="select-with-icon">
          <Icon name={audienceIcons[d.audience]} />
          <select value={d.audience} onChange={(e) => change({ audience: offered[e.currentTarget.selectedIndex]! })}>
            {offered.map((a) => (
              <option key={a} value={a}>
                {t().audience[a]}
              </option>
            ))}
          </select>
        </span>
      </label>
      <p class="faint small-text">
        {t().audienceHint[d.audience]} · {m().compose.where(home?.domain ?? location.hostname)}
      </p>
    </div>
  );
}
