import { useEffect, useState } from "preact/hooks";
import { helpOpen } from "../keys/keys";
import { t } from "../i18n";
import { compose, composing } from "../state/compose";
import { live } from "../state/live";
import { peeked } from "../state/peek";
import { route } from "../state/route";
import { settings } from "../state/settings";
import { Dialog } from "../ui/dialog";
import { later } from "../ui/later";
import { Icon } from "../ui/icon";
import { Column, ColumnHead } from "./column";
import { Detail } from "./detail";
import { addingColumn, watchSwipe } from "./place";
import { BottomBar, Rail } from "./rail";

const Composer = later(() => import("../compose/composer").then((x) => x.Composer));
const Help = later(() => import("../keys/help").then((x) => x.Help), 0);

const AddColumn = later(() => import("./addcolumn").then((x) => x.AddColumn), 0);
const ProfilePeek = later(() => import("../post/peek").then((x) => x.ProfilePeek), 0);

/** What is likely wanted soon, once the first posts are drawn. */
const soon = (): void => void Composer.fetch();

const NARROW = "(max-width: 759px)";

/** Is there room for one column only? */
function useNarrow(): boolean {
  const [narrow, set] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const query = matchMedia(NARROW);
    const changed = (): void => set(query.matches);
    query.addEventListener("change", changed);
    return () => query.removeEventListener("change", changed);
  }, []);
  return narrow;
}

export function Deck() {
  const narrow = useNarrow();
  useEffect(() => {
    const timer = setTimeout(soon, 2000);
    return () => clearTimeout(timer);
  }, []);
  const covered = narrow && route.value.name !== "deck";
  return (
    <div class={narrow ? "shell narrow" : "shell"}>
      {!narrow && <Rail />}
      {!narrow && composing.value && <ComposeColumn />}
      <main class="deck" inert={covered} onScroll={(e) => narrow && watchSwipe(e.currentTarget)}>
        {settings.value.columns.map((id) => (
          <Column key={id} id={id} />
        ))}
      </main>
      <Detail />
      {narrow && !covered && (
        <button type="button" class="float" aria-label={t().places.compose} title={t().places.compose} onClick={compose}>
          <Icon name="pen" />
        </button>
      )}
      {narrow && <BottomBar />}
      {narrow && composing.value && (
        <Dialog title={t().compose.title} sheet onClose={() => (composing.value = false)}>
          <Composer />
        </Dialog>
      )}
      {live.value === "broken" && (
        <p class="live-note" role="status">
          {t().live.broken}
        </p>
      )}
      {helpOpen.value && <Help />}
      {addingColumn.value && <AddColumn onClose={() => (addingColumn.value = false)} />}
      {peeked.value && <ProfilePeek {...peeked.value} />}
    </div>
  );
}

function ComposeColumn() {
  const close = (
    <button type="button" class="icon-button" aria-label={t().close} title={t().close} onClick={() => (composing.value = false)}>
      <Icon name="close" />
    </button>
  );
  return (
    <section class="column compose-column" aria-label={t().compose.title}>
      <ColumnHead icon="pen" title={t().compose.title} after={close} />
      <div class="feed">
        <Composer />
      </div>
    </section>
  );
}
