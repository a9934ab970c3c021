import { t } from "../i18n";
import { Avatar } from "../post/name";
import { compose, composing } from "../state/compose";
import { closeAll, open, route } from "../state/route";
import { me } from "../state/session";
import { settings } from "../state/settings";
import { helpOpen } from "../keys/keys";
import { Icon, type IconName } from "../ui/icon";
import { columnIcon, columnName } from "./column";
import { addingColumn, currentColumn, goToColumn } from "./place";

interface ItemProps {
  icon: IconName;
  label: string;
  on?: boolean;
  run(): void;
  class?: string;
}

function Item({ icon, label, on, run, class: extra = "" }: ItemProps) {
  return (
    <button type="button" class={`rail-item ${extra}`} aria-current={on ? "true" : undefined} title={label} onClick={run}>
      <Icon name={icon} />
      <span>{label}</span>
    </button>
  );
}

const toggle = (name: "search" | "bookmarks" | "settings"): void => {
  if (route.peek().name === name) closeAll();
  else open(name === "search" ? { name, q: "" } : { name });
};

/** The narrow rail at the left of a wide screen. */
export function Rail() {
  const p = t().places;
  const at = route.value.name;
  const account = me();
  return (
    <nav class="rail" aria-label={p.menu}>
      <Item icon="pen" label={p.compose} class="write" on={composing.value} run={() => (composing.peek() ? (composing.value = false) : compose())} />
      {settings.value.columns.map((id) => (
        <Item key={id} icon={columnIcon(id)} label={columnName(id)} run={() => goToColumn(id)} />
      ))}
      <Item icon="plus" label={p.columns} run={() => (addingColumn.value = true)} />
      <Item icon="search" label={p.search} on={at === "search"} run={() => toggle("search")} />
      {!settings.value.columns.includes("bookmarks") && <Item icon="bookmark" label={p.bookmarks} on={at === "bookmarks"} run={() => toggle("bookmarks")} />}
      <span class="grow" />
      <Item icon="keyboard" label={p.keys} run={() => (helpOpen.value = true)} />
      <Item icon="gear" label={p.settings} on={at === "settings"} run={() => toggle("settings")} />
      {account && <Avatar account={account} tab />}
    </nav>
  );
}

/** Five places at the lower edge of a narrow screen. */
export function BottomBar() {
  const p = t().places;
  const at = route.value.name;
  const columns = settings.value.columns.slice(0, 3);
  const here = currentColumn.value;
  const toColumn = (kind: string): void => {
    closeAll();
    goToColumn(kind);
  };
  return (
    <nav class="bottom" aria-label={p.menu}>
      {columns.map((id) => (
        <Item key={id} icon={columnIcon(id)} label={columnName(id)} on={at === "deck" && here === id} run={() => toColumn(id)} />
      ))}
      <Item icon="search" label={p.search} on={at === "search"} run={() => toggle("search")} />
      <Item icon="gear" label={p.settings} on={at === "settings"} run={() => toggle("settings")} />
    </nav>
  );
}
