import { render } from "preact";
import { App } from "./app";
import { watchKeys } from "./keys/keys";
import { startClock } from "./state/clock";
import { keepDraft } from "./state/compose";
import { startLive } from "./state/live";
import { watchPeek } from "./state/peek";
import { watchRoute } from "./state/route";
import { startSession } from "./state/session";
import { applySettings } from "./state/settings";
import "./style/index.css";

/** Begins once the language is there. */
function begin(): void {
  startClock();
  keepDraft();
  startLive();
  watchKeys();
  watchPeek();
  void startSession().then(watchRoute);
  render(<App />, document.getElementById("app")!);
}

void applySettings().then(begin);
