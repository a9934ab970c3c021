// Pictures of the client in Chromium against the fake home, into .shots/: `npm run build && npm run shots`.
// Fails on any error the page reports (a broken Content-Security-Policy among them), on a request
// to another host, and on what axe-core finds.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { startChromium, startFake } from "./browser.mjs";

const port = 5198;
const origin = `http://localhost:${port}`;
const out = new URL("../.shots/", import.meta.url).pathname;
mkdirSync(out, { recursive: true });
const only = process.argv[2];

const fake = await startFake(port);
const browser = await startChromium();
const problems = [];
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe-core finds wrong with the page as it stands (WCAG 2.2 A and AA). */
async function judge(name, page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }));
  for (const v of found.violations) problems.push(`${name}: ${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join(" | ")}`);
}

async function open(name, { width, height = 900, locale = "ja-JP", dark = false, settings = {} }, steps = async () => {}) {
  if (only && !name.includes(only)) return;
  const context = await browser.newContext({ viewport: { width, height }, locale, colorScheme: dark ? "dark" : "light", hasTouch: width < 760, reducedMotion: "reduce" });
  const page = await context.newPage();
  page.on("pageerror", (e) => problems.push(`${name}: ${e}`));
  page.on("console", (m) => m.type() === "error" && !/status of 403|status of 404/.test(m.text()) && problems.push(`${name}: ${m.text()}`));
  page.on("request", (r) => !r.url().startsWith(origin) && problems.push(`${name}: asked ${r.url()}`));
  await page.addInitScript((s) => localStorage.setItem("engawa.settings", JSON.stringify(s)), settings);
  await page.goto(`${origin}/deck`);
  await page.waitForSelector(".post");
  await steps(page);
  await page.waitForTimeout(400);
  await judge(name, page);
  await page.screenshot({ path: `${out}${name}.png` });
  await context.close();
  console.log(name);
}

const wide = { width: 1400 };
const narrow = { width: 390, height: 844 };
const post = (page, words) => page.locator(".post", { hasText: words }).first();

try {
  await open("wide-light-ja", wide);
  await open("wide-dark-en", { ...wide, locale: "en-GB", dark: true });
  await open("wide-contrast-ja", { ...wide, settings: { contrast: true, counts: true } });
  await open("wide-compose-ja", wide, async (page) => {
    await page.keyboard.press("n");
    await page.locator("#compose-text").fill("今日は縁側で本を読みます。".repeat(36));
    await page.getByRole("button", { name: "投票をつける" }).click();
    await page.getByRole("button", { name: "注意書き" }).click();
    await page.locator("input[type=file]").setInputFiles({ name: "niwa.png", mimeType: "image/png", buffer: Buffer.from("x") });
    await page.waitForSelector(".attachment textarea");
  });
  await open("wide-thread-ja", wide, async (page) => {
    await page.locator(".notice.of-mention .post").first().click();
    await page.waitForSelector(".thread .ancestor");
  });
  await open("wide-profile-en-dark", { ...wide, locale: "en", dark: true }, async (page) => {
    await page.locator(".post .avatar").first().click();
    await page.waitForSelector(".profile-name");
  });
  await open("wide-search-ja", wide, async (page) => {
    await page.keyboard.press("/");
    await page.locator("#search-field").fill("庭");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".person");
  });
  await open("wide-settings-ja", wide, async (page) => page.getByRole("button", { name: "設定" }).click());
  for (const [name, wait] of [["links", ".link-card"], ["rules", ".rules li"], ["filters", ".link-card"], ["mutes", ".person"], ["blocks", ".person"], ["lists", ".link-card"], ["profile", ".profile-field, [name]"], ["notifications", ".request"], ["push", ".page"], ["scheduled", ".link-card"]]) {
    const go = async (page) => {
      await page.evaluate((n) => (location.hash = `#/settings/${n}`), name);
      await page.waitForSelector(".detail .page");
      await page.waitForTimeout(500);
      if (name === "rules") {
        await page.locator(".page form button").first().click();
        await page.waitForSelector(".trial li");
      }
      if (name === "links") await page.locator(".link-begin select").last().selectOption("bluesky");
      if (name === "filters" || name === "lists") await page.locator(".link-card button").first().click();
    };
    await open(`wide-settings-${name}-ja`, wide, go);
    await open(`narrow-settings-${name}-en-dark`, { ...narrow, locale: "en", dark: true }, go);
  }
  const picker = async (page) => {
    await post(page, "霜が降りて").locator(".action.react").click();
    await page.waitForSelector(".picker-grid");
  };
  await open("wide-picker-ja", wide, picker);
  await open("narrow-picker-en-dark", { ...narrow, locale: "en", dark: true }, picker);
  await open("wide-picker-found-en", { ...wide, locale: "en" }, async (page) => {
    await picker(page);
    await page.locator(".picker-search").fill("tea");
  });
  await open("wide-who-ja", wide, async (page) => {
    await post(page, "霜が降りて").locator(".actions [aria-haspopup]").click();
    await page.getByRole("menuitem", { name: "リアクションした人" }).click();
    await page.waitForSelector(".who");
  });
  await open("wide-history-en-dark", { ...wide, locale: "en", dark: true }, async (page) => {
    await post(page, "Long words").locator(".actions [aria-haspopup]").click();
    await page.getByRole("menuitem", { name: "Earlier versions" }).click();
    await page.waitForSelector(".versions li");
  });
  const add = async (page) => {
    await page.keyboard.press("c");
    await page.waitForSelector(".choices");
  };
  await open("wide-add-column-ja", wide, add);
  await open("narrow-add-column-en-dark", { ...narrow, locale: "en", dark: true }, add);
  const columns = { columns: ["lane:7/71", "conversations", "tag:庭", "search:縁側"], titles: { "lane:7/71": "bluesky" } };
  await open("wide-columns-ja", { ...wide, settings: columns }, async (page) => page.waitForSelector(".talk, .lane-state"));
  await open("narrow-columns-en-dark", { ...narrow, locale: "en", dark: true, settings: columns }, async (page) => page.waitForSelector(".lane-state"));
  const copies = async (page) => {
    await page.waitForSelector("#compose-text");
    await page.locator("#compose-text").fill("霜の朝に、縁側でお茶を飲みました。#ttr ".repeat(16));
    await page.waitForSelector(".copy-chip .copy-ring");
    await page.locator(".copy-chip").first().click();
    await page.waitForSelector(".copy-exact");
    await page.locator(".copy-exact").scrollIntoViewIfNeeded();
  };
  await open("wide-copies-ja", wide, async (page) => {
    await page.keyboard.press("n");
    await copies(page);
  });
  await open("narrow-copies-en-dark", { ...narrow, locale: "en", dark: true }, async (page) => {
    await page.locator(".float").click();
    await copies(page);
  });
  await open("wide-suggest-ja", wide, async (page) => {
    await page.keyboard.press("n");
    await page.locator("#compose-text").pressSequentially("こんにちは @ak");
    await page.waitForSelector(".suggestions li");
  });
  await open("wide-peek-ja", wide, async (page) => {
    await post(page, "霜が降りて").locator(".name-link").hover();
    await page.waitForSelector(".peek:popover-open");
  });
  await open("wide-quote-compose-en", { ...wide, locale: "en" }, async (page) => {
    await post(page, "霜が降りて").locator(".actions [aria-haspopup]").click();
    await page.getByRole("menuitem", { name: "Quote" }).click();
    await page.waitForSelector(".composer .quote");
  });
  await open("wide-help-ja", wide, async (page) => page.keyboard.press("?"));
  await open("wide-menu-ja", wide, async (page) => {
    await post(page, "台所の床").locator(".actions [aria-haspopup]").click();
  });
  await open("wide-fresh-ja", wide, async (page) => {
    await page.locator("[data-column=home] .feed").evaluate((e) => e.scrollTo(0, 900));
    await page.waitForTimeout(600);
    await page.request.post(`${origin}/fake/arrive`);
    await page.request.post(`${origin}/fake/arrive`);
    await page.waitForSelector(".fresh");
    await page.keyboard.press("j");
  });
  await open("wide-cut-ja", wide, async (page) => {
    await page.waitForTimeout(300);
    await page.request.post(`${origin}/fake/cut`);
    await post(page, "Long words").locator(".boost-action").click();
    await page.waitForSelector(".toast.bad");
  });
  await open("door-refused-ja", wide, async (page) => {
    await page.evaluate(() => localStorage.removeItem("engawa.token"));
    await page.goto(`${origin}/deck?error=access_denied&state=other`);
    await page.waitForSelector(".door-card");
  });
  await open("wide-states-ja", wide, async (page) => {
    await page.locator("[data-column=home] .feed").evaluate((e) => e.scrollTo(0, 1900));
    await page.locator("[data-column=local] .action.reply").first().click();
  });
  await open("narrow-light-ja", narrow);
  await open("narrow-dark-en", { ...narrow, locale: "en", dark: true }, async (page) => page.locator("[data-column=home] .feed").evaluate((e) => e.scrollTo(0, 1100)));
  await open("narrow-notices-ja", narrow, async (page) => page.getByRole("button", { name: "お知らせ" }).last().click());
  await open("narrow-compose-ja", narrow, async (page) => {
    await page.locator(".float").click();
    await page.locator("#compose-text").fill("返信を書いています。");
  });
  await open("narrow-thread-ja-dark", { ...narrow, dark: true }, async (page) => {
    await post(page, "投票の結果").click({ position: { x: 200, y: 12 } });
    await page.waitForSelector(".thread .reply-depth");
  });
  await open("narrow-profile-ja", narrow, async (page) => {
    await page.locator(".post .avatar").first().click();
    await page.waitForSelector(".profile-name");
  });
  await open("narrow-gallery-ja", narrow, async (page) => page.locator(".tile").first().click());
} finally {
  await browser.close();
  fake.kill();
}
if (problems.length) {
  console.error(problems.join("\n"));
  process.exit(1);
}
