// Uses the client in Chromium against the fake home and checks what it does: `npm run build && npm run behave`.
import assert from "node:assert/strict";
import { arrive, browser, check, failures, fake, focused, home, origin, post } from "./rig.mjs";

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

const menu = async (page, p, name) => {
  await p.locator(".actions [aria-haspopup=menu]").click();
  await page.getByRole("menuitem", { name, exact: true }).click();
};
const pressed = (page, chip, want) => page.waitForFunction(([n, w]) => [...document.querySelectorAll("[data-column=home] .reaction")].some((b) => b.getAttribute("aria-label").startsWith(n) && b.getAttribute("aria-pressed") === w), [chip, want]);

await check("a reaction is joined, taken back, and picked by name with the keyboard", async (page) => {
  const p = post(page, "霜が降りて");
  await p.locator(".reaction", { has: page.locator("img") }).click();
  await pressed(page, ":neko:", "true");
  await p.locator(".reaction", { has: page.locator("img") }).click();
  await pressed(page, ":neko:", "false");
  await p.focus();
  await page.keyboard.press("e");
  await page.locator(".picker-search").waitFor();
  await page.waitForSelector(".picker-grid button");
  await page.keyboard.type("teacup");
  await page.locator(".picker-grid button").first().waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForSelector("dialog", { state: "detached" });
  await pressed(page, "🍵", "true");
});

await check("who reacted, and earlier versions, are told", async (page) => {
  await menu(page, post(page, "霜が降りて"), "Who reacted");
  await page.locator("dialog .person").first().waitFor();
  await page.keyboard.press("Escape");
  await menu(page, post(page, "Long words"), "Earlier versions");
  await page.waitForSelector(".versions li:nth-child(2)");
});

await check("an edit takes the source, keeps the draft aside and gives it back", async (page) => {
  await page.keyboard.press("n");
  await page.locator("#compose-text").fill("waiting words");
  await menu(page, post(page, "投票の結果"), "Edit");
  await page.waitForFunction(() => document.querySelector("#compose-text").value.includes("投票の結果"));
  await page.locator("#compose-text").fill("投票の結果、直しました。");
  await page.getByRole("button", { name: "Save edit" }).click();
  await post(page, "直しました").waitFor();
  await page.keyboard.press("n");
  assert.equal(await page.locator("#compose-text").inputValue(), "waiting words");
});

await check("delete and write again brings the text back", async (page) => {
  await menu(page, post(page, "投票の結果"), "Delete and write again");
  await page.locator("dialog").getByRole("button", { name: "Delete and write again" }).click();
  await page.locator("#compose-text").waitFor();
});

await check("a quote shows what is quoted, is sent with it, and can be taken back", async (page) => {
  await menu(page, post(page, "霜が降りて"), "Quote");
  await page.waitForSelector(".composer .quote");
  await page.locator("#compose-text").fill("quoted so");
  const sent = page.waitForRequest((r) => r.url().endsWith("/api/v1/statuses") && r.method() === "POST");
  await page.keyboard.press("Control+Enter");
  assert.match((await sent).postDataJSON().quoted_status_id, /^\d+$/);
  await page.getByRole("button", { name: "Take back", exact: true }).click();
  await home(page).locator(".post", { hasText: "quoted so" }).waitFor({ state: "detached" });
});

await check("a translation comes and goes", async (page) => {
  const p = page.locator("[data-column=home] .post", { hasText: "今朝の庭" }).first();
  await p.getByRole("button", { name: "Translate" }).click();
  await p.getByText("翻訳:").waitFor();
  await p.getByRole("button", { name: "Show the original" }).click();
  await p.getByText("石がよく見えます").waitFor();
});

await check("resting on a name shows who it is; leaving hides it", async (page) => {
  await post(page, "霜が降りて").locator(".name-link").hover();
  await page.waitForSelector(".peek:popover-open");
  await page.mouse.move(10, 880);
  await page.waitForSelector(".peek", { state: "detached" });
});

await check("copies are shown as they are written, with parts, price and losses", async (page) => {
  await page.keyboard.press("n");
  await page.locator("#compose-text").fill(`${"ten chars ".repeat(32)}#ttr`);
  await page.getByRole("button", { name: "Content warning" }).click();
  await page.locator(".composer input[type=text]").first().fill("long");
  const x = page.locator(".copy-chip", { hasText: /^x/ });
  await x.getByText("2 parts").waitFor();
  await x.getByText("1 loss").waitFor();
  await x.click();
  assert.equal(await page.locator(".copy-part").count(), 2);
  assert.match(await page.locator(".copies-head").innerText(), /\$0\.03/);
  await page.locator(".destination select").selectOption({ label: "Followers" });
  await page.locator(".copies-head", { hasText: "No copies" }).waitFor();
});

await check("handles and emoji are completed with the keyboard", async (page) => {
  await page.keyboard.press("n");
  const text = page.locator("#compose-text");
  await text.pressSequentially("hi @ak");
  await page.waitForSelector(".suggestions li");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector("#compose-text").value === "hi @aki@niwa.example ");
  await text.pressSequentially(":neko");
  await page.waitForSelector(".suggestions li");
  await page.keyboard.press("Tab");
  await page.waitForFunction(() => document.querySelector("#compose-text").value.endsWith(":neko: "));
});

await check("a file is dropped, one that is too large is refused with words, a post is scheduled", async (page) => {
  await page.keyboard.press("n");
  await page.locator("#compose-text").fill("later");
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(["x"], "a.png", { type: "image/png" }));
    document.querySelector(".composer").dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  await page.waitForSelector(".attachment textarea");
  await page.getByRole("button", { name: "Post later" }).click();
  const sent = page.waitForRequest((r) => r.url().endsWith("/api/v1/statuses") && r.method() === "POST");
  await page.getByRole("button", { name: "Schedule" }).click();
  assert.match((await sent).postDataJSON().scheduled_at, /^\d{4}-\d\d-\d\dT.*Z$/);
  await page.locator(".toast", { hasText: "will be posted" }).waitFor();
});

const order = (page) => page.locator("[data-column]").evaluateAll((all) => all.map((e) => e.dataset.column).join());
await check("columns are added by keys, moved by keys and by drag, and remembered", async (page) => {
  await page.keyboard.press("c");
  await page.getByRole("button", { name: "Hashtag" }).click();
  await page.keyboard.type("#Niwa");
  await page.keyboard.press("Enter");
  await page.waitForSelector('[data-column="tag:niwa"] .post');
  await page.keyboard.press("c");
  await page.getByRole("button", { name: "Lane" }).click();
  await page.getByRole("button", { name: "bluesky" }).click();
  await page.waitForSelector('[data-column="lane:7/71"] .lane-state');
  assert.equal(await order(page), "home,notifications,local,tag:niwa,lane:7/71");
  await home(page).locator(".post").first().focus();
  await page.keyboard.press("Shift+ArrowRight");
  assert.equal(await order(page), "notifications,home,local,tag:niwa,lane:7/71");
  await page.locator(".deck").evaluate((e) => e.scrollTo({ left: 0, behavior: "instant" }));
  const head = await page.locator("[data-column=notifications] .column-head").boundingBox();
  await page.mouse.move(head.x + 250, head.y + 20);
  await page.mouse.down();
  await page.mouse.move(head.x + 400, head.y + 20, { steps: 4 });
  await page.mouse.move(head.x + 740, head.y + 22, { steps: 8 });
  await page.mouse.up();
  assert.equal(await order(page), "home,notifications,local,tag:niwa,lane:7/71");
  await page.reload();
  await page.waitForSelector(".post");
  assert.equal(await order(page), "home,notifications,local,tag:niwa,lane:7/71");
});

await check("a conversation is read when it is opened; mentions have a column", async (page) => {
  await page.keyboard.press("c");
  await page.getByRole("button", { name: "Conversations" }).click();
  await page.locator(".talk.unread").click();
  await page.waitForSelector(".detail .chosen");
  assert.equal(await page.locator(".talk.unread").count(), 0);
});

const settingsPage = async (page, name) => {
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByRole("link", { name }).click();
};
await check("an account is linked; a mistake is explained; linking elsewhere leads there", async (page) => {
  await settingsPage(page, /^Linked accounts/);
  await page.locator(".link-card.unwell", { hasText: "must be linked again" }).waitFor();
  const form = page.locator(".link-begin").last();
  await form.locator("select").selectOption("bluesky");
  await form.locator("input").nth(1).fill("haru");
  await form.getByRole("button", { name: "Link" }).click();
  await form.locator("[role=alert]").waitFor();
  await form.locator("input").nth(1).fill("haru.example");
  await form.getByRole("button", { name: "Link" }).click();
  await page.locator(".link-card", { hasText: "haru.example" }).getByRole("button", { name: "Unlink" }).click();
  await page.locator("dialog").getByRole("button", { name: "Unlink" }).click();
  await page.locator(".link-card", { hasText: "haru.example" }).waitFor({ state: "detached" });
  await page.locator(".link-card", { hasText: "bsky" }).getByRole("button", { name: "Pause" }).click();
  await page.locator(".link-card.paused").getByRole("button", { name: "Go on" }).click();
  await page.locator(".link-card.active").first().waitFor();
});

await check("rules are sentences; a mistake is named; a trial tells what would have been", async (page) => {
  await settingsPage(page, /^Rules/);
  await page.locator(".rules li", { hasText: "with #ttr go to x, bluesky" }).waitFor();
  const text = page.locator("textarea.code");
  const before = await text.inputValue();
  await text.fill(before.replace("tag_any", "tagany"));
  await page.getByRole("button", { name: "Try", exact: true }).click();
  await page.locator("#rules-said [role=alert]", { hasText: "tag_any" }).waitFor();
  await text.fill(`${before}# more\n`);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.locator(".trial li").first().waitFor();
  await page.locator(".toast", { hasText: "saved" }).waitFor();
});

await check("filters, mutes, lists, policy, profile: changed and kept", async (page) => {
  await settingsPage(page, /^Filters/);
  await page.getByRole("button", { name: "New filter" }).click();
  await page.locator(".filter-word input").first().fill("spoiler");
  await page.getByRole("button", { name: "Save filter" }).click();
  await page.locator(".link-card", { hasText: "spoiler" }).waitFor();
  await page.goBack();
  await page.getByRole("link", { name: /^Muted people/ }).click();
  await page.getByRole("button", { name: "Unmute: Robin" }).click();
  await page.getByText("You mute nobody.").waitFor();
  await page.goBack();
  await page.getByRole("link", { name: /^What reaches you/ }).click();
  await page.getByLabel("From automatic accounts").selectOption("drop");
  await page.getByRole("button", { name: "Let in" }).click();
  await page.getByText("Nobody is waiting.").waitFor();
  await page.goBack();
  await page.getByRole("link", { name: /^Lists/ }).click();
  await page.locator(".page input[type=text]").last().fill("new list");
  await page.getByRole("button", { name: "Make a list" }).click();
  await page.locator(".link-card", { hasText: "new list" }).waitFor();
  await page.goBack();
  await page.getByRole("link", { name: /^Profile/ }).click();
  await page.getByRole("button", { name: "Add a field" }).click();
  await page.getByLabel("Name 1").fill("web");
  await page.getByRole("button", { name: "Save profile" }).click();
  await page.locator(".toast", { hasText: "profile is saved" }).waitFor();
});

await check("narrow: a long press shows who it is and does not open the profile", async (page) => {
  await post(page, "霜が降りて").locator(".action.reply").scrollIntoViewIfNeeded();
  await post(page, "霜が降りて").locator(".name-link").scrollIntoViewIfNeeded();
  await page.waitForTimeout(300);
  const box = await post(page, "霜が降りて").locator(".name-link").boundingBox();
  await page.evaluate(({ x, y }) => {
    const e = document.elementFromPoint(x, y);
    e.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true, pointerType: "touch", button: 0 }));
    setTimeout(() => {
      e.dispatchEvent(new PointerEvent("pointerup", { bubbles: true, pointerType: "touch" }));
      e.click();
    }, 600);
  }, { x: box.x + 5, y: box.y + 5 });
  await page.waitForSelector(".peek:popover-open");
  await page.waitForTimeout(300);
  assert.equal(await page.locator(".detail").count(), 0);
}, { width: 390, height: 844 });

await browser.close();
fake.kill();
process.exit(failures() ? 1 : 0);
