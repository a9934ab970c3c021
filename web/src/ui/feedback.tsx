import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { problem } from "../i18n/problem";
import { dismiss, toasts } from "../state/toast";
import { Icon } from "./icon";

/** Kept in the top layer, above an open dialog too. */
export function Toasts() {
  const ref = useRef<HTMLDivElement>(null);
  const shown = toasts.value;
  useEffect(() => {
    ref.current?.hidePopover();
    if (shown.length) ref.current?.showPopover();
  }, [shown]);
  return (
    <div ref={ref} class="toasts" role="status" aria-live="polite" popover="manual">
      {shown.map((x) => (
        <div key={x.id} class={x.bad ? "toast bad" : "toast"}>
          <span>{x.text}</span>
          {x.action && (
            <button
              type="button"
              class="button small"
              onClick={() => {
                dismiss(x.id);
                x.action!.run();
              }}
            >
              {x.action.label}
            </button>
          )}
          <button type="button" class="icon-button" aria-label={t().close} onClick={() => dismiss(x.id)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}

/** What went wrong and a way on. */
export function Failure({ error, retry }: { error: unknown; retry(): void }) {
  return (
    <div class="notice-box" role="alert">
      <p>{problem(error)}</p>
      <button type="button" class="button" onClick={retry}>
        {t().retry}
      </button>
    </div>
  );
}

/** Grey shapes in place of posts, shown only if loading takes longer than 300 ms. */
export function Skeleton({ rows = 4 }: { rows?: number }) {
  const [shown, show] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => show(true), 300);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class="skeletons" role="status">
      <span class="hidden">{t().loading}</span>
      {shown && Array.from({ length: rows }, (_, i) => (
        <div key={i} class="skeleton" aria-hidden="true">
          <i class="disc" />
          <i class="bar short" />
          <i class="bar" />
          <i class="bar" />
        </div>
      ))}
    </div>
  );
}

/** What will come here, and the one action that starts it. */
export function Empty({ words, action }: { words: readonly string[]; action?: { label: string; run(): void } }) {
  return (
    <div class="empty">
      <p class="strong">{words[0]}</p>
      <p>{words[1]}</p>
      {action && (
        <button type="button" class="button" onClick={action.run}>
          {action.label}
        </button>
      )}
    </div>
  );
}
