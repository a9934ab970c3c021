import { signal } from "@preact/signals";
import { addingColumn, columnElement, currentColumn, goToColumn } from "../column/place";
import { canBoost, fold, toggle } from "../state/actions";
import { reactTo } from "../post/actions";
import { compose, composing, reply } from "../state/compose";
import { back, open, route } from "../state/route";
import { me } from "../state/session";
import { moveColumn, settings } from "../state/settings";
import { peekPost, type Post } from "../state/store";
import { say } from "../state/toast";
import { t } from "../i18n";

export const helpOpen = signal(false);

/** Every line that can be stepped to. */
const LINES = "[data-post], [data-row][tabindex], .gap";

/** What a key does with the post that has the focus. */
const onPost: Record<string, (post: Post) => void> = {
  r: reply,
  b: (p) => (canBoost(p, p.account.id === me()?.id) ? void toggle(p.id, "reblogged") : say(t().actions.notBoostable)),
  f: (p) => void toggle(p.id, "favourited"),
  e: (p) => void (reactTo.value = p.id),
  s: (p) => void toggle(p.id, "bookmarked"),
  o: (p) => open({ name: "post", id: p.id }),
  Enter: (p) => open({ name: "post", id: p.id }),
  p: (p) => open({ name: "profile", id: p.account.id }),
  x: (p) => fold(p.id),
};

const anywhere: Record<string, () => void> = {
  j: () => step(1),
  k: () => step(-1),
  ArrowLeft: () => sideways(-1),
  ArrowRight: () => sideways(1),
  n: compose,
  c: () => void (addingColumn.value = true),
  "/": () => open({ name: "search", q: "" }),
  "?": () => void (helpOpen.value = true),
  Escape: close,
};

/** The first key of a pair ("g h"), and when it was pressed (ms). */
let prefix = { key: "", at: 0 };

export function watchKeys(): void {
  addEventListener("keydown", (e) => {
    if (e.shiftKey && (e.key === "ArrowLeft" || e.key === "ArrowRight") && !e.ctrlKey && !e.metaKey && !e.altKey && !isTyping(e.target)) return shift(e, e.key === "ArrowLeft" ? -1 : 1);
    if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
    if (e.key === "Escape" && isTyping(e.target)) return (e.target as HTMLElement).blur();
    if (isTyping(e.target) || document.querySelector("dialog[open], .menu:popover-open")) return;
    if (run(e)) e.preventDefault();
  });
}

function run(e: KeyboardEvent): boolean {
  const paired = prefix.key === "g" && Date.now() - prefix.at < 1500;
  prefix = { key: e.key, at: Date.now() };
  if (paired && e.key === "h") return goHome();
  if (/^[1-9]$/.test(e.key)) return toNth(Number(e.key) - 1);
  const general = anywhere[e.key];
  if (general) {
    general();
    return true;
  }
  // Enter on a button or link inside a post belongs to that button or link.
  const focus = document.activeElement;
  const line = focus?.closest<HTMLElement>("[data-post]");
  const post = line?.dataset.post ? peekPost(line.dataset.post) : null;
  if (!post || (e.key === "Enter" && focus !== line)) return false;
  onPost[e.key]?.(post);
  return e.key in onPost;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || Boolean(target.closest("input:not([type=checkbox], [type=radio]), textarea, select, audio, video")));
}

function place(): HTMLElement | null {
  return document.activeElement?.closest<HTMLElement>(".column") ?? document.querySelector<HTMLElement>(".column.detail") ?? columnElement(currentColumn.peek());
}

function step(by: 1 | -1): void {
  const column = place();
  if (!column) return;
  const lines = [...column.querySelectorAll<HTMLElement>(LINES)];
  const at = lines.findIndex((l) => l === document.activeElement || l.contains(document.activeElement));
  const next = at < 0 ? firstInView(column, lines) : lines[at + by];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
}

function firstInView(column: HTMLElement, lines: HTMLElement[]): HTMLElement | undefined {
  const top = column.querySelector(".feed")?.getBoundingClientRect().top ?? 0;
  return lines.find((l) => l.getBoundingClientRect().top >= top - 1) ?? lines.find((l) => l.getBoundingClientRect().bottom > top);
}

function sideways(by: 1 | -1): void {
  const columns = settings.peek().columns;
  const here = document.activeElement?.closest<HTMLElement>("[data-column]")?.dataset.column ?? currentColumn.peek();
  const at = columns.findIndex((c) => c === here);
  toNth(Math.min(columns.length - 1, Math.max(0, at + by)));
}

/** Moves the column with the focus; the focus stays in it. */
function shift(e: KeyboardEvent, by: 1 | -1): void {
  if (document.querySelector("dialog[open], .menu:popover-open")) return;
  e.preventDefault();
  const focus = document.activeElement;
  const id = focus?.closest<HTMLElement>("[data-column]")?.dataset.column ?? currentColumn.peek();
  moveColumn(id, by);
  setTimeout(() => {
    if (focus instanceof HTMLElement && focus.isConnected) focus.focus({ preventScroll: true });
    columnElement(id)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, 0);
}

function toNth(i: number): boolean {
  const kind = settings.peek().columns[i];
  if (kind) goToColumn(kind);
  return kind !== undefined;
}

function goHome(): boolean {
  goToColumn(settings.peek().columns.includes("home") ? "home" : settings.peek().columns[0]!);
  return true;
}

function close(): void {
  if (route.peek().name !== "deck") back();
  else composing.value = false;
}
