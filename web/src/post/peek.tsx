import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { get } from "../api/client";
import type { Account, Relationship } from "../api/types";
import { t } from "../i18n";
import { m } from "../i18n/more";
import { follow } from "../state/actions";
import { peeked, type Peek } from "../state/peek";
import { open } from "../state/route";
import { me } from "../state/session";
import { Content } from "./content";
import { Avatar, DisplayName, Handle } from "./name";
import "../style/more.css";

const known = new Map<string, Account>();

/** A profile in passing, beside the name that was pointed at. All of it stands in the profile itself too. */
export function ProfilePeek({ id, at }: Peek) {
  const [account, setAccount] = useState<Account | null>(known.get(id) ?? null);
  const [relation, setRelation] = useState<Relationship | null>(null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const stop = new AbortController();
    setAccount(known.get(id) ?? null);
    setRelation(null);
    // What cannot be loaded is not shown: nothing was asked for but by resting on a name.
    get<Account>(`/api/v1/accounts/${id}`, stop.signal).then((a) => {
      known.set(id, a);
      if (known.size > 50) known.delete(known.keys().next().value!);
      setAccount(a);
    }, () => {});
    if (id !== me()?.id) get<Relationship[]>(`/api/v1/accounts/relationships?id[]=${id}`, stop.signal).then((r) => setRelation(r[0] ?? null), () => {});
    return () => stop.abort();
  }, [id]);
  useLayoutEffect(() => {
    const e = box.current;
    if (!e) return;
    e.showPopover();
    const below = at.bottom + 6 + e.offsetHeight <= innerHeight;
    e.style.left = `${Math.max(8, Math.min(at.left, innerWidth - e.offsetWidth - 8))}px`;
    e.style.top = `${Math.max(8, below ? at.bottom + 6 : at.top - e.offsetHeight - 6)}px`;
  }, [account, relation, at]);
  if (!account) return null;
  const words = m().profile;
  const press = async (): Promise<void> => {
    const answer = relation && (await follow(id, !(relation.following || relation.requested)));
    if (answer) setRelation(answer);
  };
  const go = (): void => {
    peeked.value = null;
    open({ name: "profile", id });
  };
  return (
    <div ref={box} class="peek" popover="manual" role="group" aria-label={words.peek}>
      <div class="peek-top">
        <Avatar account={account} plain />
        <div class="peek-words">
          <DisplayName account={account} />
          <Handle acct={account.acct} />
        </div>
      </div>
      {relation?.followed_by && <span class="chip leaf">{words.followsYou}</span>}
      <Content html={account.note} marks={{ emojis: account.emojis }} class="clamped" />
      <div class="row">
        {relation && !relation.blocking && (
          <button type="button" class={relation.following || relation.requested ? "button small on" : "button small primary"} aria-pressed={relation.following || relation.requested} onClick={() => void press()}>
            {relation.following ? words.following : relation.requested ? words.requested : account.locked ? words.request : words.follow}
          </button>
        )}
        <button type="button" class="button small" onClick={go}>
          {t().places.profile}
        </button>
      </div>
    </div>
  );
}
