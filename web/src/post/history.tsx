import { useEffect, useState } from "preact/hooks";
import { get } from "../api/client";
import type { StatusEdit } from "../api/types";
import { locale, t } from "../i18n";
import { fullTime } from "../i18n/time";
import { m } from "../i18n/more";
import { Dialog } from "../ui/dialog";
import { Failure, Skeleton } from "../ui/feedback";
import { Content } from "./content";
import { MediaGrid } from "./media";
import { EmojiText } from "./name";
import "../style/more.css";

/** Every state a post was in, the newest first. */
export function History({ id, onClose }: { id: string; onClose(): void }) {
  const [all, setAll] = useState<StatusEdit[] | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const load = (): void => {
    setFailure(null);
    get<StatusEdit[]>(`/api/v1/statuses/${id}/history`).then((list) => setAll(list.reverse()), setFailure);
  };
  useEffect(load, [id]);
  return (
    <Dialog title={t().actions.history} onClose={onClose} sheet>
      {failure !== null && <Failure error={failure} retry={load} />}
      {!all && failure === null && <Skeleton rows={2} />}
      <ol class="versions">
        {all?.map((v, i) => (
          <li key={v.created_at}>
            <p class="faint small-text">
              {fullTime(locale(), Date.parse(v.created_at))}
              {i === 0 && ` · ${m().history.now}`}
              {i === all.length - 1 && i > 0 && ` · ${m().history.first}`}
            </p>
            {v.spoiler_text && (
              <p class="strong">
                <EmojiText text={v.spoiler_text} emojis={v.emojis} />
              </p>
            )}
            <Content html={v.content} marks={{ emojis: v.emojis }} />
            {v.poll && (
              <ul class="plain-list">
                {v.poll.options.map((o) => (
                  <li key={o.title}>・{o.title}</li>
                ))}
              </ul>
            )}
            <MediaGrid media={v.media_attachments} sensitive={v.sensitive} />
          </li>
        ))}
      </ol>
    </Dialog>
  );
}
