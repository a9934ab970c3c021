import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { ApiError } from "../api/client";
import { PostCard } from "../post/post";
import { getPost } from "../state/store";
import { loadThread, threadOf, threadScroll } from "../state/thread";
import { Failure, Skeleton } from "../ui/feedback";

/** Replies are set in by two steps at most. */
const DEEPEST = 2;

/** The opened post with what it answers above and its answers below. */
export function ThreadView({ id }: { id: string }) {
  const box = useRef<HTMLDivElement>(null);
  return (
    <div class="feed" ref={box} tabIndex={-1} onScroll={() => threadScroll.set(id, box.current?.scrollTop ?? 0)}>
      <Lines id={id} box={box} />
    </div>
  );
}

function Lines({ id, box }: { id: string; box: { current: HTMLElement | null } }) {
  const thread = threadOf(id).value;
  const post = getPost(id);
  const chosen = useRef<HTMLDivElement>(null);
  const settled = useRef(false);
  useEffect(() => void loadThread(id), [id]);
  // Back returns to the very line; else the opened post stays in sight while ancestors come in above it.
  useLayoutEffect(() => {
    const kept = threadScroll.get(id);
    if (!kept || !box.current) return;
    box.current.scrollTop = kept;
    settled.current = true;
  }, []);
  useLayoutEffect(() => {
    if (settled.current || !thread.ancestors.length) return;
    settled.current = true;
    chosen.current?.scrollIntoView({ block: "start" });
  }, [thread.ancestors.length]);
  const retry = (): void => void loadThread(id);
  if (!post) return thread.loaded ? <Failure error={thread.failure ?? new ApiError(404, "")} retry={retry} /> : <Skeleton rows={2} />;
  return (
    <div class="thread">
      {thread.ancestors.map((a) => (
        <PostCard key={a} id={a} inThread class="ancestor" />
      ))}
      <div ref={chosen} class="thread-chosen">
        <PostCard id={id} chosen />
      </div>
      {thread.failure !== null && <Failure error={thread.failure} retry={retry} />}
      {!thread.loaded && <Skeleton rows={2} />}
      {thread.replies.map((r) => (
        <PostCard key={r.id} id={r.id} inThread class={`reply-depth d${Math.min(r.depth - 1, DEEPEST)}`} />
      ))}
    </div>
  );
}
