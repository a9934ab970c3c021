import { useState } from "preact/hooks";
import { del, post } from "../api/client";
import type { Account } from "../api/types";
import { m } from "../i18n/more";
import { Person } from "../post/person";
import { complain } from "../state/toast";
import { Loaded } from "./parts";
import { useAnswer, usePages } from "./useanswer";

/** Those whose posts are not shown. */
export function MuteSettings() {
  return <Kept path="/api/v1/mutes" verb="unmute" empty={m().people.noMutes} action={m().people.unmute} />;
}

/** Those, and homes, with whom nothing is exchanged. */
export function BlockSettings() {
  return (
    <>
      <Kept path="/api/v1/blocks" verb="unblock" empty={m().people.noBlocks} action={m().people.unblock} />
      <Domains />
    </>
  );
}

function Kept({ path, verb, empty, action }: { path: string; verb: string; empty: string; action: string }) {
  const list = usePages<Account>(path);
  const free = async (a: Account): Promise<void> => {
    try {
      await post(`/api/v1/accounts/${a.id}/${verb}`);
      list.answer.set((list.answer.got ?? []).filter((x) => x.id !== a.id));
    } catch (e) {
      complain(action, e);
    }
  };
  return (
    <Loaded answer={list.answer}>
      {(all) => (
        <>
          {!all.length && <p class="pad">{empty}</p>}
          {all.map((a) => (
            <Person key={a.id} account={a}>
              <button type="button" class="button small" aria-label={`${action}: ${a.display_name || a.username}`} onClick={() => void free(a)}>
                {action}
              </button>
            </Person>
          ))}
          {list.next && (
            <p class="pad">
              <button type="button" class="button" onClick={() => void list.more()}>
                {m().people.more}
              </button>
            </p>
          )}
        </>
      )}
    </Loaded>
  );
}

function Domains() {
  const answer = useAnswer<string[]>("/api/v1/domain_blocks");
  const [text, setText] = useState("");
  const words = m().people;
  return (
    <section>
      <h3 class="section">{words.homes}</h3>
      <Loaded answer={answer}>
        {(all) => {
          const add = async (e: Event): Promise<void> => {
            e.preventDefault();
            const domain = text.trim().toLowerCase();
            try {
              await post("/api/v1/domain_blocks", { domain });
              answer.set([...all.filter((x) => x !== domain), domain]);
              setText("");
            } catch (x) {
              complain(words.blockHome, x);
            }
          };
          const free = async (domain: string): Promise<void> => {
            try {
              await del(`/api/v1/domain_blocks?${new URLSearchParams({ domain })}`);
              answer.set(all.filter((x) => x !== domain));
            } catch (x) {
              complain(words.unblock, x);
            }
          };
          return (
            <>
              {all.map((d) => (
                <p key={d} class="pad row between">
                  <span dir="ltr">{d}</span>
                  <button type="button" class="button small" aria-label={`${words.unblock}: ${d}`} onClick={() => void free(d)}>
                    {words.unblock}
                  </button>
                </p>
              ))}
              <form class="stack pad" onSubmit={(e) => void add(e)}>
                <label class="field flush">
                  <span>{words.home}</span>
                  <input type="text" required inputMode="url" placeholder="home.example" value={text} onInput={(e) => setText(e.currentTarget.value)} />
                </label>
                <button type="submit" class="button danger" disabled={!text.trim()}>
                  {words.blockHome}
                </button>
              </form>
            </>
          );
        }}
      </Loaded>
    </section>
  );
}
