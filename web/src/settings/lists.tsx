import { useState } from "preact/hooks";
import { del, post, put } from "../api/client";
import type { Account, List } from "../api/types";
import { t } from "../i18n";
import { m } from "../i18n/more";
import { People } from "../column/addcolumn";
import { Person } from "../post/person";
import { columnId } from "../state/columns";
import { addColumn, removeColumn, settings } from "../state/settings";
import { complain } from "../state/toast";
import { Confirm } from "../ui/dialog";
import { Icon } from "../ui/icon";
import { Choice, Loaded } from "./parts";
import { useAnswer } from "./useanswer";

/** Lists of people: made, named, filled, dropped. */
export function ListSettings() {
  const answer = useAnswer<List[]>("/api/v1/lists");
  const [title, setTitle] = useState("");
  const words = m().lists;
  return (
    <Loaded answer={answer}>
      {(all) => {
        const make = async (e: Event): Promise<void> => {
          e.preventDefault();
          try {
            answer.set([...all, await post<List>("/api/v1/lists", { title: title.trim(), replies_policy: "list" })]);
            setTitle("");
          } catch (x) {
            complain(words.make, x);
          }
        };
        return (
          <>
            {all.map((l) => (
              <OneList key={l.id} list={l} put={(next) => answer.set(all.map((x) => (x.id === l.id ? next : x)))} gone={() => answer.set(all.filter((x) => x.id !== l.id))} />
            ))}
            <form class="stack pad" onSubmit={(e) => void make(e)}>
              <label class="field flush">
                <span>{words.title}</span>
                <input type="text" required maxLength={200} value={title} onInput={(e) => setTitle(e.currentTarget.value)} />
              </label>
              <button type="submit" class="button primary" disabled={!title.trim()}>
                {words.make}
              </button>
            </form>
          </>
        );
      }}
    </Loaded>
  );
}

function OneList({ list, put: keep, gone }: { list: List; put(l: List): void; gone(): void }) {
  const [open, setOpen] = useState(false);
  const [asking, setAsking] = useState(false);
  const words = m().lists;
  const column = columnId("list", list.id);
  const change = async (body: Partial<List>): Promise<void> => {
    try {
      keep(await put<List>(`/api/v1/lists/${list.id}`, { title: list.title, replies_policy: list.replies_policy, exclusive: list.exclusive, ...body }));
    } catch (e) {
      complain(list.title, e);
    }
  };
  const drop = async (): Promise<void> => {
    setAsking(false);
    try {
      await del(`/api/v1/lists/${list.id}`);
      removeColumn(column);
      gone();
    } catch (e) {
      complain(words.drop, e);
    }
  };
  return (
    <section class="link-card" aria-label={list.title}>
      <h4>{list.title}</h4>
      <p class="row wrap">
        <button type="button" class="button small" aria-expanded={open} onClick={() => setOpen(!open)}>
          {words.edit}
        </button>
        {!settings.value.columns.includes(column) && (
          <button type="button" class="button small" onClick={() => addColumn(column, list.title)}>
            <Icon name="plus" /> {t().column.add}
          </button>
        )}
        <button type="button" class="button small danger" onClick={() => setAsking(true)}>
          {words.drop}
        </button>
      </p>
      {open && (
        <>
          <label class="field flush">
            <span>{words.title}</span>
            <input type="text" maxLength={200} defaultValue={list.title} onChange={(e) => e.currentTarget.value.trim() && void change({ title: e.currentTarget.value.trim() })} />
          </label>
          <Choice label={words.replies} value={list.replies_policy} options={[["list", words.repliesList], ["followed", words.repliesFollowed], ["none", words.repliesNone]]} set={(replies_policy) => void change({ replies_policy })} />
          <label class="check">
            <input type="checkbox" checked={list.exclusive} onChange={(e) => void change({ exclusive: e.currentTarget.checked })} />
            {words.exclusive}
          </label>
          <Members id={list.id} />
        </>
      )}
      {asking && <Confirm title={words.dropAsk(list.title)} lead={words.dropLead} action={words.drop} onNo={() => setAsking(false)} onYes={() => void drop()} />}
    </section>
  );
}

function Members({ id }: { id: string }) {
  const answer = useAnswer<Account[]>(`/api/v1/lists/${id}/accounts?limit=0`);
  const words = m().lists;
  return (
    <Loaded answer={answer}>
      {(all) => {
        const add = async (a: Account): Promise<void> => {
          if (all.some((x) => x.id === a.id)) return;
          try {
            await post(`/api/v1/lists/${id}/accounts`, { account_ids: [a.id] });
            answer.set([...all, a]);
          } catch (e) {
            complain(words.add, e);
          }
        };
        const remove = async (a: Account): Promise<void> => {
          try {
            await del(`/api/v1/lists/${id}/accounts?${new URLSearchParams({ "account_ids[]": a.id })}`);
            answer.set(all.filter((x) => x.id !== a.id));
          } catch (e) {
            complain(words.remove, e);
          }
        };
        return (
          <>
            {all.map((a) => (
              <Person key={a.id} account={a}>
                <button type="button" class="icon-button" aria-label={`${words.remove}: ${a.display_name || a.username}`} title={words.remove} onClick={() => void remove(a)}>
                  <Icon name="close" />
                </button>
              </Person>
            ))}
            <People add={(a) => void add(a)} />
          </>
        );
      }}
    </Loaded>
  );
}
