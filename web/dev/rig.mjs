// The client in Chromium against the fake home: what behave.mjs checks it with.
import assert from "node:assert/strict";
import { startChromium, startFake } from "./browser.mjs";

const port = 5197;
export const origin = `http://localhost:${port}`;
export const fake = await startFake(port);
export const browser = await startChromium();
let failed = 0;
export const failures = () => failed;

export async function check(name, run, { width = 1400, height = 900 } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, locale: "en", reducedMotion: "reduce", permissions: ["clipboard-write"] });
  const page = await context.newPage();
  page.setDefaultTimeout(5000);
  const errors = [];
  page.on("pageerror", (e) => errors.push(String(e)));
  try {
    await page.goto(`${origin}/deck`);
    await page.waitForSelector("[data-column=home] .post");
    await run(page);
    assert.deepEqual(errors, []);
    console.log(`ok   ${name}`);
  } catch (e) {
    failed++;
    console.log(`FAIL ${name}\n${e.message}`);
  }
  await context.close();
}

export const home = (page) => page.locator("[data-column=home]");
export const post = (page, words) => home(page).locator(".post", { hasText: words }).first();
export const arrive = (page) => page.request.post(`${origin}/fake/arrive`);
export const focused = (page) => page.evaluate(() => document.activeElement.closest("[data-post]")?.dataset.post ?? document.activeElement.tagName);
