import { signal } from "@preact/signals";
import type { ColumnId } from "../state/columns";
import { settings } from "../state/settings";

/** The column in view where there is room for one; elsewhere the one last gone to. */
export const currentColumn = signal<ColumnId>(settings.peek().columns[0]!);

export const columnElement = (kind: ColumnId): HTMLElement | null => document.querySelector(`[data-column="${CSS.escape(kind)}"]`);

/** Is somebody choosing a column to add? */
export const addingColumn = signal(false);

/** Brings a column into view; a second time goes to its top. */
export function goToColumn(kind: ColumnId): void {
  const column = columnElement(kind);
  if (!column) return;
  const list = column.querySelector<HTMLElement>(".feed");
  const already = currentColumn.peek() === kind && isInView(column);
  column.scrollIntoView({ block: "nearest", inline: "start", behavior: calm() ? "instant" : "smooth" });
  if (already) list?.scrollTo({ top: 0, behavior: calm() ? "instant" : "smooth" });
  currentColumn.value = kind;
  (list?.querySelector<HTMLElement>("[data-post]") ?? list)?.focus({ preventScroll: true });
}

/** Follows a swipe: the column whose middle is nearest to the middle of the deck. */
export function watchSwipe(deck: HTMLElement): void {
  const middle = deck.scrollLeft + deck.clientWidth / 2;
  let best: { kind: ColumnId; far: number } | null = null;
  for (const kind of settings.peek().columns) {
    const c = columnElement(kind);
    if (!c) continue;
    const far = Math.abs(c.offsetLeft - deck.offsetLeft + c.offsetWidth / 2 - middle);
    if (!best || far < best.far) best = { kind, far };
  }
  if (best) currentColumn.value = best.kind;
}

function isInView(column: HTMLElement): boolean {
  const r = column.getBoundingClientRect();
  return r.left >= -1 && r.right <= innerWidth + 1;
}

const calm = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;
