// Uses the client in Chromium against the fake home and checks what it does: `npm run build && npm run behave`.
import assert from "node:assert/strict";
import { startChromium, startFake } from "./browser.mjs";

const port = 5197;
const origin = `http://localhost:${port}`;
const fake = await startFake(port);
const browser = await startChromium();
let failed = 0;

async function check(name, run, { width = 1400, height = 900 } = {}) {
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

const home = (page) => page.locator("[data-column=home]");
const post = (page, words) => home(page).locator(".post", { hasText: words }).first();
const arrive = (page) => page.request.post(`${origin}/fake/arrive`);
const focused = (page) => page.evaluate(() => document.activeElement.closest("[data-post]")?.dataset.post ?? document.activeElement.tagName);

await check("log-in leaves neither code nor state in the address", async (page) => {
  assert.equal(page.url(), `${origin}/deck`);
  assert.equal(await page.evaluate(() => sessionStorage.getItem("engawa.flow")), null);
});

await check("a mark shows in every column at once", async (page) => {
  const inLocal = page.locator("[data-column=local] .post", { hasText: "投票の結果" }).locator(".favourite");
  await post(page, "投票の結果").locator(".favourite").click();
  await page.waitForFunction((e) => e.getAttribute("aria-pressed") === "true", await inLocal.elementHandle());
  await inLocal.click();
});

await check("a refused boost is taken back and explained", async (page) => {
  const boost = post(page, "今朝の庭").locator(".boost-action");
  await boost.click();
  await page.waitForSelector(".toast.bad");
  assert.equal(await boost.getAttribute("aria-pressed"), "false");
});

await check("new posts wait while the reader is further down, and come in when let", async (page) => {
  const feed = home(page).locator(".feed");
  await feed.evaluate((e) => e.scrollTo(0, 700));
  await page.waitForTimeout(200);
  const before = await post(page, "Which one first").boundingBox();
  await arrive(page);
  await page.waitForSelector(".fresh");
  assert.equal((await post(page, "Which one first").boundingBox()).y, before.y);
  await page.locator(".fresh").click();
  assert.equal(await feed.evaluate((e) => e.scrollTop), 0);
  assert.match(await home(page).locator(".post").first().innerText(), /いま届いた/);
});

await check("at the top new posts come in at once", async (page) => {
  const n = await home(page).locator(".post", { hasText: "いま届いた" }).count();
  await page.waitForTimeout(300);
  await arrive(page);
  await page.waitForFunction((least) => document.querySelectorAll("[data-column=home] .post").length && [...document.querySelectorAll("[data-column=home] .post")].filter((p) => p.textContent.includes("いま届いた")).length > least, n);
  assert.equal(await page.locator(".fresh").count(), 0);
});

await check("after a cut the stream connects again and what was missed is there", async (page) => {
  await page.waitForTimeout(300);
  const first = await home(page).locator("[data-post]").first().getAttribute("data-post");
  await page.request.post(`${origin}/fake/cut`);
  await page.waitForSelector(".live-note");
  await arrive(page);
  await page.waitForFunction((id) => document.querySelector("[data-column=home] [data-post]").dataset.post !== id, first);
  assert.equal(await page.locator(".live-note").count(), 0);
});

await check("scrolling on loads older pages to the end, nothing twice", async (page) => {
  const feed = home(page).locator(".feed");
  for (let i = 0; i < 40 && !(await feed.locator(".end").count()); i++) {
    await feed.evaluate((e) => e.scrollTo(0, e.scrollHeight));
    await page.waitForTimeout(80);
  }
  assert.equal(await feed.locator(".end").count(), 1);
  const ids = await feed.locator("[data-post]").evaluateAll((all) => all.map((e) => e.dataset.post));
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(ids.length > 40);
});

await check("keys: j, k, o, Escape, x, and none while typing", async (page) => {
  await page.keyboard.press("j");
  const one = await focused(page);
  await page.keyboard.press("j");
  const two = await focused(page);
  assert.notEqual(one, two);
  await page.keyboard.press("k");
  assert.equal(await focused(page), one);
  await page.keyboard.press("o");
  await page.waitForSelector(".detail .chosen");
  await page.keyboard.press("Escape");
  await page.waitForSelector(".detail", { state: "detached" });
  await page.waitForTimeout(150);
  assert.equal(await focused(page), one);
  await post(page, "雪国").focus();
  await page.keyboard.press("x");
  await post(page, "結末まで").waitFor();
  await page.keyboard.press("n");
  await page.locator("#compose-text").waitFor();
  await page.keyboard.type("jjn?/");
  assert.equal(await page.locator("#compose-text").inputValue(), "jjn?/");
  assert.equal(await page.locator("dialog[open]").count(), 0);
});

await check("a reply names the author, is never wider, and shows in the thread", async (page) => {
  await post(page, "Just for those").locator(".post-main").click({ position: { x: 150, y: 30 } });
  await page.waitForSelector(".detail .chosen");
  await page.locator(".detail .chosen .action.reply").click();
  assert.equal(await page.locator("#compose-text").inputValue(), "@robin@social.example ");
  assert.equal(await page.locator(".destination select").inputValue(), "private");
  await page.locator("#compose-text").pressSequentially("yes");
  await page.keyboard.press("Control+Enter");
  await page.locator(".detail .reply-depth", { hasText: "yes" }).waitFor();
  assert.equal(await page.locator("#compose-text").count(), 0);
});

await check("a draft survives a reload; a failed post keeps it and its key", async (page) => {
  await page.keyboard.press("n");
  await page.locator("#compose-text").fill("kept");
  await page.reload();
  await page.waitForSelector("[data-column=home] .post");
  await page.keyboard.press("n");
  assert.equal(await page.locator("#compose-text").inputValue(), "kept");
  const keys = [];
  await page.route("**/api/v1/statuses", (route) => {
    keys.push(route.request().headers()["idempotency-key"]);
    return keys.length === 1 ? route.abort() : route.continue();
  });
  await page.getByRole("button", { name: "Post", exact: true }).click();
  await page.waitForSelector(".compose-failure");
  assert.equal(await page.locator("#compose-text").inputValue(), "kept");
  await page.getByRole("button", { name: "Post", exact: true }).click();
  await home(page).locator(".post", { hasText: "kept" }).waitFor();
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1]);
  assert.match(keys[0], /^[0-9a-f]{32}$/);
});

await check("a poll is voted in", async (page) => {
  const p = post(page, "Which one first");
  await p.getByLabel("Tea").check();
  await p.getByRole("button", { name: "Vote" }).click();
  await p.locator(".poll-result.mine").waitFor();
});

await check("one's own post is deleted after a question", async (page) => {
  const p = post(page, "台所の床");
  await p.locator("[aria-haspopup=menu]").click();
  await page.getByRole("menuitem", { name: "Delete", exact: true }).click();
  await page.locator("dialog").getByRole("button", { name: "Delete" }).click();
  await p.waitFor({ state: "detached" });
});

await check("back returns to the very line, through two places", async (page) => {
  const at = () => home(page).locator(".feed").evaluate((e) => e.scrollTop);
  await post(page, "Which one first").locator(".post-head").scrollIntoViewIfNeeded();
  const before = await at();
  assert.ok(before > 0);
  await post(page, "Which one first").locator(".post-head").click({ position: { x: 200, y: 8 } });
  await page.waitForSelector(".detail .chosen");
  await page.locator(".detail .chosen .name-link").click();
  await page.waitForSelector(".profile-name");
  await page.goBack();
  await page.waitForSelector(".detail .chosen");
  await page.goBack();
  await page.waitForSelector(".detail", { state: "detached" });
  assert.equal(await at(), before);
  await page.waitForTimeout(150);
  assert.equal(await focused(page), await post(page, "Which one first").getAttribute("data-post"));
});

await check("follow and unfollow", async (page) => {
  await post(page, "Which one first").locator(".avatar").click();
  await page.getByRole("button", { name: "Following" }).click();
  await page.getByRole("button", { name: "Ask to follow" }).waitFor();
});

await check("columns are moved, removed and remembered", async (page) => {
  const order = () => page.locator("[data-column]").evaluateAll((all) => all.map((e) => e.dataset.column).join());
  await page.getByRole("button", { name: "Menu of Home" }).click();
  await page.getByRole("menuitem", { name: "Move right" }).click();
  assert.equal(await order(), "notifications,home,local");
  await page.getByRole("button", { name: "Menu of Local" }).click();
  await page.getByRole("menuitem", { name: "Remove column" }).click();
  await page.reload();
  await page.waitForSelector(".post");
  assert.equal(await order(), "notifications,home");
});

await check("a token the home refuses leads to the door, with the draft kept", async (page) => {
  await page.keyboard.press("n");
  await page.locator("#compose-text").fill("kept too");
  await page.route("**/api/v1/statuses/*/bookmark", (route) => route.fulfill({ status: 401, body: '{"error":"The access token is invalid"}' }));
  await post(page, "今朝の庭").locator(".bookmark").click();
  await page.getByRole("button", { name: "Log in" }).click();
  await page.waitForSelector("[data-column=home] .post");
  await page.keyboard.press("n");
  assert.equal(await page.locator("#compose-text").inputValue(), "kept too");
});

await check("narrow: the bar changes the column, a swipe tells the bar", async (page) => {
  await page.getByRole("button", { name: "Notifications" }).last().click();
  assert.equal(Math.round((await page.locator("[data-column=notifications]").boundingBox()).x), 0);
  await page.locator(".deck").evaluate((e) => e.scrollTo({ left: e.clientWidth * 2, behavior: "instant" }));
  await page.waitForSelector(".bottom .rail-item:nth-child(3)[aria-current]");
}, { width: 390, height: 844 });

await browser.close();
fake.kill();
process.exit(failed ? 1 : 0);
