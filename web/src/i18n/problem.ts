import { ApiError } from "../api/client";
import { t } from ".";

/** What went wrong and what to do, in the reader's language; the home's own words only where they help. */
export function problem(error: unknown): string {
  const m = t().problem;
  if (!(error instanceof ApiError)) return m.unknown;
  switch (error.status) {
    case 0:
      return m.unreachable;
    case 401:
      return m.loggedOut;
    case 403:
      return m.forbidden;
    case 404:
    case 410:
      return m.gone;
    case 413:
      return m.tooLarge;
    case 422:
      return error.message ? m.refused(error.message) : m.unknown;
    case 429:
      return m.limited(error.retryAt ? Math.max(1, Math.ceil((error.retryAt - Date.now()) / 60_000)) : 1);
    default:
      return error.status >= 500 ? m.server : m.refused(error.message || String(error.status));
  }
}
