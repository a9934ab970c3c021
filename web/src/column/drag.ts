import type { ColumnId } from "../state/columns";
import { placeColumn, settings } from "../state/settings";
import { columnElement } from "./place";

/** How far the pointer must go (px) before a press becomes a drag. */
const SLACK = 8;

/**
 * Moves a column with the pointer that pressed its head: by mouse or pen
 * anywhere on it, by touch at its icon (elsewhere a touch scrolls).
 */
export function startDrag(e: PointerEvent, id: ColumnId, column: HTMLElement | null): void {
  const target = e.target as Element;
  if (!column || e.button !== 0 || target.closest("[aria-haspopup], [role=menu]")) return;
  if (e.pointerType === "touch" && !target.closest(".column-name > .icon")) return;
  const from = e.clientX;
  let dragging = false;
  const move = (m: PointerEvent): void => {
    if (m.pointerId !== e.pointerId) return;
    if (!dragging && Math.abs(m.clientX - from) < SLACK) return;
    if (!dragging) {
      dragging = true;
      column.classList.add("dragged");
      document.documentElement.classList.add("dragging");
    }
    m.preventDefault();
    const to = placeUnder(m.clientX, id);
    if (to !== null) placeColumn(id, to);
  };
  const end = (): void => {
    removeEventListener("pointermove", move);
    removeEventListener("pointerup", end);
    removeEventListener("pointercancel", end);
    column.classList.remove("dragged");
    document.documentElement.classList.remove("dragging");
    // The press that began the drag is no click on the head.
    if (dragging) addEventListener("click", stop, { capture: true, once: true });
    setTimeout(() => removeEventListener("click", stop, { capture: true }), 0);
  };
  addEventListener("pointermove", move);
  addEventListener("pointerup", end);
  addEventListener("pointercancel", end);
}

function stop(e: Event): void {
  e.preventDefault();
  e.stopPropagation();
}

/** The place of the column under the pointer, once it is past that one's middle; null: where it is. */
function placeUnder(x: number, id: ColumnId): number | null {
  const columns = settings.peek().columns;
  const at = columns.indexOf(id);
  for (const [i, other] of columns.entries()) {
    const r = columnElement(other)?.getBoundingClientRect();
    if (!r || i === at || x < r.left || x > r.right) continue;
    const middle = (r.left + r.right) / 2;
    return (i > at && x > middle) || (i < at && x < middle) ? i : null;
  }
  return null;
}
