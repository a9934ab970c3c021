import { m } from "../i18n/more";

const ROUND = 2 * Math.PI * 9;

/** A ring that fills with the text; the number stands in it near the end. */
export function Ruler({ left, max }: { left: number; max: number }) {
  const used = Math.min(1, Math.max(0, (max - left) / max));
  const words = left >= 0 ? m().compose.left(left) : m().compose.over(-left);
  const near = left <= Math.min(50, max / 10);
  return (
    <span class={left < 0 ? "ruler over" : near ? "ruler near" : "ruler"} role="img" aria-label={words} title={words}>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <circle class="ruler-ground" cx="12" cy="12" r="9" />
        <circle class="ruler-fill" cx="12" cy="12" r="9" stroke-dasharray={`${used * ROUND} ${ROUND}`} transform="rotate(-90 12 12)" />
      </svg>
      {near && <span class="ruler-number">{left}</span>}
    </span>
  );
}
