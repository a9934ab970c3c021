import { useEffect, useState } from "preact/hooks";
import { ApiError, del, get, post, put } from "../api/client";
import type { PushSubscriptionInfo } from "../api/types";
import { m } from "../i18n/more";
import { problem } from "../i18n/problem";
import { instance } from "../state/session";
import { Skeleton } from "../ui/feedback";

const alerts = ["mention", "reblog", "favourite", "reaction", "follow", "follow_request", "poll", "quote", "update"] as const;

type State = { at: "asking" | "unable" | "off" } | { at: "on"; info: PushSubscriptionInfo } | { at: "failed"; error: unknown };

const able = (): boolean => "serviceWorker" in navigator && "PushManager" in globalThis && "Notification" in globalThis && Boolean(instance()?.configuration.vapid?.public_key);

/** Notifications to this device while the deck is closed: on, off, and which. */
export function PushSettings() {
  const [state, setState] = useState<State>({ at: "asking" });
  const [busy, setBusy] = useState(false);
  const words = m().push;
  const look = async (): Promise<void> => {
    if (!able()) return setState({ at: "unable" });
    setState({ at: "asking" });
    try {
      const here = await (await navigator.serviceWorker.getRegistration("/deck/"))?.pushManager.getSubscription();
      if (!here) return setState({ at: "off" });
      setState({ at: "on", info: await get<PushSubscriptionInfo>("/api/v1/push/subscription") });
    } catch (error) {
      setState(error instanceof ApiError && error.status === 404 ? { at: "off" } : { at: "failed", error });
    }
  };
  useEffect(() => void look(), []);
  const run = async (what: () => Promise<State>): Promise<void> => {
    setBusy(true);
    try {
      setState(await what());
    } catch (error) {
      setState({ at: "failed", error });
    }
    setBusy(false);
  };
  const toggle = (info: PushSubscriptionInfo, key: string, on: boolean): void =>
    void run(async () => ({ at: "on", info: await put<PushSubscriptionInfo>("/api/v1/push/subscription", { data: { alerts: { ...info.alerts, [key]: on } } }) }));
  switch (state.at) {
    case "asking":
      return <Skeleton rows={1} />;
    case "unable":
      return <p class="pad">{words.unable}</p>;
    case "failed":
      return (
        <div class="notice-box" role="alert">
          <p>{state.error instanceof Denied ? words.denied : state.error instanceof ApiError && state.error.status === 403 ? words.oldKey : problem(state.error)}</p>
          <button type="button" class="button" onClick={() => void look()}>
            {words.again}
          </button>
        </div>
      );
    case "off":
      return (
        <p class="pad">
          <button type="button" class="button primary" disabled={busy} onClick={() => void run(turnOn)}>
            {words.on}
          </button>
        </p>
      );
    case "on":
      return (
        <div class="stack pad">
          {alerts.map((a) => (
            <label class="check" key={a}>
              <input type="checkbox" checked={state.info.alerts[a] ?? false} disabled={busy} onChange={(e) => toggle(state.info, a, e.currentTarget.checked)} />
              {words.alerts[a]}
            </label>
          ))}
          <button type="button" class="button" disabled={busy} onClick={() => void run(turnOff)}>
            {words.off}
          </button>
        </div>
      );
  }
}

/** The browser, or the person, does not allow notifications. */
class Denied extends Error {}

async function turnOn(): Promise<State> {
  if ((await Notification.requestPermission()) !== "granted") throw new Denied();
  const registration = await navigator.serviceWorker.register("/deck/sw.js", { scope: "/deck/" });
  await ready(registration);
  const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(instance()!.configuration.vapid!.public_key!) });
  try {
    const { endpoint, keys } = subscription.toJSON();
    const info = await post<PushSubscriptionInfo>("/api/v1/push/subscription", {
      subscription: { endpoint, keys, standard: true },
      data: { policy: "all", alerts: Object.fromEntries(alerts.map((a) => [a, true])) },
    });
    return { at: "on", info };
  } catch (e) {
    await subscription.unsubscribe();
    throw e;
  }
}

async function turnOff(): Promise<State> {
  await del("/api/v1/push/subscription");
  const registration = await navigator.serviceWorker.getRegistration("/deck/");
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
  await registration?.unregister();
  return { at: "off" };
}

/** Waits until the worker is in charge; a subscription needs that. */
function ready(r: ServiceWorkerRegistration): Promise<void> {
  const worker = r.active ?? r.waiting ?? r.installing;
  if (r.active || !worker) return Promise.resolve();
  return new Promise((done) => worker.addEventListener("statechange", () => worker.state === "activated" && done()));
}

/** The bytes of a text in base64url. */
export function bytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (c) => c.charCodeAt(0));
}
