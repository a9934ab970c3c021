import { signal } from "@preact/signals";
import { put, request, send } from "../api/client";
import type { Media } from "../api/types";
import { t } from "../i18n";
import { m } from "../i18n/more";
import { draft, change } from "./compose";
import { instance } from "./session";
import { complain, say } from "./toast";

export interface Upload {
  key: number;
  name: string;
  /** The bytes have arrived; the home is still working on them. */
  processing: boolean;
  /** How much of it has arrived, 0 to 1. */
  done: number;
  abort: AbortController;
}

export const uploads = signal<Upload[]>([]);
let last = 0;

/** Sends files to the home, as many as still fit. */
export function addFiles(files: Iterable<File>, max: number): void {
  const limit = instance()?.configuration.media_attachments?.image_size_limit;
  for (const file of files) {
    if (limit && file.type.startsWith("image/") && file.size > limit) {
      say(m().compose.fileTooLarge(file.name, Math.floor(limit / 1e6)), { bad: true });
      continue;
    }
    if (draft.peek().media.length + uploads.peek().length >= max) {
      say(m().compose.tooMany(max), { bad: true });
      return;
    }
    void upload(file);
  }
}

async function upload(file: File): Promise<void> {
  const u: Upload = { key: ++last, name: file.name, processing: false, done: 0, abort: new AbortController() };
  uploads.value = [...uploads.peek(), u];
  const form = new FormData();
  form.append("file", file);
  try {
    const answer = await send<Media>("/api/v2/media", form, u.abort.signal, (done) => (uploads.value = uploads.peek().map((x) => (x.key === u.key ? { ...x, done } : x))));
    const media = answer.body;
    const ready = answer.status === 202 ? await whenReady(media.id, u) : media;
    change({ media: [...draft.peek().media, ready] });
  } catch (e) {
    if (!u.abort.signal.aborted) complain(m().compose.addMedia, e);
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
