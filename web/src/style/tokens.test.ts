import { expect, test } from "vitest";
import css from "./tokens.css?raw";

// Every text colour on every ground, as WCAG 2.2 (1.4.3, 1.4.6) counts it.

const normal = css.slice(css.indexOf(":root {"), css.indexOf('[data-theme="light"]'));
const more = css.slice(css.indexOf('[data-contrast="more"]'), css.indexOf("@media (prefers-contrast"));
const bySystem = css.slice(css.indexOf("@media (prefers-contrast"), css.indexOf("@media (prefers-reduced-motion"));

function tokens(text: string, night: boolean): Map<string, string> {
  return new Map([...text.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map((m) => [m[1]!, m[night ? 3 : 2]!]));
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const v = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const texts = ["ink", "ink-2", "wood", "leaf", "plum", "ember", "sky"];
const grounds = ["paper", "mat", "card"];

test.each([
  ["light", normal, false, 4.5],
  ["dark", normal, true, 4.5],
  ["light, high contrast", more, false, 7],
  ["dark, high contrast", more, true, 7],
] as const)("%s", (_, text, night, least) => {
  const t = tokens(text, night);
  for (const ground of grounds) for (const name of texts) expect(contrast(t.get(name)!, t.get(ground)!), `${name} on ${ground}`).toBeGreaterThanOrEqual(least);
  expect(contrast(t.get("on-wood")!, t.get("wood")!), "on-wood").toBeGreaterThanOrEqual(least);
});

test("the system's wish for contrast gives the same as the setting", () => {
  expect(tokens(more, false).size).toBe(12);
  for (const night of [false, true]) expect([...tokens(bySystem, night)]).toEqual([...tokens(more, night)]);
});
