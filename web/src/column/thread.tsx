import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { ApiError } from "../api/client";
import { Failure, Skeleton } from "../ui/feedback";
import { PostCard } from "../post/post";
import { getPost } from "../state/store";
import { loadThread, threadOf } from "../state/thread";

/** Replies are set in by two steps at most. */
const DEEPEST = 2;

/** The opened post with what it answers above and its answers below. */
export function ThreadView({ id }: { id: string }) {
  const thread = threadOf(id).value;
  const post = getPost(id);
  const chosen = useRef<HTMLDivElement>(null);
  const settled = useRef(false);
  useEffect(() => {
    settled.current = false;
    void loadThread(id);
  }, [id]);
  // The opened post stays where it is while ancestors come in above it.
  useLayoutEffect(() => {
    if (settled.current || !thread.ancestors.length) return;
    settled.current = true;
    chosen.current?.scrollIntoView({ block: "start" });
  }, [thread.ancestors.length]);
  if (!post && thread.loaded) return <Failure error={thread.failure ?? new ApiError(404, "")} retry={() => void loadThread(id)} />;
  if (!post) return <Skeleton rows={2} />;
  return (
    <div class="thread">
      {thread.ancestors.map((a) => (
        <PostCard key={a} id={a} class="ancestor" />
      ))}
      <div ref={chosen} class="thread-chosen">
        <PostCard id={id} chosen />
      </div>
      {thread.failure !== null && <Failure error={thread.failure} retry={() => void loadThread(id)} />}
      {!thread.loaded && <Skeleton rows={2} />}
      {thread.replies.map((r) => (
        <PostCard key={r.id} id={r.id} class={`reply-depth d${Math.min(r.depth - 1, DEEPEST)}`} />
      ))}
    </div>
  );
}
