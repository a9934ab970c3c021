import { useEffect, useRef } from "preact/hooks";
import { problem } from "../i18n/problem";
import { locale, t } from "../i18n";
import { audienceIcons } from "../post/audience";
import { Avatar } from "../post/name";
import { audiences, called, clearDraft, draft, change, send, sendFailure, sending } from "../state/compose";
import { instance, me } from "../state/session";
import { addFiles, uploads } from "../state/upload";
import { Icon } from "../ui/icon";
import { Attachments } from "./attachments";
import { countCharacters } from "./count";
import { isEmpty, isReady } from "./draft";
import { languages } from "./languages";
import { PollForm, newPoll } from "./pollform";
import { Ruler } from "./ruler";

/** The composer: text first, under it who will see it. */
export function Composer() {
  const d = draft.value;
  const limits = instance()?.configuration;
  const max = limits?.statuses?.max_characters ?? 500;
  const maxMedia = limits?.statuses?.max_media_attachments ?? 4;
  const left = max - countCharacters(d.text, limits?.statuses?.characters_reserved_per_url) - countCharacters(d.warning ?? "");
  const ready = isReady(d, left) && !uploads.value.length && !sending.value;
  const words = t().compose;
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(field.current.value.length, field.current.value.length);
  }, [called.value]);
  const submit = (e: Event): void => {
    e.preventDefault();
    if (ready) void send();
  };
  const paste = (e: ClipboardEvent): void => {
    const files = [...(e.clipboardData?.files ?? [])];
    if (!files.length) return;
    e.preventDefault();
    addFiles(files, maxMedia);
  };
  return (
    <form class="composer" onSubmit={submit}>
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
      <textarea
        ref={field}
        id="compose-text"
        class="compose-text"
        lang={d.language}
        dir="auto"
        rows={6}
        value={d.text}
        placeholder={words.placeholder}
        onInput={(e) => change({ text: e.currentTarget.value })}
        onPaste={paste}
        onKeyDown={(e) => e.key === "Enter" && (e.ctrlKey || e.metaKey) && submit(e)}
      />
      <Attachments />
      {d.poll && <PollForm poll={d.poll} />}
      <Tools maxMedia={maxMedia} />
      <Destination />
      {sendFailure.value !== null && (
        <p class="compose-failure" role="alert">
          {problem(sendFailure.value)} {words.failedKept}
        </p>
      )}
      <div class="row between compose-foot">
        {isEmpty(d) ? (
          <span class="faint small-text">{words.draftKept}</span>
        ) : (
          <button type="button" class="text-button" onClick={clearDraft}>
            {words.clear}
          </button>
        )}
        <Ruler left={left} max={max} />
        <button type="submit" class="button primary" disabled={!ready}>
          {sending.value ? words.sending : words.send}
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

/** What is answered or quoted, and a way out of it. */
function AboutTarget() {
  const d = draft.value;
  const target = d.replyTo ?? d.quote;
  if (!target) return null;
  return (
    <p class="compose-target">
      <Icon name={d.replyTo ? "reply" : "quote"} />
      <span>{d.replyTo ? t().compose.replyingTo(target.name) : t().compose.quoting(target.name)}</span>
      <button type="button" class="icon-button" aria-label={t().cancel} title={t().cancel} onClick={() => change({ replyTo: null, quote: null })}>
        <Icon name="close" />
      </button>
    </p>
  );
}

function Tools({ maxMedia }: { maxMedia: number }) {
  const d = draft.value;
  const words = t().compose;
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
        <span>{t().compose.audience}</span>
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
        {t().audienceHint[d.audience]} · {t().compose.where(home?.domain ?? location.hostname)}
      </p>
    </div>
  );
}
