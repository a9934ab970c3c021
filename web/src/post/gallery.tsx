import { useState } from "preact/hooks";
import type { Media } from "../api/types";
import { t } from "../i18n";
import { Dialog } from "../ui/dialog";
import { Icon } from "../ui/icon";
import { safePicture } from "./sanitise";

/** The media of a post large, one at a time, each with its description. */
export function Gallery({ media, start, onClose }: { media: Media[]; start: number; onClose(): void }) {
  const [at, setAt] = useState(start);
  const m = media[at]!;
  const step = (by: number): void => setAt((at + by + media.length) % media.length);
  const keys = (e: KeyboardEvent): void => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[e.key];
    if (!by || media.length < 2 || e.target instanceof HTMLVideoElement) return;
    e.stopPropagation();
    step(by);
  };
  const kind = m.type === "image" ? t().post.image : t().post.video;
  return (
    <Dialog title={media.length > 1 ? `${kind} ${at + 1} / ${media.length}` : kind} onClose={onClose} class="gallery">
      <div onKeyDown={keys} class="gallery-body">
        <div class="gallery-stage">
          <Large media={m} key={m.id} />
        </div>
        <p class={m.description ? "gallery-alt" : "gallery-alt faint"}>{m.description ?? t().post.noAlt}</p>
        {media.length > 1 && (
          <div class="row between">
            <button type="button" class="button" onClick={() => step(-1)}>
              <Icon name="left" /> {t().post.previous}
            </button>
            <button type="button" class="button" onClick={() => step(1)}>
              {t().post.next} <Icon name="right" />
            </button>
          </div>
        )}
      </div>
    </Dialog>
  );
}

function Large({ media: m }: { media: Media }) {
  const src = safePicture(m.url ?? m.preview_url ?? "");
  if (m.type === "image") return <img src={src} alt={m.description ?? ""} />;
  return (
    <video
      src={src}
      poster={safePicture(m.preview_url ?? "") || undefined}
      controls
      loop={m.type === "gifv"}
      muted={m.type === "gifv"}
      playsInline
      preload="metadata"
      aria-label={m.description ?? t().post.video}
    />
  );
}
