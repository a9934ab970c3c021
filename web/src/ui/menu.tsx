import { useRef, useState } from "preact/hooks";
import { Icon, type IconName } from "./icon";

export interface MenuItem {
  icon: IconName;
  label: string;
  run(): void;
  danger?: boolean;
}

interface Props {
  label: string;
  items: MenuItem[];
  icon?: IconName;
  class?: string;
}

/** A button with a menu (WAI-ARIA menu button): in the top layer, so that no column cuts it off. */
export function Menu({ label, items, icon = "more", class: extra = "" }: Props) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);

  const toggled = (e: Pick<ToggleEvent, "newState">): void => {
    const shown = e.newState === "open";
    setOpen(shown);
    if (!shown || !button.current || !list.current) return;
    place(list.current, button.current.getBoundingClientRect());
  };
  const choose = (item: MenuItem): void => {
    list.current?.hidePopover();
    button.current?.focus({ preventScroll: true });
    item.run();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        class={`icon-button ${extra}`}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => list.current?.togglePopover()}
      >
        <Icon name={icon} />
      </button>
      <div ref={list} role="menu" aria-label={label} class="menu" popover="auto" onToggle={toggled} onKeyDown={move}>
        {open &&
          items.map((item) => (
            <button type="button" role="menuitem" tabIndex={-1} key={item.label} class={item.danger ? "danger" : ""} onClick={() => choose(item)}>
              <Icon name={item.icon} />
              {item.label}
            </button>
          ))}
      </div>
    </>
  );
}

/** Under the button if there is room, else above; never beyond the window. */
function place(menu: HTMLElement, by: DOMRect): void {
  requestAnimationFrame(() => {
    const { offsetWidth: w, offsetHeight: h } = menu;
    const below = by.bottom + 4 + h <= innerHeight;
    menu.style.left = `${Math.max(8, Math.min(by.right - w, innerWidth - w - 8))}px`;
    menu.style.top = `${Math.max(8, below ? by.bottom + 4 : by.top - h - 4)}px`;
    menu.querySelector<HTMLElement>("[role=menuitem]")?.focus();
  });
}

function move(e: KeyboardEvent): void {
  const items = [...(e.currentTarget as HTMLElement).querySelectorAll<HTMLElement>("[role=menuitem]")];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[e.key];
  if (to === undefined) return;
  e.preventDefault();
  e.stopPropagation();
  items[(to + items.length) % items.length]?.focus();
}
