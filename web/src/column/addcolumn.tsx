import { useState } from "preact/hooks";
import { get, patch } from "../api/client";
import type { Account, Lane, List, SearchResult } from "../api/types";
import { t } from "../i18n";
import { m } from "../i18n/more";
import { Person } from "../post/person";
import { columnId, plainKinds, type ArgKind, type ColumnId, type PlainKind } from "../state/columns";
import { open } from "../state/route";
import { addColumn, settings } from "../state/settings";
import { complain } from "../state/toast";
import { useAnswer } from "../settings/useanswer";
import { Dialog } from "../ui/dialog";
import { Failure, Skeleton } from "../ui/feedback";
import { Icon } from "../ui/icon";
import { columnIcons } from "./column";
import { goToColumn } from "./place";
import "../style/more.css";

/** What is drawn takes the focus, once. */
const focusIt = (e: HTMLElement | null): void => e?.focus();

/** Chooses a column: its kind, then what it is of. It is added at the right and comes into view. */
export function AddColumn({ onClose }: { onClose(): void }) {
  const [kind, setKind] = useState<ArgKind | null>(null);
  const add = (id: ColumnId, title?: string): void => {
    addColumn(id, title);
    onClose();
    setTimeout(() => goToColumn(id), 50);
  };
  return (
    <Dialog title={kind ? t().places[kind] : t().column.add} onClose={onClose} sheet class="add-column">
      {!kind && <Kinds add={add} choose={setKind} />}
      {kind && (
        <button type="button" class="text-button" ref={kind === "list" || kind === "lane" ? focusIt : null} onClick={() => setKind(null)}>
          <Icon name="back" /> {t().back}
        </button>
      )}
      {kind === "list" && <Lists add={add} leave={onClose} />}
      {kind === "lane" && <Lanes add={add} leave={onClose} />}
      {kind === "tag" && <Words label={m().add.tag} pattern={String.raw`#?[^\s#\/?:]{1,100}`} add={(w) => add(columnId("tag", w))} />}
      {kind === "search" && <Words label={m().add.search} add={(w) => add(columnId("search", w))} />}
      {kind === "account" && <People add={(a) => add(columnId("account", a.id), a.display_name || a.username)} />}
    </Dialog>
  );
}

function Kinds({ add, choose }: { add(id: PlainKind): void; choose(kind: ArgKind): void }) {
  const columns = settings.value.columns;
  const args: ArgKind[] = ["lane", "list", "tag", "account", "search"];
  return (
    <ul class="choices">
      {plainKinds.map((k) => (
        <li key={k}>
          <button type="button" disabled={columns.includes(k)} onClick={() => add(k)}>
            <Icon name={columnIcons[k]} />
            <span class="choice-words">
              <b>{t().places[k]}</b>
              <span class="faint small-text">{columns.includes(k) ? m().add.there : t().source[k]}</span>
            </span>
          </button>
        </li>
      ))}
      {args.map((k) => (
        <li key={k}>
          <button type="button" onClick={() => choose(k)}>
            <Icon name={columnIcons[k]} />
            <span class="choice-words">
              <b>{t().places[k]}</b>
              <span class="faint small-text">{t().source[k]}</span>
            </span>
            <Icon name="right" />
          </button>
        </li>
      ))}
    </ul>
  );
}

function Lists({ add, leave }: { add(id: ColumnId, title: string): void; leave(): void }) {
  const { got, failure, load } = useAnswer<List[]>("/api/v1/lists");
  const manage = (): void => {
    leave();
    open({ name: "settings", section: "lists" });
  };
  if (failure) return <Failure error={failure} retry={load} />;
  if (!got) return <Skeleton rows={1} />;
  return (
    <>
      {!got.length && <p class="faint pad-block">{m().add.noLists}</p>}
      <ul class="choices">
        {got.map((l) => (
          <li key={l.id}>
            <button type="button" onClick={() => add(columnId("list", l.id), l.title)}>
              <Icon name="list" />
              <b>{l.title}</b>
            </button>
          </li>
        ))}
      </ul>
      <button type="button" class="button" onClick={manage}>
        {t().column.lists}
      </button>
    </>
  );
}

function Lanes({ add, leave }: { add(id: ColumnId, title: string): void; leave(): void }) {
  const { got, failure, load } = useAnswer<Lane[]>("/api/engawa/v1/lanes");
  const choose = async (l: Lane): Promise<void> => {
    try {
      const read = l.list_id ? l : await patch<Lane>(`/api/engawa/v1/lanes/${l.id}`, { read: true });
      if (read.list_id) add(columnId("lane", `${l.id}/${read.list_id}`), l.name);
    } catch (e) {
      complain(t().places.lane, e);
    }
  };
  const manage = (): void => {
    leave();
    open({ name: "settings", section: "links" });
  };
  if (failure) return <Failure error={failure} retry={load} />;
  if (!got) return <Skeleton rows={1} />;
  return (
    <>
      {!got.length && <p class="faint pad-block">{m().add.noLanes}</p>}
      <ul class="choices">
        {got.map((l) => (
          <li key={l.id}>
            <button type="button" onClick={() => void choose(l)}>
              <Icon name="lane" />
              <span class="choice-words">
                <b>{l.name}</b>
                <span class="faint small-text">
                  {l.handle} · {m().linkState[l.state]}
                  {!l.read && ` · ${m().add.startsReading}`}
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      <button type="button" class="button" onClick={manage}>
        {t().column.links}
      </button>
    </>
  );
}

function Words({ label, pattern, add }: { label: string; pattern?: string; add(words: string): void }) {
  const [text, setText] = useState("");
  const submit = (e: Event): void => {
    e.preventDefault();
    if (text.trim()) add(text.trim());
  };
  return (
    <form onSubmit={submit} class="stack">
      <label class="field flush">
        <span>{label}</span>
        <input type="text" ref={focusIt} required maxLength={200} {...(pattern && { pattern })} value={text} onInput={(e) => setText(e.currentTarget.value)} />
      </label>
      <button type="submit" class="button primary" disabled={!text.trim()}>
        {t().column.add}
      </button>
    </form>
  );
}

/** People found by name; also of other homes, by their whole handle. */
export function People({ add }: { add(a: Account): void }) {
  const [text, setText] = useState("");
  const [found, setFound] = useState<Account[] | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const search = (e?: Event): void => {
    e?.preventDefault();
    if (!text.trim()) return;
    setFailure(null);
    get<SearchResult>(`/api/v2/search?${new URLSearchParams({ q: text.trim(), type: "accounts", resolve: "true", limit: "10" })}`).then((r) => setFound(r.accounts), setFailure);
  };
  return (
    <form onSubmit={search} class="stack" role="search">
      <label class="field flush">
        <span>{m().add.person}</span>
        <span class="row">
          <input type="search" ref={focusIt} value={text} onInput={(e) => setText(e.currentTarget.value)} />
          <button type="submit" class="button">
            {m().search.label}
          </button>
        </span>
      </label>
      {failure !== null && <Failure error={failure} retry={search} />}
      {found?.length === 0 && (
        <p class="faint" role="status">
          {m().add.nobody}
        </p>
      )}
      <div>
        {found?.map((a) => (
          <Person key={a.id} account={a} go={() => add(a)} />
        ))}
      </div>
    </form>
  );
}
