import { signal } from "@preact/signals";
import { put, request } from "../api/client";
import type { Media } from "../api/types";
import { t } from "../i18n";
import { draft, change } from "./compose";
import { complain, say } from "./toast";

export interface Upload {
  key: number;
  name: string;
  /** The bytes have arrived; the home is still working on them. */
  processing: boolean;
  abort: AbortController;
}

export const uploads = signal<Upload[]>([]);
let last = 0;

/** Sends files to the home, as many as still fit. */
export function addFiles(files: Iterable<File>, max: number): void {
  for (const file of files) {
    if (draft.peek().media.length + uploads.peek().length >= max) {
      say(t().compose.tooMany(max), { bad: true });
      return;
    }
    void upload(file);
  }
}

async function upload(file: File): Promise<void> {
  const u: Upload = { key: ++last, name: file.name, processing: false, abort: new AbortController() };
  uploads.value = [...uploads.peek(), u];
  const form = new FormData();
  form.append("file", file);
  try {
    const response = await request("/api/v2/media", { method: "POST", body: form, signal: u.abort.signal });
    const media = (await response.json()) as Media;
    const ready = response.status === 202 ? await whenReady(media.id, u) : media;
    change({ media: [...draft.peek().media, ready] });
  } catch (e) {
    if (!u.abort.signal.aborted) complain(t().compose.addMedia, e);
  } finally {
    uploads.value = uploads.peek().filter((x) => x.key !== u.key);
  }
}

/** Asks until the home has prepared a video or sound (206: not yet), ever less often, for about five minutes. */
async function whenReady(id: string, u: Upload): Promise<Media> {
  uploads.value = uploads.peek().map((x) => (x.key === u.key ? { ...x, processing: true } : x));
  for (let i = 0; i < 60; i++) {
    await new Promise((done) => setTimeout(done, Math.min(6000, 1000 + i * 250)));
    const response = await request(`/api/v1/media/${id}`, { signal: u.abort.signal });
    if (response.status === 200) return (await response.json()) as Media;
  }
  throw new Error("media not ready in time");
}

export function cancelUpload(u: Upload): void {
  u.abort.abort();
}

/** Stores the description of a medium that is not posted yet. */
export async function describe(id: string, description: string): Promise<void> {
  const kept = draft.peek().media.find((m) => m.id === id);
  if (!kept || (kept.description ?? "") === description) return;
  try {
    const media = await put<Media>(`/api/v1/media/${id}`, { description });
    change({ media: draft.peek().media.map((m) => (m.id === id ? { ...m, description: media.description } : m)) });
  } catch (e) {
    complain(t().post.alt, e);
  }
}

export function removeMedia(id: string): void {
  change({ media: draft.peek().media.filter((m) => m.id !== id) });
}
