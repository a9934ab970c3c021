import { signal } from "@preact/signals";
import { t } from "../i18n";
import { problem } from "../i18n/problem";

export interface Toast {
  id: number;
  text: string;
  bad: boolean;
  action?: { label: string; run(): void };
}

/** Short words at the lower edge; read out by screen readers. */
export const toasts = signal<Toast[]>([]);
let last = 0;

export function say(text: string, { bad = false, ms = bad ? 9000 : 4000, action }: { bad?: boolean; ms?: number; action?: Toast["action"] } = {}): number {
  const id = ++last;
  toasts.value = [...toasts.peek().slice(-2), { id, text, bad, ...(action && { action }) }];
  setTimeout(() => dismiss(id), ms);
  return id;
}

export const isShown = (id: number): boolean => toasts.peek().some((x) => x.id === id);

/** Says what failed and what to do: "could not boost. The home cannot be reached…" */
export function complain(what: string, error: unknown): void {
  say(t().failed(what, problem(error)), { bad: true });
}

export function dismiss(id: number): void {
  toasts.value = toasts.peek().filter((x) => x.id !== id);
}
