import { useEffect, useState } from "preact/hooks";
import { get, post } from "../api/client";
import type { Account, Relationship } from "../api/types";
import { locale, t } from "../i18n";
import { m } from "../i18n/more";
import { monthYear } from "../i18n/time";
import { Content } from "../post/content";
import { Avatar, DisplayName, EmojiText, nameOf } from "../post/name";
import { PostRow } from "../post/post";
import { safePicture } from "../post/sanitise";
import { follow } from "../state/actions";
import { accountPath, passingFeed } from "../state/feeds";
import { columnId } from "../state/columns";
import { mention } from "../state/compose";
import { open } from "../state/route";
import { addColumn, settings } from "../state/settings";
import { complain } from "../state/toast";
import { Menu, type MenuItem } from "../ui/menu";
import { instance, me } from "../state/session";
import { Failure, Skeleton } from "../ui/feedback";
import { FeedList } from "./feedlist";

/** Who somebody is, and what they wrote. */
export function ProfileView({ id }: { id: string }) {
  const [account, setAccount] = useState<Account | null>(null);
  const [relation, setRelation] = useState<Relationship | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const load = (signal?: AbortSignal): void => {
    setFailure(null);
    get<Account>(`/api/v1/accounts/${id}`, signal).then(setAccount, (e) => signal?.aborted || setFailure(e));
    if (id !== me()?.id) {
      get<Relationship[]>(`/api/v1/accounts/relationships?id[]=${id}`, signal).then((r) => setRelation(r[0] ?? null), () => {});
    }
  };
  useEffect(() => {
    const stop = new AbortController();
    setAccount(null);
    setRelation(null);
    load(stop.signal);
    return () => stop.abort();
  }, [id]);
  if (failure) return <Failure error={failure} retry={() => load()} />;
  if (!account) return <Skeleton rows={1} />;
  return (
    <FeedList
      feed={passingFeed(accountPath(id))}
      label={m().profile.posts}
      head={<Head account={account} relation={relation} onRelation={setRelation} />}
      row={(post) => <PostRow key={post} id={post} />}
      empty={t().column.empty.posts}
      fresh={t().column.fresh}
    />
  );
}

interface HeadProps {
  account: Account;
  relation: Relationship | null;
  onRelation(r: Relationship): void;
}

function Head({ account: a, relation, onRelation }: HeadProps) {
  const header = safePicture(a.header_static);
  const words = m().profile;
  const acct = a.acct.includes("@") ? a.acct : `${a.acct}@${instance()?.domain ?? location.hostname}`;
  return (
    <div class="profile">
      <div class="profile-header">{header && !header.endsWith("missing.png") && <img src={header} alt="" loading="lazy" />}</div>
      <div class="profile-top">
        <Avatar account={a} size={72} />
        {a.id === me()?.id ? <button type="button" class="button" onClick={() => open({ name: "settings", section: "profile" })}>{words.edit}</button> : relation && (
            <span class="row">
              <FollowButton account={a} relation={relation} onRelation={onRelation} />
              <Menu label={t().more} items={menuOf(a, relation, onRelation)} />
            </span>
          )}
      </div>
      <h3 class="profile-name">
        <DisplayName account={a} />
      </h3>
      <p class="profile-handle">@{acct}</p>
      <p class="chips">
        {relation?.followed_by && <span class="chip leaf">{words.followsYou}</span>}
        {a.bot && <span class="chip">{words.bot}</span>}
        {a.group && <span class="chip">{words.group}</span>}
        {a.locked && <span class="chip">{words.locked}</span>}
      </p>
      {relation?.blocking && <p class="notice-box">{words.blocked}</p>}
      {relation?.muting && <p class="notice-box">{words.muted}</p>}
      {a.moved && (
        <p class="notice-box">
          <button type="button" class="text-button" onClick={() => open({ name: "profile", id: a.moved!.id })}>
            {words.moved(`${nameOf(a.moved)} (@${a.moved.acct})`)}
          </button>
        </p>
      )}
      <Content html={a.note} marks={{ emojis: a.emojis }} />
      <Fields account={a} />
      <p class="faint small-text">
        {words.since(monthYear(locale(), Date.parse(a.created_at)))}
        {/^https?:/i.test(a.url) && a.acct.includes("@") && (
          <>
            {" · "}
            <a href={a.url} target="_blank" rel="noopener noreferrer">
              {words.original}
            </a>
          </>
        )}
      </p>
    </div>
  );
}

function menuOf(a: Account, relation: Relationship, onRelation: (r: Relationship) => void): MenuItem[] {
  const words = m().profile;
  const to = async (verb: string, what: string): Promise<void> => {
    try {
      onRelation(await post<Relationship>(`/api/v1/accounts/${a.id}/${verb}`));
    } catch (e) {
      complain(what, e);
    }
  };
  const mute = relation.muting ? words.unmute : words.mute;
  const block = relation.blocking ? words.unblock : words.block;
  const column = columnId("account", a.id);
  const items: MenuItem[] = [
    { icon: "pen", label: words.write, run: () => mention(a.acct) },
    { icon: "pause", label: mute, run: () => void to(relation.muting ? "unmute" : "mute", mute) },
    { icon: "lock", label: block, danger: true, run: () => void to(relation.blocking ? "unblock" : "block", block) },
  ];
  if (!settings.value.columns.includes(column)) items.unshift({ icon: "plus", label: t().column.add, run: () => addColumn(column, nameOf(a)) });
  return items;
}

function Fields({ account }: { account: Account }) {
  if (!account.fields.length) return null;
  return (
    <dl class="profile-fields">
      {account.fields.map((f) => (
        <div key={f.name + f.value} class={f.verified_at ? "verified" : ""}>
          <dt>
            <EmojiText text={f.name} emojis={account.emojis} />
          </dt>
          <dd>
            <Content html={f.value} marks={{ emojis: account.emojis }} />
            {f.verified_at && <span class="small-text"> {m().profile.verified}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function FollowButton({ account, relation, onRelation }: HeadProps & { relation: Relationship }) {
  const [busy, setBusy] = useState(false);
  const words = m().profile;
  const active = relation.following || relation.requested;
  const press = async (): Promise<void> => {
    setBusy(true);
    const answer = await follow(account.id, !active);
    if (answer) onRelation(answer);
    setBusy(false);
  };
  const label = relation.following ? words.following : relation.requested ? words.requested : account.locked ? words.request : words.follow;
  return (
    <button type="button" class={active ? "button on" : "button primary"} aria-pressed={active} title={active ? words.unfollow : label} disabled={busy || relation.blocking} onClick={() => void press()}>
      {label}
    </button>
  );
}
