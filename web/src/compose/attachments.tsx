import { t } from "../i18n";
import { m } from "../i18n/more";
import { safePicture } from "../post/sanitise";
import { draft, change } from "../state/compose";
import { instance } from "../state/session";
import { cancelUpload, describe, removeMedia, uploads } from "../state/upload";
import { Icon } from "../ui/icon";
import type { Media } from "../api/types";

/** What is attached, each with its description, and what is on its way. */
export function Attachments() {
  const d = draft.value;
  const words = m().compose;
  if (!d.media.length && !uploads.value.length) return null;
  return (
    <div class="attachments">
      {d.media.map((m, i) => (
        <Attachment key={m.id} media={m} name={`${kindOf(m)} ${i + 1}`} />
      ))}
      {uploads.value.map((u) => (
        <div class="attachment" key={u.key} role="status">
          <span class="attachment-picture">
            <Icon name="up" />
          </span>
          <span class="attachment-words">
            <b>{u.name}</b>
            <span class="faint">{u.processing ? words.processing : words.uploading}</span>
            <progress max={1} {...(!u.processing && { value: u.done })} aria-label={u.name} />
          </span>
          <button type="button" class="icon-button" aria-label={words.removeMedia(u.name)} title={words.removeMedia(u.name)} onClick={() => cancelUpload(u)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
      {d.media.length > 0 && (
        <label class="check">
          <input type="checkbox" checked={d.sensitive} onChange={(e) => change({ sensitive: e.currentTarget.checked })} />
          {words.sensitive}
        </label>
      )}
    </div>
  );
}

const kindOf = (m: Media): string => (m.type === "audio" ? t().post.audio : m.type === "video" || m.type === "gifv" ? t().post.video : t().post.image);

function Attachment({ media, name }: { media: Media; name: string }) {
  const words = m().compose;
  const src = safePicture(media.preview_url ?? "");
  return (
    <div class="attachment">
      <span class="attachment-picture">{src ? <img src={src} alt="" /> : <Icon name={media.type === "audio" ? "sound" : "image"} />}</span>
      <label class="attachment-words">
        <span>{words.altFor(name)}</span>
        <textarea
          rows={2}
          placeholder={words.altHint}
          maxLength={instance()?.configuration.media_attachments?.description_limit ?? 1500}
          defaultValue={media.description ?? ""}
          onChange={(e) => void describe(media.id, e.currentTarget.value.trim())}
        />
      </label>
      <button type="button" class="icon-button" aria-label={words.removeMedia(name)} title={words.removeMedia(name)} onClick={() => removeMedia(media.id)}>
        <Icon name="close" />
      </button>
    </div>
  );
}
