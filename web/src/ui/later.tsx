import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Failure, Skeleton } from "./feedback";

type Loaded<P> = { component: ComponentType<P> } | { failure: unknown } | null;

export interface Later<P> {
  (props: P): preact.JSX.Element;
  /** Loads it before it is wanted. */
  fetch(): Promise<void>;
}

/**
 * A component in a file of its own, loaded when it is first drawn; from then
 * on it is there at once. While it loads, and when it cannot be loaded (the
 * network is away), the place says so.
 */
export function later<P extends object>(load: () => Promise<ComponentType<P>>, rows = 1): Later<P> {
  let known: Loaded<P> = null;
  const fetch = async (): Promise<void> => {
    if (known && "component" in known) return;
    try {
      known = { component: await load() };
    } catch (failure) {
      known = { failure };
    }
  };
  const Later = (props: P) => {
    const [state, set] = useState<Loaded<P>>(known && "component" in known ? known : null);
    const start = (): void => {
      set(null);
      void fetch().then(() => set(known));
    };
    useEffect(() => {
      if (!state) start();
    }, []);
    if (!state) return <Skeleton rows={rows} />;
    if ("failure" in state) return <Failure error={state.failure} retry={start} />;
    const Inner = state.component;
    return <Inner {...props} />;
  };
  return Object.assign(Later, { fetch });
}
