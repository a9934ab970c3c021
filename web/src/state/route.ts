import { signal } from "@preact/signals";

// What is open beside the columns is in the address (#/…), so that Back, reload and bookmarks work.

export type Route =
  | { name: "deck" }
  | { name: "post"; id: string }
  | { name: "profile"; id: string }
  | { name: "tag"; tag: string }
  | { name: "search"; q: string }
  | { name: "settings"; section?: Section }
  | { name: "bookmarks" | "favourites" };

/** The pages of the settings; none: the look, and the list of the others. */
export const sections = ["profile", "links", "rules", "notifications", "push", "lists", "filters", "mutes", "blocks", "scheduled"] as const;
export type Section = (typeof sections)[number];

const isSection = (s: string): s is Section => (sections as readonly string[]).includes(s);

export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [name, ...rest] = path.split("/");
  const arg = decode(rest.join("/"));
  switch (name) {
    case "post":
    case "profile":
      return /^-?\d{1,20}$/.test(arg) ? { name, id: arg } : { name: "deck" };
    case "tag":
      return arg ? { name, tag: arg } : { name: "deck" };
    case "search":
      return { name, q: new URLSearchParams(query).get("q") ?? "" };
    // Where the home sends people back to who linked an account.
    case "links":
      return { name: "settings", section: "links" };
    case "settings":
      return isSection(arg) ? { name, section: arg } : { name };
    case "bookmarks":
    case "favourites":
      return { name };
    default:
      return { name: "deck" };
  }
}

export function hashOf(r: Route): string {
  switch (r.name) {
    case "deck":
      return "";
    case "post":
    case "profile":
      return `#/${r.name}/${r.id}`;
    case "tag":
      return `#/tag/${encodeURIComponent(r.tag)}`;
    case "search":
      return r.q ? `#/search?${new URLSearchParams({ q: r.q })}` : "#/search";
    case "settings":
      return r.section ? `#/settings/${r.section}` : "#/settings";
    default:
      return `#/${r.name}`;
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

interface Entry {
  depth: number;
}

const depth = (): number => (history.state as Entry | null)?.depth ?? 0;

export const route = signal<Route>({ name: "deck" });

/** What had the focus when each depth was left, so that Back returns to the very line. */
const focusAt = new Map<number, { element: HTMLElement; post: string | undefined }>();

/** Was the place reached by going on (and not by Back)? Then its heading takes the focus. */
export let wentForward = true;

export function watchRoute(): void {
  route.value = parseRoute(location.hash);
  addEventListener("popstate", () => {
    route.value = parseRoute(location.hash);
    wentForward = false;
    const left = focusAt.get(depth());
    if (left) setTimeout(() => restoreFocus(left.element, left.post), 50);
  });
}

export function open(r: Route): void {
  const hash = hashOf(r);
  if (hash === location.hash) return;
  const focus = document.activeElement;
  if (focus instanceof HTMLElement && focus !== document.body) {
    focusAt.set(depth(), { element: focus, post: focus.closest<HTMLElement>("[data-post]")?.dataset.post });
  }
  wentForward = true;
  history.pushState({ depth: depth() + 1 } satisfies Entry, "", location.pathname + hash);
  route.value = r;
}

/** The same element, or, where it was drawn anew meanwhile, the same post. */
function restoreFocus(element: HTMLElement, post: string | undefined): void {
  const target = element.isConnected ? element : post ? document.querySelector<HTMLElement>(`.detail [data-post="${post}"]`) : null;
  target?.focus({ preventScroll: true });
}

/** As open, without a step in the history (typing on in the same search). */
export function replace(r: Route): void {
  history.replaceState(history.state, "", location.pathname + hashOf(r));
  route.value = r;
}

export function back(): void {
  if (depth() > 0) history.back();
  else replace({ name: "deck" });
}

/** Closes everything beside the columns. */
export function closeAll(): void {
  if (depth() > 0) history.go(-depth());
  else if (route.peek().name !== "deck") replace({ name: "deck" });
}
