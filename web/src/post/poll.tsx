import { useId, useState } from "preact/hooks";
import type { Poll } from "../api/types";
import { locale, t } from "../i18n";
import { until } from "../i18n/time";
import { refreshPoll, vote } from "../state/actions";
import { now } from "../state/clock";
import { Icon } from "../ui/icon";
import { EmojiText } from "./name";

/** Share of the voters (or votes) in per cent, whole. */
export function share(votes: number | null, poll: Pick<Poll, "voters_count" | "votes_count">): number {
  const all = poll.voters_count ?? poll.votes_count;
  return all && votes ? Math.min(100, Math.round((votes / all) * 100)) : 0;
}

export function PollView({ postId, poll, own }: { postId: string; poll: Poll; own: boolean }) {
  const [peek, setPeek] = useState(false);
  const [choices, setChoices] = useState<number[]>([]);
  const [sending, setSending] = useState(false);
  const group = useId();
  const ends = poll.expires_at ? Date.parse(poll.expires_at) : Number.NaN;
  const closed = poll.expired || ends <= now.value;
  const results = closed || own || poll.voted || peek;
  const choose = (i: number, on: boolean): void =>
    setChoices(poll.multiple ? (on ? [...choices, i] : choices.filter((c) => c !== i)) : [i]);
  const send = async (): Promise<void> => {
    setSending(true);
    await vote(postId, poll, choices);
    setSending(false);
  };
  return (
    <div class="poll" onClick={(e) => e.stopPropagation()}>
      <ul>
        {poll.options.map((o, i) => (
          <li key={i}>
            {results ? (
              <Result option={o} poll={poll} mine={poll.own_votes?.includes(i) ?? false} />
            ) : (
              <label class="poll-choice">
                <input type={poll.multiple ? "checkbox" : "radio"} name={group} checked={choices.includes(i)} onChange={(e) => choose(i, e.currentTarget.checked)} />
                <span>
                  <EmojiText text={o.title} emojis={poll.emojis} />
                </span>
              </label>
            )}
          </li>
        ))}
      </ul>
      <div class="poll-foot">
        {!results && (
          <button type="button" class="button small primary" disabled={!choices.length || sending} onClick={() => void send()}>
            {t().poll.vote}
          </button>
        )}
        {!results && (
          <button type="button" class="text-button" onClick={() => setPeek(true)}>
            {t().poll.results}
          </button>
        )}
        {results && !closed && (
          <button type="button" class="text-button" onClick={() => (peek && !poll.voted && !own ? setPeek(false) : void refreshPoll(postId, poll))}>
            {peek && !poll.voted && !own ? t().back : t().poll.refresh}
          </button>
        )}
        <span class="faint">
          {poll.voters_count === null ? t().poll.votes(poll.votes_count) : t().poll.voters(poll.voters_count)}
          {" · "}
          {closed ? t().poll.closed : Number.isNaN(ends) ? "" : t().poll.closes(until(locale(), ends, now.value))}
        </span>
      </div>
    </div>
  );
}

function Result({ option, poll, mine }: { option: Poll["options"][number]; poll: Poll; mine: boolean }) {
  const percent = share(option.votes_count, poll);
  return (
    <div class={mine ? "poll-result mine" : "poll-result"}>
      <meter class="hidden" min={0} max={100} value={percent} aria-label={option.title} />
      <span class="poll-bar" aria-hidden="true" style={{ width: `${percent}%` }} />
      <span class="poll-percent">{option.votes_count === null ? "" : `${percent}%`}</span>
      <span class="poll-title">
        <EmojiText text={option.title} emojis={poll.emojis} />
        {mine && (
          <span role="img" aria-label={t().poll.mine} title={t().poll.mine}>
            <Icon name="check" />
          </span>
        )}
      </span>
    </div>
  );
}
