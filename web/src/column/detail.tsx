import { useEffect, useRef } from "preact/hooks";
import { t } from "../i18n";
import { PostRow } from "../post/post";
import { columnFeed, passingFeed, tagPath, type Feed } from "../state/feeds";
import { back, hashOf, route, wentForward, type Route } from "../state/route";
import { Icon, type IconName } from "../ui/icon";
import { ColumnHead } from "./column";
import { FeedList } from "./feedlist";
import { later } from "../ui/later";

const ProfileView = later(() => import("./profile").then((x) => x.ProfileView));
const SearchView = later(() => import("./search").then((x) => x.SearchView));
const SettingsView = later(() => import("../settings/settings").then((x) => x.SettingsView));
const ThreadView = later(() => import("./thread").then((x) => x.ThreadView), 2);

/** What is open beside the columns; on a narrow screen it covers them, and they keep their place. */
export function Detail() {
  const r = route.value;
  const box = useRef<HTMLElement>(null);
  const key = hashOf(r);
  useEffect(() => {
    if (r.name === "deck" || !wentForward) return;
    // The column it was opened from stays in sight.
    document.activeElement?.closest("[data-column]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (r.name === "search" && !r.q) document.querySelector<HTMLElement>("#search-field")?.focus();
    else box.current?.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
  }, [r.name === "search" ? "search" : key]);
  if (r.name === "deck") return null;
  const { title, icon } = headOf(r);
  return (
    <section ref={box} class="column detail" aria-label={title}>
      <ColumnHead
        icon={icon}
        title={title}
        before={
          <button type="button" class="icon-button" aria-label={t().back} title={t().back} onClick={back}>
            <Icon name="back" />
          </button>
        }
      />
      <Body r={r} key={r.name === "search" ? "search" : key} />
    </section>
  );
}

function headOf(r: Exclude<Route, { name: "deck" }>): { title: string; icon: IconName } {
  const places = t().places;
  switch (r.name) {
    case "post":
      return { title: places.thread, icon: "reply" };
    case "profile":
      return { title: places.profile, icon: "person" };
    case "tag":
      return { title: `#${r.tag}`, icon: "search" };
    case "search":
      return { title: places.search, icon: "search" };
    case "settings":
      return { title: places.settings, icon: "gear" };
    case "bookmarks":
      return { title: places.bookmarks, icon: "bookmark" };
    case "favourites":
      return { title: places.favourites, icon: "star" };
  }
}

function Body({ r }: { r: Exclude<Route, { name: "deck" }> }) {
  switch (r.name) {
    case "post":
      return (
        <ThreadView id={r.id} />
      );
    case "profile":
      return <ProfileView id={r.id} />;
    case "tag":
      return <List feed={passingFeed(tagPath(r.tag))} label={`#${r.tag}`} empty={t().column.empty.posts} />;
    case "search":
      return <SearchView q={r.q} />;
    case "settings":
      return <SettingsView {...(r.section && { section: r.section })} />;
    case "bookmarks":
    case "favourites":
      return <List feed={columnFeed(r.name) as Feed} label={t().places[r.name]} empty={t().column.empty[r.name]} again />;
  }
}

/** `again`: the list may have changed since it was read last, so it is read again when opened. */
function List({ feed, label, empty, again = false }: { feed: Feed; label: string; empty: readonly string[]; again?: boolean }) {
  useEffect(() => {
    if (again && feed.state.peek().next !== undefined) void feed.refresh();
  }, [feed]);
  return <FeedList feed={feed} label={label} row={(id) => <PostRow key={id} id={id} />} empty={empty} fresh={t().column.fresh} />;
}
