import { useEffect, useRef, useState } from "preact/hooks";
import type { Media } from "../api/types";
import { t } from "../i18n";
import { settings } from "../state/settings";
import { Icon } from "../ui/icon";
import { decodeBlurhash } from "./blurhash";
import { later } from "../ui/later";
import { safePicture } from "./sanitise";

const Gallery = later(() => import("./gallery").then((x) => x.Gallery), 0);

/** Up to four media in a grid whose places stand before anything is loaded. */
export function MediaGrid({ media, sensitive }: { media: Media[]; sensitive: boolean }) {
  const [shown, setShown] = useState(false);
  const [opened, setOpened] = useState<number | null>(null);
  if (!media.length) return null;
  const covered = sensitive && !shown && !settings.value.revealMedia;
  const sounds = media.filter((m) => m.type === "audio");
  const seen = media.filter((m) => m.type !== "audio");
  return (
    <div class="media" onClick={(e) => e.stopPropagation()}>
      {seen.length > 0 && (
        <div class={`media-grid n${Math.min(seen.length, 4)}`}>
          {seen.map((m, i) => (
            <Tile key={m.id} media={m} alone={seen.length === 1} covered={covered} onOpen={() => setOpened(i)} />
          ))}
          {covered && (
            <button type="button" class="media-cover" onClick={() => setShown(true)}>
              <Icon name="warning" />
              <span>
                <b>{t().post.sensitive}</b>
                <br />
                {t().post.showMedia}
              </span>
            </button>
          )}
        </div>
      )}
      {sounds.map((m) => (
        <figure class="sound" key={m.id}>
          <audio controls preload="none" src={safePicture(m.url ?? "")} aria-label={m.description ?? t().post.audio} />
          {m.description && <figcaption>{m.description}</figcaption>}
        </figure>
      ))}
      {opened !== null && <Gallery media={seen} start={opened} onClose={() => setOpened(null)} />}
    </div>
  );
}

function Tile({ media: m, alone, covered, onOpen }: { media: Media; alone: boolean; covered: boolean; onOpen(): void }) {
  const kind = m.type === "video" || m.type === "gifv" ? t().post.video : t().post.image;
  const name = m.description ? `${kind}: ${m.description}` : `${kind} (${t().post.noAlt})`;
  const size = m.meta?.original ?? m.meta?.small;
  const ratio = alone && size?.width && size.height ? Math.min(2, Math.max(0.75, size.width / size.height)) : undefined;
  const focus = m.meta?.focus;
  const src = safePicture(m.preview_url ?? (m.type === "image" ? (m.url ?? "") : ""));
  const [loaded, setLoaded] = useState(false);
  const [broken, setBroken] = useState(false);
  if (broken || m.type === "unknown" || !(m.url ?? m.preview_url)) return <Unknown media={m} />;
  return (
    <button type="button" class="tile" aria-label={name} title={m.description ?? undefined} style={ratio ? { aspectRatio: String(ratio) } : {}} disabled={covered} onClick={onOpen}>
      {m.blurhash && !(loaded && !covered) && <Blur hash={m.blurhash} />}
      {!covered && src && (
        <img
          src={src}
          alt=""
          loading="lazy"
          decoding="async"
          style={focus ? { objectPosition: `${(focus.x / 2 + 0.5) * 100}% ${(0.5 - focus.y / 2) * 100}%` } : {}}
          onLoad={() => setLoaded(true)}
          onError={() => setBroken(true)}
        />
      )}
      {(m.type === "video" || m.type === "gifv") && (
        <span class="tile-play">
          <Icon name="play" fill />
        </span>
      )}
      {m.description && !covered && <span class="tile-alt" />}
    </button>
  );
}

function Unknown({ media: m }: { media: Media }) {
  const url = m.remote_url ?? m.url ?? "";
  const text = m.description ?? t().post.openOriginal;
  if (!/^https?:/i.test(url)) return <span class="tile unknown">{text}</span>;
  return (
    <a class="tile unknown" href={url} target="_blank" rel="noopener noreferrer nofollow">
      <Icon name="out" />
      {text}
    </a>
  );
}

/** The placeholder of a picture, painted from its BlurHash; 32 points wide is plenty for a blur. */
export function Blur({ hash }: { hash: string }) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const pixels = decodeBlurhash(hash, 32, 32);
    if (pixels) ref.current?.getContext("2d")?.putImageData(new ImageData(pixels, 32, 32), 0, 0);
  }, [hash]);
  return <canvas ref={ref} width={32} height={32} aria-hidden="true" />;
}
