import { signal } from "@preact/signals";

/** Whose profile is shown in passing, and beside what (in the window, px). */
export interface Peek {
  id: string;
  at: { left: number; top: number; bottom: number };
  /** By a long press: it stays until something else is pressed. */
  held: boolean;
}

export const peeked = signal<Peek | null>(null);

/** How long the pointer must rest, or the finger press (ms). */
const REST = 500;
const PRESS = 450;

/** Names and faces that show a profile in passing: links of this deck to a profile, and mentions in a text. */
const WHO = 'a[href^="#/profile/"], a[data-profile]';

const idOf = (a: HTMLAnchorElement): string => a.dataset.profile ?? /^#\/profile\/(-?\d+)$/.exec(a.getAttribute("href") ?? "")?.[1] ?? "";

/** Watches the whole page: resting with the mouse and pressing long open a profile in passing. Nothing needs it. */
export function watchPeek(): void {
  let timer = 0;
  let pressed: HTMLAnchorElement | null = null;
  const open = (a: HTMLAnchorElement, held: boolean): void => {
    const id = idOf(a);
    if (!id || !a.isConnected || a.closest(".peek")) return;
    const { left, top, bottom } = a.getBoundingClientRect();
    peeked.value = { id, at: { left, top, bottom }, held };
  };
  const linkAt = (e: Event): HTMLAnchorElement | null => (e.target instanceof Element ? e.target.closest<HTMLAnchorElement>(WHO) : null);
  addEventListener("pointerover", (e) => {
    if (e.pointerType !== "mouse" || e.buttons) return;
    clearTimeout(timer);
    const a = linkAt(e);
    if (a) timer = window.setTimeout(() => open(a, false), REST);
    else if (peeked.peek() && !peeked.peek()!.held && !(e.target as Element).closest(".peek")) timer = window.setTimeout(() => (peeked.value = null), 250);
  });
  addEventListener("pointerdown", (e) => {
    clearTimeout(timer);
    pressed = null;
    if (!(e.target as Element).closest(".peek")) peeked.value = null;
    const a = e.pointerType === "touch" ? linkAt(e) : null;
    if (!a) return;
    timer = window.setTimeout(() => {
      pressed = a;
      open(a, true);
    }, PRESS);
  });
  for (const name of ["pointerup", "pointercancel", "scroll", "keydown"]) {
    addEventListener(name, () => {
      clearTimeout(timer);
      if (name === "scroll" || name === "keydown") peeked.value = null;
    }, { capture: true, passive: true });
  }
  // A long press is no click, and opens no menu of the browser.
  addEventListener("contextmenu", (e) => pressed && e.preventDefault());
  addEventListener("click", (e) => {
    if (!pressed || linkAt(e) !== pressed) return;
    pressed = null;
    e.preventDefault();
    e.stopPropagation();
  }, { capture: true });
}
