import { useEffect, useRef, useState } from "preact/hooks";
import { locale } from "../i18n";
import { m } from "../i18n/more";
import { safePicture } from "../post/sanitise";
import { Dialog } from "../ui/dialog";
import { Failure, Skeleton } from "../ui/feedback";
import { customEmoji, find, groupNames, kaomoji, pickOf, unicodeGroups, type Pick } from "./table";
import "../style/picker.css";

interface Props {
  title: string;
  /** Faces made of letters can be written, but are no reaction. */
  faces: boolean;
  onPick(pick: Pick): void;
  onClose(): void;
}

interface Group {
  id: string;
  name: string;
  mark: string;
  picks: readonly Pick[];
}

const marks = ["😀", "👋", "🌱", "🍙", "🚃", "🎐", "💡", "❤️", "🏁"];
const RECENT = "engawa.emoji";
const KEEP = 16;

/** Emoji to choose from: the last used, this home's own, Unicode's groups, kaomoji; found by name. */
export function Picker({ title, faces, onPick, onClose }: Props) {
  const [groups, setGroups] = useState<Group[] | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [q, setQ] = useState("");
  const box = useRef<HTMLDivElement>(null);
  const load = (): void => {
    setFailure(null);
    loadGroups(faces).then(setGroups, setFailure);
  };
  useEffect(load, [locale()]);
  const choose = (p: Pick): void => {
    remember(p);
    onPick(p);
  };
  const goTo = (id: string): void => box.current?.querySelector(`[data-group="${id}"]`)?.scrollIntoView({ block: "start" });
  const shown: Group[] = q.trim() ? [{ id: "found", name: m().picker.found, mark: "", picks: find((groups ?? []).filter((g) => g.id !== "recent").flatMap((g) => g.picks), q) }] : (groups ?? []);
  return (
    <Dialog title={title} onClose={onClose} class="picker" sheet>
      <input type="search" class="picker-search" autoFocus aria-label={m().picker.search} placeholder={m().picker.search} value={q} onInput={(e) => setQ(e.currentTarget.value)} />
      {!q && groups && (
        <nav class="picker-tabs" aria-label={m().picker.groups}>
          {groups.map((g) => (
            <button type="button" key={g.id} aria-label={g.name} title={g.name} onClick={() => goTo(g.id)}>
              {g.mark}
            </button>
          ))}
        </nav>
      )}
      {failure !== null && <Failure error={failure} retry={load} />}
      {!groups && failure === null && <Skeleton rows={1} />}
      <div class="picker-list" ref={box} onKeyDown={(e) => walk(e, box.current)} tabIndex={-1}>
        {shown.map((g) => (
          <section key={g.id} data-group={g.id} aria-label={g.name}>
            <h3>{g.name}</h3>
            <div class={g.id === "faces" ? "picker-grid faces" : "picker-grid"}>
              {g.picks.map((p) => (
                <button type="button" key={p.text} title={p.name} aria-label={p.name} onClick={() => choose(p)}>
                  {p.picture ? <img src={safePicture(p.picture)} alt="" loading="lazy" /> : p.text}
                </button>
              ))}
            </div>
          </section>
        ))}
        {q.trim() && groups && !shown[0]?.picks.length && (
          <p class="faint pad" role="status">
            {m().picker.none}
          </p>
        )}
      </div>
    </Dialog>
  );
}

async function loadGroups(faces: boolean): Promise<Group[]> {
  const words = m().picker;
  // Without this home's own emoji the others can still be picked.
  const [unicode, own] = await Promise.all([unicodeGroups(locale()), customEmoji().catch(() => [])]);
  const out: Group[] = [];
  const recent = recentPicks().filter((p) => faces || !kaomoji.some((k) => k.text === p.text));
  if (recent.length) out.push({ id: "recent", name: words.recent, mark: "🕘", picks: recent });
  const categories = [...new Set(own.map((e) => e.category ?? ""))].sort();
  for (const c of categories) out.push({ id: `own-${out.length}`, name: c || words.own, mark: "🏠", picks: own.filter((e) => (e.category ?? "") === c).map(pickOf) });
  groupNames.forEach((name, i) => out.push({ id: name, name: words[name], mark: marks[i]!, picks: unicode[i] ?? [] }));
  if (faces) out.push({ id: "faces", name: words.faces, mark: "顔", picks: kaomoji });
  return out;
}

function recentPicks(): Pick[] {
  try {
    const kept = JSON.parse(localStorage.getItem(RECENT) ?? "[]") as unknown;
    return Array.isArray(kept) ? kept.filter((p): p is Pick => typeof (p as Pick | null)?.text === "string" && typeof (p as Pick).name === "string").slice(0, KEEP) : [];
  } catch {
    return [];
  }
}

function remember(pick: Pick): void {
  try {
    localStorage.setItem(RECENT, JSON.stringify([pick, ...recentPicks().filter((p) => p.text !== pick.text)].slice(0, KEEP)));
  } catch {
    // Without storage nothing is remembered.
  }
}

/** Arrow keys go through the grid as it stands on the screen. */
function walk(e: KeyboardEvent, box: HTMLElement | null): void {
  const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key];
  const from = document.activeElement;
  if (!by || !box || !(from instanceof HTMLButtonElement)) return;
  e.preventDefault();
  e.stopPropagation();
  const all = [...box.querySelectorAll<HTMLButtonElement>(".picker-grid button")];
  if (by[0]) return all[all.indexOf(from) + by[0]]?.focus();
  const { left, top } = from.getBoundingClientRect();
  const lines = all.map((b) => ({ b, r: b.getBoundingClientRect() })).filter((x) => (by[1]! > 0 ? x.r.top > top + 2 : x.r.top < top - 2));
  const line = by[1]! > 0 ? Math.min(...lines.map((x) => x.r.top)) : Math.max(...lines.map((x) => x.r.top));
  lines
    .filter((x) => Math.abs(x.r.top - line) < 2)
    .sort((a, b) => Math.abs(a.r.left - left) - Math.abs(b.r.left - left))[0]
    ?.b.focus();
}
