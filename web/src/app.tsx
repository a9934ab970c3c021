import { useEffect } from "preact/hooks";
import { Deck } from "./column/deck";
import { locale, t } from "./i18n";
import { instance, logIn, session, startSession } from "./state/session";
import { Skeleton, Toasts } from "./ui/feedback";
import { Icon } from "./ui/icon";

export function App() {
  const s = session.value;
  useEffect(() => {
    document.title = instance()?.title ? `${instance()!.title} · Engawa` : "Engawa";
  }, [s, locale()]);
  return (
    <>
      {s.state === "in" ? <Deck /> : <Door />}
      <Toasts />
    </>
  );
}

/** What stands before the deck: the way in, or why it is closed just now. */
function Door() {
  const s = session.value;
  const words = t().session;
  if (s.state === "starting") return <main class="door"><Skeleton rows={1} /></main>;
  const away = s.state === "unreachable";
  const failure = s.state === "out" ? s.failure : undefined;
  return (
    <main class="door">
      <div class="door-card">
        <span class="door-mark">
          <Icon name="veranda" />
        </span>
        <h1>{words.title}</h1>
        <p>{away ? words.unreachable : words.lead}</p>
        {failure && (
          <p class="notice-box" role="alert">
            {failure.kind === "server" ? words.server(failure.message) : words[failure.kind]}
          </p>
        )}
        <div class="row">
          <button type="button" class="button primary" onClick={() => void (away ? startSession() : logIn())}>
            {away ? t().retry : words.logIn}
          </button>
          <a class="button" href="/">
            {words.front}
          </a>
        </div>
      </div>
    </main>
  );
}
