import type { ComponentChildren } from "preact";
import { Failure, Skeleton } from "../ui/feedback";
import type { Answer } from "./useanswer";

/** Draws what was loaded, or that it is loading, or why it is not there. */
export function Loaded<T>({ answer, children }: { answer: Answer<T>; children(got: T): ComponentChildren }) {
  if (answer.failure) return <Failure error={answer.failure} retry={answer.load} />;
  if (answer.got === null) return <Skeleton rows={1} />;
  return <>{children(answer.got)}</>;
}

/** One of a few choices, as a row of a form. */
export function Choice<T extends string>({ label, value, options, set }: { label: string; value: T; options: readonly (readonly [T, string])[]; set(next: T): void }) {
  return (
    <label class="field">
      <span>{label}</span>
      <select value={value} onChange={(e) => set(options[e.currentTarget.selectedIndex]![0])}>
        {options.map(([v, name]) => (
          <option key={v} value={v}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
