import { useEffect, useState } from "preact/hooks";
import { get, page } from "../api/client";

export interface Answer<T> {
  got: T | null;
  failure: unknown;
  load(): void;
  /** Puts a changed answer in place of what was loaded. */
  set(next: T): void;
}

/** What the home answers, with its loading and its failure. */
export function useAnswer<T>(path: string): Answer<T> {
  const [got, set] = useState<T | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const load = (): void => {
    setFailure(null);
    get<T>(path).then(set, setFailure);
  };
  useEffect(load, [path]);
  return { got, failure, load, set };
}

/** A list that comes in pages: what was read so far, and the way on. */
export function usePages<T>(path: string): { answer: Answer<T[]>; next: string | null; more(): Promise<void> } {
  const [got, set] = useState<T[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const read = async (from: string, before: T[]): Promise<void> => {
    setFailure(null);
    try {
      const p = await page<T>(from);
      set([...before, ...p.items]);
      setNext(p.items.length ? p.next : null);
    } catch (e) {
      setFailure(e);
    }
  };
  const load = (): void => void read(path, []);
  useEffect(load, [path]);
  return { answer: { got, failure, load, set }, next, more: async () => (next ? read(next, got ?? []) : undefined) };
}
