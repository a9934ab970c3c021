import { signal } from "@preact/signals";

/** The time in milliseconds, moving on twice a minute: for "3 minutes ago". */
export const now = signal(Date.now());

export function startClock(): void {
  setInterval(() => {
    if (document.visibilityState === "visible") now.value = Date.now();
  }, 30_000);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") now.value = Date.now();
  });
}
