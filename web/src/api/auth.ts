import { ApiError, post } from "./client";

// OAuth 2.0 authorization code with PKCE (RFC 6749 4.1, RFC 7636) against our own home.
// Where the code comes back to must equal the registered redirect_uri exactly.

const APP = "engawa.app";
const FLOW = "engawa.flow";
const SCOPES = "read write follow push";

interface App {
  client_id: string;
  client_secret: string;
  redirect_uri: string;
  /** What it was registered for; an app of before may lack what the deck asks for now. */
  scopes?: string;
}

interface Flow {
  state: string;
  verifier: string;
  /** The place in the deck to come back to (location.hash). */
  hash: string;
}

export type AuthFailure = "insecure" | "denied" | "state" | "server";

export class AuthError extends Error {
  constructor(
    readonly kind: AuthFailure,
    message = "",
  ) {
    super(message);
  }
}

export const redirectUri = (): string => `${location.origin}/deck`;

/** Sends the browser to the home's consent page. Resolves only if that is impossible, by throwing AuthError. */
export async function startLogin(): Promise<void> {
  if (!globalThis.crypto?.subtle) throw new AuthError("insecure");
  const app = await knownApp();
  const flow: Flow = { state: randomText(16), verifier: randomText(32), hash: location.hash };
  sessionStorage.setItem(FLOW, JSON.stringify(flow));
  const query = new URLSearchParams({
    response_type: "code",
    client_id: app.client_id,
    redirect_uri: app.redirect_uri,
    scope: SCOPES,
    state: flow.state,
    code_challenge: await challenge(flow.verifier),
    code_challenge_method: "S256",
    lang: document.documentElement.lang,
  });
  location.assign(`/oauth/authorize?${query}`);
}

/** If the address carries an answer of the consent page, exchanges it for a token; else null. */
export async function finishLogin(): Promise<string | null> {
  const query = new URLSearchParams(location.search);
  const code = query.get("code");
  const error = query.get("error");
  if (!code && !error) return null;
  const flow = readJson<Flow>(sessionStorage, FLOW);
  sessionStorage.removeItem(FLOW);
  history.replaceState(null, "", `/deck${flow?.hash ?? ""}`);
  if (!flow || query.get("state") !== flow.state) throw new AuthError("state");
  if (error || !code) throw new AuthError(error === "access_denied" ? "denied" : "server", query.get("error_description") ?? error ?? "");
  const app = readJson<App>(localStorage, APP);
  if (!app) throw new AuthError("state");
  try {
    const token = await post<{ access_token: string }>("/oauth/token", {
      grant_type: "authorization_code",
      client_id: app.client_id,
      client_secret: app.client_secret,
      redirect_uri: app.redirect_uri,
      code_verifier: flow.verifier,
      code,
    });
    return token.access_token;
  } catch (e) {
    throw new AuthError("server", e instanceof ApiError ? e.message : "");
  }
}

/** Ends the token at the home. Failure is no reason to stay logged in here. */
export async function revoke(token: string): Promise<void> {
  const app = readJson<App>(localStorage, APP);
  if (!app) return;
  try {
    await post("/oauth/revoke", { client_id: app.client_id, client_secret: app.client_secret, token });
  } catch {
    // The token is forgotten here in any case.
  }
}

/** The registered app; registered again when the home no longer knows it (a new database at the same address). */
async function knownApp(): Promise<App> {
  const app = readJson<App>(localStorage, APP);
  if (app?.redirect_uri === redirectUri() && app.scopes === SCOPES && (await stillKnown(app))) return app;
  try {
    const made = await post<App>("/api/v1/apps", {
      client_name: "Engawa",
      redirect_uris: redirectUri(),
      scopes: SCOPES,
      website: location.origin,
    });
    const fresh: App = { client_id: made.client_id, client_secret: made.client_secret, redirect_uri: redirectUri(), scopes: SCOPES };
    localStorage.setItem(APP, JSON.stringify(fresh));
    return fresh;
  } catch (e) {
    throw new AuthError("server", e instanceof ApiError ? e.message : "");
  }
}

async function stillKnown(app: App): Promise<boolean> {
  try {
    await post("/oauth/token", {
      grant_type: "client_credentials",
      client_id: app.client_id,
      client_secret: app.client_secret,
      scope: "read",
    });
    return true;
  } catch (e) {
    if (e instanceof ApiError && (e.status === 0 || e.status >= 500 || e.status === 429)) throw new AuthError("server", e.message);
    return false;
  }
}

async function challenge(verifier: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  return base64url(new Uint8Array(digest));
}

function randomText(bytes: number): string {
  return base64url(crypto.getRandomValues(new Uint8Array(bytes)));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function readJson<T>(storage: Storage, key: string): T | null {
  try {
    return JSON.parse(storage.getItem(key) ?? "null") as T | null;
  } catch {
    return null;
  }
}
