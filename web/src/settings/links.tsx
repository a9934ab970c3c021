import { useState } from "preact/hooks";
import { ApiError, del, patch, post } from "../api/client";
import type { LinkBegun, LinkInfo, NetworkInfo } from "../api/types";
import { locale, t } from "../i18n";
import { m } from "../i18n/more";
import { problem } from "../i18n/problem";
import { money } from "../compose/preview";
import { columnId } from "../state/columns";
import { addColumn, settings } from "../state/settings";
import { complain, say } from "../state/toast";
import { Confirm } from "../ui/dialog";
import { Icon } from "../ui/icon";
import { Loaded } from "./parts";
import { useAnswer } from "./useanswer";

const base = "/api/engawa/v1/links";
const lang = (): string => `?lang=${locale()}`;

/** The person's accounts elsewhere: how each is, what may be done with it, and how to link another. */
export function LinkSettings() {
  const answer = useAnswer<LinkInfo[]>(`${base}${lang()}`);
  return (
    <Loaded answer={answer}>
      {(links) => {
        const put = (l: LinkInfo): void => answer.set(links.some((x) => x.id === l.id) ? links.map((x) => (x.id === l.id ? l : x)) : [...links, l]);
        return (
          <>
            {!links.length && <p class="pad">{m().links.empty}</p>}
            {links.map((l) => (
              <LinkCard key={l.id} link={l} put={put} gone={() => answer.set(links.filter((x) => x.id !== l.id))} />
            ))}
            <Begin done={put} />
          </>
        );
      }}
    </Loaded>
  );
}

function LinkCard({ link: l, put, gone }: { link: LinkInfo; put(l: LinkInfo): void; gone(): void }) {
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);
  const words = m().links;
  const run = async (what: string, ask: () => Promise<LinkInfo>): Promise<void> => {
    setBusy(true);
    try {
      put(await ask());
    } catch (e) {
      complain(what, e);
    }
    setBusy(false);
  };
  const drop = async (): Promise<void> => {
    setAsking(false);
    try {
      await del(`${base}/${l.id}`);
      gone();
    } catch (e) {
      complain(words.drop, e);
    }
  };
  const change = (what: string, body: object): void => void run(what, () => patch<LinkInfo>(`${base}/${l.id}${lang()}`, body));
  const column = l.lane.list_id ? columnId("lane", `${l.id}/${l.lane.list_id}`) : null;
  const unwell = l.state === "reconnect" || (l.last_error !== null && !l.last_error.over);
  return (
    <section class={`link-card ${unwell ? "unwell" : l.state}`} aria-label={`${l.name} ${l.handle}`}>
      <h4>
        {l.name} <span class="faint">{l.handle}</span>
      </h4>
      <p class={unwell ? "link-summary bad" : "link-summary"}>
        <b>{m().linkState[l.state]}</b> · {l.summary}
      </p>
      <p class="faint small-text">
        {words.month(l.month.sent)}
        {l.month.spent_microdollars > 0 && ` · ${money(locale(), l.month.spent_microdollars)}`}
      </p>
      {l.can.includes("read") && (
        <>
          <label class="check">
            <input type="checkbox" checked={l.lane.read} disabled={busy} onChange={(e) => change(words.read, { read: e.currentTarget.checked })} />
            {words.read}
          </label>
          <label class="check">
            <input type="checkbox" checked={l.lane.merge} disabled={busy || !l.lane.read} onChange={(e) => change(words.merge, { merge: e.currentTarget.checked })} />
            {words.merge}
          </label>
        </>
      )}
      <p class="row wrap">
        {l.state === "reconnect" && <Again link={l} done={put} />}
        {column && !settings.value.columns.includes(column) && (
          <button type="button" class="button small" onClick={() => addColumn(column, l.name)}>
            <Icon name="lane" /> {t().column.add}
          </button>
        )}
        <button type="button" class="button small" disabled={busy} onClick={() => void run(words.check, () => post<LinkInfo>(`${base}/${l.id}/check${lang()}`))}>
          {words.check}
        </button>
        <button type="button" class="button small" disabled={busy} onClick={() => void run(words.pause, () => post<LinkInfo>(`${base}/${l.id}/${l.state === "paused" ? "resume" : "pause"}${lang()}`))}>
          {l.state === "paused" ? words.resume : words.pause}
        </button>
        <button type="button" class="button small danger" onClick={() => setAsking(true)}>
          {words.drop}
        </button>
      </p>
      {asking && <Confirm title={words.dropAsk(l.name)} lead={words.dropLead} action={words.drop} onNo={() => setAsking(false)} onYes={() => void drop()} />}
    </section>
  );
}

/** Goes where linking leads: done, to an address of the network, or to a letter. */
function follow(begun: LinkBegun, done: (l: LinkInfo) => void): void {
  if (begun.link) {
    done(begun.link);
    say(m().links.linked(begun.link.name));
  } else if (begun.url && /^(?:https?:|\/)/i.test(begun.url)) location.assign(begun.url);
  else if (begun.letter) say(m().links.letter, { ms: 9000 });
}

function Again({ link, done }: { link: LinkInfo; done(l: LinkInfo): void }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="button small primary" aria-expanded={open} onClick={() => setOpen(!open)}>
        {m().links.again}
      </button>
      {open && <Begin done={done} again={link} />}
    </>
  );
}

function Begin({ done, again }: { done(l: LinkInfo): void; again?: LinkInfo }) {
  const answer = useAnswer<NetworkInfo[]>(`/api/engawa/v1/networks${lang()}`);
  const [network, setNetwork] = useState(again?.network ?? "");
  const words = m().links;
  return (
    <section class="link-begin">
      {!again && <h4>{words.begin}</h4>}
      <Loaded answer={answer}>
        {(all) => {
          const chosen = all.find((n) => n.name === network);
          return (
            <>
              {!again && (
                <label class="field flush">
                  <span>{words.network}</span>
                  <select value={network} onChange={(e) => setNetwork(e.currentTarget.value)}>
                    <option value="">{words.choose}</option>
                    {all.map((n) => (
                      <option key={n.name} value={n.name}>
                        {n.title}
                      </option>
                    ))}
                  </select>
                </label>
              )}
              {chosen && <BeginForm key={chosen.name} network={chosen} done={done} {...(again && { again })} />}
            </>
          );
        }}
      </Loaded>
    </section>
  );
}

function Typed({ secret, needed, value, set }: { secret: boolean; needed: boolean; value: string; set(v: string): void }) {
  const common = { required: needed, value, onInput: (e: { currentTarget: HTMLInputElement }) => set(e.currentTarget.value) };
  return secret ? <input type="password" autocomplete="new-password" {...common} /> : <input type="text" autocomplete="off" {...common} />;
}

function BeginForm({ network, done, again }: { network: NetworkInfo; done(l: LinkInfo): void; again?: LinkInfo }) {
  const [server, setServer] = useState(again?.base ?? "");
  const [name, setName] = useState("");
  const [fields, setFields] = useState<Record<string, string>>({});
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const words = m().links;
  const submit = async (e: Event): Promise<void> => {
    e.preventDefault();
    setBusy(true);
    setFailure(null);
    try {
      const typed = Object.fromEntries(Object.entries(fields).filter(([, v]) => v.trim()));
      follow(await post<LinkBegun>(`${base}${lang()}`, { network: network.name, ...(server.trim() && { base: server.trim() }), ...(name.trim() && { name: name.trim() }), fields: typed, ...(again && { again: again.id }) }), done);
      setFields({});
    } catch (x) {
      setFailure(x);
    }
    setBusy(false);
  };
  return (
    <form class="stack" onSubmit={(e) => void submit(e)} autocomplete="off">
      {network.base && (
        <label class="field flush">
          <span>
            {words.server}
            {network.base === "optional" && ` (${words.optional})`}
          </span>
          <input type="text" inputMode="url" placeholder="https://social.example" required={network.base === "needed"} value={server} onInput={(e) => setServer(e.currentTarget.value)} />
        </label>
      )}
      {network.fields.map((f) => (
        <label class="field flush" key={f.name}>
          <span>
            {f.label}
            {!f.needed && ` (${words.optional})`}
          </span>
          <Typed secret={f.secret} needed={f.needed} value={fields[f.name] ?? ""} set={(v) => setFields({ ...fields, [f.name]: v })} />
        </label>
      ))}
      {!again && (
        <label class="field flush">
          <span>{words.name}</span>
          <input type="text" maxLength={60} placeholder={network.name} value={name} onInput={(e) => setName(e.currentTarget.value)} />
        </label>
      )}
      {failure !== null && (
        <p class="notice-box" role="alert">
          {failure instanceof ApiError && failure.status !== 0 && failure.message ? failure.message : problem(failure)}
        </p>
      )}
      <button type="submit" class="button primary" disabled={busy}>
        {words.link}
      </button>
    </form>
  );
}
