// Everything that was posted to an inbox, with what is to be said of its signature, whether it was accepted or not.
import { verifyRequestDetailed } from "@fedify/fedify";

export class Record {
  #entries = [];
  #waiting = new Set();

  /**
   * Adds { activity, path, status, signature, verified, reason, keyId }: `activity` is the JSON as it came,
   * `signature` the specification used ("rfc9421", "draft-cavage-http-signatures-12" or ""), `verified` whether the
   * HTTP signature holds, `status` what the sender was answered.
   */
  add(entry) {
    this.#entries.push({ seq: this.#entries.length + 1, ...entry });
    for (const wake of this.#waiting) wake();
  }

  /** The entries after number `after`; when there are none yet, waits for one up to `wait` milliseconds. */
  async after(after, wait) {
    if (this.#entries.length <= after && wait > 0) {
      await new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer);
          this.#waiting.delete(done);
          resolve();
        };
        const timer = setTimeout(done, wait);
        this.#waiting.add(done);
      });
    }
    return this.#entries.slice(after);
  }
}

/** Checks the HTTP signature on its own: Fedify is content with an integrity proof and would not look at it. */
export async function inspect(request, ctx, identifier, keyCache) {
  const signature = request.headers.has("signature-input")
    ? "rfc9421"
    : request.headers.has("signature") ? "draft-cavage-http-signatures-12" : "";
  const result = await verifyRequestDetailed(request, {
    documentLoader: await ctx.getDocumentLoader({ identifier }),
    contextLoader: ctx.contextLoader,
    keyCache,
  });
  return {
    signature,
    verified: result.verified,
    keyId: (result.verified ? result.key.id : result.reason.keyId)?.href ?? "",
    reason: result.verified ? "" : result.reason.type,
  };
}

/** Keys that were found once are not asked for again; failures are. */
export function newKeyCache() {
  const keys = new Map();
  return {
    get: async (id) => keys.get(id.href),
    set: async (id, key) => { key ? keys.set(id.href, key) : keys.delete(id.href); },
  };
}
