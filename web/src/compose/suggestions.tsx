import { useEffect, useRef, useState } from "preact/hooks";
import { get } from "../api/client";
import type { Account, SearchResult } from "../api/types";
import { customEmoji, find, pickOf, unicodeGroups } from "../emoji/table";
import { locale } from "../i18n";
import { m } from "../i18n/more";
import { nameOf } from "../post/name";
import { safePicture } from "../post/sanitise";
import { change, draft } from "../state/compose";
import { complete, tokenAt, type Token } from "./suggest";

interface Suggestion {
  /** What is written. */
  text: string;
  name: string;
  note: string;
  picture?: string;
}

export interface Suggest {
  open: boolean;
  at: number;
  items: Suggestion[];
  look(): void;
  close(): void;
  choose(i: number): void;
  /** Takes a key; true when it was for the list. */
  key(e: KeyboardEvent): boolean;
}

const MOST = 6;
const WAIT = 180;

/** Completes handles, tags and emoji at the caret of a text field. */
export function useSuggestions(field: { current: HTMLTextAreaElement | null }): Suggest {
  const [items, setItems] = useState<Suggestion[]>([]);
  const [at, setAt] = useState(0);
  const token = useRef<Token | null>(null);
  const timer = useRef(0);
  const stop = useRef<AbortController | null>(null);
  const close = (): void => {
    clearTimeout(timer.current);
    stop.current?.abort();
    token.current = null;
    setItems([]);
  };
  useEffect(() => close, []);
  const look = (): void => {
    clearTimeout(timer.current);
    stop.current?.abort();
    const f = field.current;
    const next = f && f.selectionStart === f.selectionEnd ? tokenAt(f.value, f.selectionStart) : null;
    if (!next) return close();
    token.current = next;
    timer.current = window.setTimeout(() => {
      const asked = new AbortController();
      stop.current = asked;
      // What cannot be looked up is typed by hand.
      ask(next, asked.signal).then((found) => {
        if (asked.signal.aborted) return;
        setItems(found);
        setAt(0);
      }, () => {});
    }, WAIT);
  };
  const choose = (i: number): void => {
    const item = items[i];
    const f = field.current;
    if (!item || !token.current || !f) return;
    const done = complete(draft.peek().text, token.current, item.text);
    change({ text: done.text });
    close();
    requestAnimationFrame(() => {
      f.focus();
      f.setSelectionRange(done.caret, done.caret);
    });
  };
  const key = (e: KeyboardEvent): boolean => {
    if (!items.length || e.isComposing) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (step) setAt((at + step + items.length) % items.length);
    else if ((e.key === "Enter" && !e.ctrlKey && !e.metaKey) || e.key === "Tab") choose(at);
    else if (e.key === "Escape") close();
    else return false;
    e.preventDefault();
    e.stopPropagation();
    return true;
  };
  return { open: items.length > 0, at, items, look, close, choose, key };
}

async function ask(token: Token, signal: AbortSignal): Promise<Suggestion[]> {
  if (token.kind === "emoji") {
    const [unicode, own] = await Promise.all([unicodeGroups(locale()), customEmoji().catch(() => [])]);
    return find([...own.map(pickOf), ...unicode.flat()], token.q, MOST).map((p) => ({ text: p.text, name: p.name, note: p.picture ? p.text : "", ...(p.picture ? { picture: p.picture } : { picture: "" }) }));
  }
  if (token.kind === "person") {
    const people = await get<Account[]>(`/api/v1/accounts/search?${new URLSearchParams({ q: token.q, limit: String(MOST), resolve: "false" })}`, signal);
    return people.map((a) => ({ text: `@${a.acct}`, name: nameOf(a), note: `@${a.acct}`, picture: a.avatar_static }));
  }
  const tags = (await get<SearchResult>(`/api/v2/search?${new URLSearchParams({ q: token.q, type: "hashtags", limit: String(MOST) })}`, signal)).hashtags;
  return tags.map((t) => ({ text: `#${t.name}`, name: `#${t.name}`, note: "" }));
}

/** The list under the text; the text field keeps the focus (WAI-ARIA combobox). */
export function Suggestions({ suggest }: { suggest: Suggest }) {
  return (
    <>
    <p class="hidden" role="status">{suggest.open ? m().compose.suggested(suggest.items.length) : ""}</p>
    <ul class="suggestions" id="compose-suggestions" role="listbox" aria-label={m().compose.suggestions} hidden={!suggest.open}>
      {suggest.items.map((s, i) => (
        <li
          key={s.text}
          id={`compose-suggestion-${i}`}
          role="option"
          aria-selected={i === suggest.at}
          onPointerDown={(e) => {
            e.preventDefault();
            suggest.choose(i);
          }}
        >
          {s.picture ? <img src={safePicture(s.picture)} alt="" /> : s.picture === "" && <span class="suggestion-emoji">{s.text}</span>}
          <span class="suggestion-name">{s.name}</span>
          {s.note && <span class="faint small-text">{s.note}</span>}
        </li>
      ))}
    </ul>
    </>
  );
}
