import { signal } from "@preact/signals";
import { AuthError, finishLogin, revoke, startLogin } from "../api/auth";
import { ApiError, get, setToken } from "../api/client";
import type { CredentialAccount, Instance } from "../api/types";

const TOKEN = "engawa.token";
/** Set in this tab once a log-in was tried by itself, so that it never goes round in a circle. */
const TRIED = "engawa.tried";

export type Session =
  | { state: "starting" }
  /** Shown with a button; `failure` says why the last try ended. */
  | { state: "out"; failure?: AuthError }
  | { state: "unreachable" }
  | { state: "in"; token: string; me: CredentialAccount; instance: Instance | null };

export const session = signal<Session>({ state: "starting" });

export const me = (): CredentialAccount | null => (session.value.state === "in" ? session.value.me : null);
export const instance = (): Instance | null => (session.value.state === "in" ? session.value.instance : null);

/** Takes up the kept token, or one that the consent page just gave, or begins a log-in. */
export async function startSession(): Promise<void> {
  session.value = { state: "starting" };
  try {
    const fresh = await finishLogin();
    if (fresh) {
      localStorage.setItem(TOKEN, fresh);
      sessionStorage.removeItem(TRIED);
    }
    const token = localStorage.getItem(TOKEN);
    if (token) return await enter(token);
    if (sessionStorage.getItem(TRIED)) session.value = { state: "out" };
    else await logIn();
  } catch (e) {
    session.value = e instanceof AuthError ? { state: "out", failure: e } : { state: "unreachable" };
  }
}

export async function logIn(): Promise<void> {
  sessionStorage.setItem(TRIED, "1");
  try {
    await startLogin();
  } catch (e) {
    session.value = { state: "out", failure: e instanceof AuthError ? e : new AuthError("server") };
  }
}

async function enter(token: string): Promise<void> {
  setToken(token, leave);
  try {
    const [account, home] = await Promise.all([get<CredentialAccount>("/api/v1/accounts/verify_credentials"), loadInstance()]);
    session.value = { state: "in", token, me: account, instance: home };
  } catch (e) {
    if (!(e instanceof ApiError)) throw e;
    if (e.status === 401 || e.status === 403) session.value = { state: "out", failure: new AuthError("server", e.message) };
    else session.value = { state: "unreachable" };
  }
}

/** Without it the deck still works, with Mastodon's usual limits. */
async function loadInstance(): Promise<Instance | null> {
  try {
    return await get<Instance>("/api/v2/instance");
  } catch {
    return null;
  }
}

/** Takes up a changed profile of one's own. */
export function changeMe(account: CredentialAccount): void {
  const s = session.peek();
  if (s.state === "in") session.value = { ...s, me: account };
}

/** The home no longer takes the token. */
function leave(): void {
  localStorage.removeItem(TOKEN);
  setToken("", () => {});
  session.value = { state: "out" };
}

export async function logOut(): Promise<void> {
  const s = session.peek();
  sessionStorage.setItem(TRIED, "1");
  if (s.state === "in") await revoke(s.token);
  leave();
}
