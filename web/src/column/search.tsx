import { useEffect, useState } from "preact/hooks";
import { get } from "../api/client";
import type { SearchResult } from "../api/types";
import { m } from "../i18n/more";
import { Avatar, DisplayName, Handle } from "../post/name";
import { PostRow } from "../post/post";
import { open, replace } from "../state/route";
import { putStatus } from "../state/store";
import { Failure, Skeleton } from "../ui/feedback";

interface Found {
  accounts: SearchResult["accounts"];
  posts: string[];
  tags: string[];
}

/** Results kept for Back, the latest few questions. */
const kept = new Map<string, Found>();

export function SearchView({ q }: { q: string }) {
  const [text, setText] = useState(q);
  const [found, setFound] = useState<Found | null>(kept.get(q) ?? null);
  const [failure, setFailure] = useState<unknown>(null);
  const [again, setAgain] = useState(0);
  useEffect(() => {
    setText(q);
    setFailure(null);
    setFound(kept.get(q) ?? null);
    if (!q || kept.has(q)) return;
    const stop = new AbortController();
    search(q, stop.signal).then(setFound, (e) => stop.signal.aborted || setFailure(e));
    return () => stop.abort();
  }, [q, again]);
  const submit = (e: Event): void => {
    e.preventDefault();
    const next = text.trim();
    if (next === q) setAgain(again + 1);
    else replace({ name: "search", q: next });
  };
  return (
    <div class="feed search">
      <form role="search" class="search-form" onSubmit={submit}>
        <input id="search-field" type="search" aria-label={m().search.label} placeholder={m().search.placeholder} value={text} enterKeyHint="search" onInput={(e) => setText(e.currentTarget.value)} />
        <button type="submit" class="button primary">
          {m().search.label}
        </button>
      </form>
      {!q && <p class="faint pad">{m().search.hint}</p>}
      {failure !== null && <Failure error={failure} retry={() => setAgain(again + 1)} />}
      {q && !found && failure === null && <Skeleton />}
      {q && found && <Results found={found} q={q} />}
    </div>
  );
}

async function search(q: string, signal: AbortSignal): Promise<Found> {
  const r = await get<SearchResult>(`/api/v2/search?${new URLSearchParams({ q, resolve: "true", limit: "20" })}`, signal);
  const found: Found = { accounts: r.accounts, posts: r.statuses.map((s) => putStatus(s)), tags: r.hashtags.map((h) => h.name) };
  kept.clear();
  kept.set(q, found);
  return found;
}

function Results({ found, q }: { found: Found; q: string }) {
  const words = m().search;
  if (!found.accounts.length && !found.posts.length && !found.tags.length) return <p class="pad">{words.none(q)}</p>;
  return (
    <div role="status">
      {found.accounts.length > 0 && <h3 class="section">{words.accounts}</h3>}
      {found.accounts.map((a) => (
        <a
          key={a.id}
          class="person"
          href={`#/profile/${a.id}`}
          onClick={(e) => {
            e.preventDefault();
            open({ name: "profile", id: a.id });
          }}
        >
          <Avatar account={a} plain />
          <span class="person-words">
            <DisplayName account={a} />
            <Handle acct={a.acct} />
          </span>
        </a>
      ))}
      {found.tags.length > 0 && <h3 class="section">{words.tags}</h3>}
      {found.tags.length > 0 && (
        <p class="tags">
          {found.tags.map((tag) => (
            <button type="button" class="chip link" key={tag} onClick={() => open({ name: "tag", tag })}>
              #{tag}
            </button>
          ))}
        </p>
      )}
      {found.posts.length > 0 && <h3 class="section">{words.posts}</h3>}
      {found.posts.map((id) => (
        <PostRow key={id} id={id} />
      ))}
    </div>
  );
}
