import { linkRel } from "./link";

/** Why a request failed; `status` 0 means the home could not be reached. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** Milliseconds since the epoch after which a limited request may be tried again. */
    readonly retryAt?: number,
    /** The whole answer, where it was JSON. */
    readonly body?: unknown,
  ) {
    super(message);
  }
}

/** A page of a list with the path of the next one, null at the end. */
export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface RequestOptions {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Sent as JSON; a FormData or a Blob is sent as it is. */
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

let token = "";
let onRejected: () => void = () => {};

/** Sets the token every request carries, and what to do when the home no longer takes it. */
export function setToken(value: string, rejected: () => void): void {
  token = value;
  onRejected = rejected;
}

/** Requests a path of our own home; throws ApiError for any answer but 2xx. */
export async function request(path: string, options: RequestOptions = {}): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json", ...options.headers };
  const sentToken = token;
  if (sentToken) headers.Authorization = `Bearer ${sentToken}`;
  const init: RequestInit = { method: options.method ?? "GET", headers, credentials: "omit" };
  if (options.signal) init.signal = options.signal;
  if (options.body instanceof FormData || options.body instanceof Blob) init.body = options.body;
  else if (options.body !== undefined) {
    headers["Content-Type"] = "application/json";
    init.body = JSON.stringify(options.body);
  }
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new ApiError(0, "");
  }
  if (response.ok) return response;
  if (response.status === 401 && sentToken && sentToken === token) onRejected();
  throw await failure(response);
}

/** Sends a form and tells how much of it has arrived (0 to 1), which fetch cannot. */
export function send<T>(path: string, form: FormData, signal: AbortSignal, progress: (done: number) => void): Promise<{ status: number; body: T }> {
  return new Promise((resolve, reject) => {
    const x = new XMLHttpRequest();
    x.open("POST", path);
    if (token) x.setRequestHeader("Authorization", `Bearer ${token}`);
    x.setRequestHeader("Accept", "application/json");
    x.upload.onprogress = (e) => e.lengthComputable && progress(e.loaded / e.total);
    x.onerror = () => reject(new ApiError(0, ""));
    x.onabort = () => reject(new DOMException("", "AbortError"));
    x.onload = () => {
      const answer = new Response(x.responseText, { status: x.status < 200 || x.status === 204 ? 500 : x.status });
      if (x.status === 401) onRejected();
      if (answer.ok) answer.json().then((body) => resolve({ status: x.status, body: body as T }), () => reject(new ApiError(x.status, "")));
      else void failure(answer).then(reject);
    };
    signal.addEventListener("abort", () => x.abort());
    x.send(form);
  });
}

async function failure(response: Response): Promise<ApiError> {
  let message = "";
  let body: unknown;
  try {
    body = await response.json();
    if (body && typeof body === "object" && "error" in body) message = String(body.error).slice(0, 500);
    if (body && typeof body === "object" && "error_description" in body) message = String(body.error_description).slice(0, 500);
  } catch {
    // No JSON (a proxy's page): the status alone has to do.
  }
  const reset = Date.parse(response.headers.get("X-RateLimit-Reset") ?? "");
  return new ApiError(response.status, message, Number.isNaN(reset) ? undefined : reset, body);
}

async function json<T>(path: string, options: RequestOptions): Promise<T> {
  return (await (await request(path, options)).json()) as T;
}

export const get = <T>(path: string, signal?: AbortSignal): Promise<T> => json<T>(path, signal ? { signal } : {});
export const post = <T>(path: string, body?: unknown, headers?: Record<string, string>): Promise<T> =>
  json<T>(path, { method: "POST", body, ...(headers && { headers }) });
export const put = <T>(path: string, body: unknown): Promise<T> => json<T>(path, { method: "PUT", body });
export const patch = <T>(path: string, body: unknown): Promise<T> => json<T>(path, { method: "PATCH", body });
export const del = <T>(path: string): Promise<T> => json<T>(path, { method: "DELETE" });

/** One page of a list. The way on is only the `Link` header: its ids need not be those of the items. */
export async function page<T>(path: string, signal?: AbortSignal): Promise<Page<T>> {
  const response = await request(path, signal ? { signal } : {});
  const items = (await response.json()) as T[];
  return { items, next: linkRel(response.headers.get("Link"), "next", location.origin) };
}
