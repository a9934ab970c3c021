import { useEffect, useState } from "preact/hooks";
import { get } from "../api/client";
import type { Account, Reaction } from "../api/types";
import { t } from "../i18n";
import { m } from "../i18n/more";
import type { Post } from "../state/store";
import { open } from "../state/route";
import { Dialog } from "../ui/dialog";
import { Failure, Skeleton } from "../ui/feedback";
import { Person } from "./person";
import { reactionName } from "./reactions";
import { safePicture } from "./sanitise";
import "../style/more.css";

interface Found {
  reactions: Reaction[];
  favourites: Account[];
  boosts: Account[];
}

/** Who reacted to a post, with what. */
export function Who({ post, onClose }: { post: Post; onClose(): void }) {
  const [found, setFound] = useState<Found | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const load = (): void => {
    setFailure(null);
    ask(post.id).then(setFound, setFailure);
  };
  useEffect(load, [post.id]);
  const go = (a: Account): void => {
    onClose();
    open({ name: "profile", id: a.id });
  };
  const empty = found && !found.reactions.length && !found.favourites.length && !found.boosts.length;
  return (
    <Dialog title={t().actions.who} onClose={onClose} sheet>
      {failure !== null && <Failure error={failure} retry={load} />}
      {!found && failure === null && <Skeleton rows={2} />}
      {empty && <p class="faint">{m().who.none}</p>}
      {found && (
        <>
          {found.reactions.map((r) => (
            <Group key={r.name} title={reactionName(r)} {...(r.url && { picture: r.static_url || r.url })} people={r.accounts ?? []} go={go} />
          ))}
          <Group title={m().who.favourites} people={found.favourites} go={go} />
          <Group title={m().who.boosts} people={found.boosts} go={go} />
        </>
      )}
    </Dialog>
  );
}

async function ask(id: string): Promise<Found> {
  const [reactions, favourites, boosts] = await Promise.all([
    get<Reaction[]>(`/api/v1/pleroma/statuses/${id}/reactions`),
    get<Account[]>(`/api/v1/statuses/${id}/favourited_by?limit=80`),
    get<Account[]>(`/api/v1/statuses/${id}/reblogged_by?limit=80`),
  ]);
  return { reactions, favourites, boosts };
}

function Group({ title, picture, people, go }: { title: string; picture?: string; people: Account[]; go(a: Account): void }) {
  if (!people.length) return null;
  return (
    <section class="who">
      <h3>
        {picture && <img class="emoji" src={safePicture(picture)} alt="" />} {title}
      </h3>
      {people.map((a) => (
        <Person key={a.id} account={a} go={() => go(a)} />
      ))}
    </section>
  );
}
