import { useState } from "preact/hooks";
import type { Card } from "../api/types";
import { safePicture } from "./sanitise";
import { Blur } from "./media";

/** The preview of a linked page. */
export function LinkCard({ card }: { card: Card }) {
  const [broken, setBroken] = useState(false);
  if (!/^https?:/i.test(card.url) || !card.title) return null;
  const src = safePicture(card.image ?? "");
  return (
    <a class="link-card" href={card.url} target="_blank" rel="noopener noreferrer nofollow ugc" onClick={(e) => e.stopPropagation()}>
      {src && !broken && (
        <span class="link-picture">
          {card.blurhash && <Blur hash={card.blurhash} />}
          <img src={src} alt="" loading="lazy" decoding="async" onError={() => setBroken(true)} />
        </span>
      )}
      <span class="link-words">
        <b>{card.title}</b>
        <span class="faint">{card.provider_name || hostname(card.url)}</span>
      </span>
    </a>
  );
}

function hostname(url: string): string {
  try {
    return new URL(url).hostname;
  } catch {
    return "";
  }
}
