import { m } from "../i18n/more";
import { change } from "../state/compose";
import { instance } from "../state/session";
import { Icon } from "../ui/icon";
import type { PollDraft } from "./draft";

const DAY = 86_400;

export const newPoll = (): PollDraft => ({ options: ["", ""], multiple: false, duration: DAY });

const durations = (): [number, string][] => {
  const c = m().compose;
  return [
    [300, c.minutes(5)],
    [1800, c.minutes(30)],
    [3600, c.hours(1)],
    [6 * 3600, c.hours(6)],
    [DAY, c.days(1)],
    [3 * DAY, c.days(3)],
    [7 * DAY, c.days(7)],
  ];
};

export function PollForm({ poll }: { poll: PollDraft }) {
  const limits = instance()?.configuration.polls;
  const max = limits?.max_options ?? 4;
  const words = m().compose;
  const set = (patch: Partial<PollDraft>): void => change({ poll: { ...poll, ...patch } });
  return (
    <fieldset class="poll-form">
      <legend class="hidden">{words.addPoll}</legend>
      {poll.options.map((option, i) => (
        <div class="row" key={i}>
          <input
            type="text"
            aria-label={words.option(i + 1)}
            placeholder={words.option(i + 1)}
            maxLength={limits?.max_characters_per_option ?? 50}
            value={option}
            onInput={(e) => set({ options: poll.options.with(i, e.currentTarget.value) })}
          />
          {poll.options.length > 2 && (
            <button type="button" class="icon-button" aria-label={words.removeOption(i + 1)} onClick={() => set({ options: poll.options.toSpliced(i, 1) })}>
              <Icon name="close" />
            </button>
          )}
        </div>
      ))}
      {poll.options.length < max && (
        <button type="button" class="text-button" onClick={() => set({ options: [...poll.options, ""] })}>
          <Icon name="plus" /> {words.addOption}
        </button>
      )}
      <div class="row between">
        <label class="check">
          <input type="checkbox" checked={poll.multiple} onChange={(e) => set({ multiple: e.currentTarget.checked })} />
          {words.multiple}
        </label>
        <label class="row">
          <span class="faint small-text">{words.duration}</span>
          <select value={String(poll.duration)} onChange={(e) => set({ duration: Number(e.currentTarget.value) })}>
            {durations().map(([seconds, name]) => (
              <option key={seconds} value={String(seconds)}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </div>
    </fieldset>
  );
}
