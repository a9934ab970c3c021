import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { t } from "../i18n";
import { Icon } from "./icon";

interface Props {
  title: string;
  onClose(): void;
  children: ComponentChildren;
  /** Fills the screen where it is narrow (a sheet). */
  sheet?: boolean;
  class?: string;
}

/** A modal dialog on the browser's own <dialog>: it holds the focus, Escape closes, the focus returns. */
export function Dialog({ title, onClose, children, sheet, class: extra }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    const dialog = ref.current;
    dialog?.showModal();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <dialog
      ref={ref}
      class={`dialog ${sheet ? "sheet" : ""} ${extra ?? ""}`}
      aria-labelledby={id}
      onCancel={(e) => {
        e.preventDefault();
        onClose();
      }}
      onClick={(e) => e.target === ref.current && onClose()}
    >
      <div class="dialog-box">
        <header class="dialog-head">
          <h2 id={id}>{title}</h2>
          <button type="button" class="icon-button" aria-label={t().close} title={t().close} onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}

/** Asks before something that cannot be undone. */
export function Confirm({ title, lead, action, onYes, onNo }: { title: string; lead: string; action: string; onYes(): void; onNo(): void }) {
  return (
    <Dialog title={title} onClose={onNo}>
      <p class="dialog-lead">{lead}</p>
      <div class="row end">
        <button type="button" class="button" onClick={onNo}>
          {t().cancel}
        </button>
        <button type="button" class="button danger" onClick={onYes}>
          {action}
        </button>
      </div>
    </Dialog>
  );
}
