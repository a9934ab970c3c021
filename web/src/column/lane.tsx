import { useEffect, useState } from "preact/hooks";
import { get } from "../api/client";
import type { LinkInfo } from "../api/types";
import { locale, t } from "../i18n";
import { parseColumn, type ColumnId } from "../state/columns";
import { open } from "../state/route";
import "../style/more.css";

/** How the link behind a lane is, in words; with a way to help where it needs the person. */
export function LaneState({ id }: { id: ColumnId }) {
  const [link, setLink] = useState<LinkInfo | null>(null);
  const number = parseColumn(id)?.arg.split("/", 1)[0] ?? "";
  useEffect(() => {
    const stop = new AbortController();
    // Without its state the lane still shows its posts.
    get<LinkInfo>(`/api/engawa/v1/links/${number}?lang=${locale()}`, stop.signal).then(setLink, () => {});
    return () => stop.abort();
  }, [number, locale()]);
  if (!link) return null;
  const unwell = link.state === "reconnect" || (link.last_error !== null && !link.last_error.over);
  return (
    <div class={unwell ? "lane-state unwell" : "lane-state"} role="status">
      <p>
        <b>{link.handle || link.name}</b> · {link.summary}
      </p>
      {(unwell || link.state !== "active") && (
        <button type="button" class="text-button" onClick={() => open({ name: "settings", section: "links" })}>
          {t().column.links}
        </button>
      )}
    </div>
  );
}
