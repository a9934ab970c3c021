// A home made of canned answers, to look at the client without a server: `npm run build && npm run fake`.
// Serves dist under /deck with the policy of embed.go, so that what it forbids is seen here already.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname } from "node:path";
import * as data from "./data.mjs";
import { accept } from "./socket.mjs";
import { moreRoutes } from "./more.mjs";

const port = Number(process.env.PORT ?? 5199);
const dist = new URL("../dist/", import.meta.url);
const policy = readFileSync(new URL("../embed.go", import.meta.url), "utf8")
  .match(/ContentSecurityPolicy = "([^"]*)" \+\s*"([^"]*)"/)
  .slice(1)
  .join("");
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };

const all = () => [...data.home, ...data.extra, ...data.local];
const find = (id) => all().find((s) => s.id === id) ?? null;
const peers = new Set();
const redirect = { uri: "" };

/** One page of a list by max_id, with the Link header. */
function paged(list) {
  return (req, res, url) => {
    const limit = Number(url.searchParams.get("limit") ?? 20);
    const max = url.searchParams.get("max_id");
    const rest = max ? list.filter((x) => BigInt(x.id) < BigInt(max)) : list;
    const page = rest.slice(0, limit);
    if (page.length) {
      const next = new URL(url);
      next.searchParams.set("max_id", page.at(-1).id);
      res.setHeader("Link", `<${next}>; rel="next"`);
    }
    json(res, page);
  };
}

const mark = (key, on, count) => (req, res, url, [id]) => {
  const s = find(id);
  s[key] = on;
  if (count) s[count] += on ? 1 : -1;
  json(res, s);
};

const relation = { following: true, requested: false, followed_by: true, blocking: false, muting: false };

const more = moreRoutes({ json, body, find, paged });

/** Method and pattern of the path → answer. */
const routes = [
  ["POST", /^\/api\/v1\/apps$/, (req, res) => json(res, { client_id: "c", client_secret: "s" })],
  ["GET", /^\/oauth\/authorize$/, (req, res, url) => {
    redirect.uri = `${url.searchParams.get("redirect_uri")}?code=abc&state=${url.searchParams.get("state")}`;
    res.writeHead(302, { Location: redirect.uri }).end();
  }],
  ["POST", /^\/oauth\/token$/, (req, res) => json(res, { access_token: "fake-token", token_type: "Bearer" })],
  ["POST", /^\/oauth\/revoke$/, (req, res) => json(res, {})],
  ["GET", /^\/api\/v2\/instance$/, (req, res) => json(res, data.instance)],
  ["GET", /^\/api\/v1\/accounts\/verify_credentials$/, (req, res) => json(res, { ...data.people.me, source: { privacy: "public", language: "ja" } })],
  ["GET", /^\/api\/v1\/timelines\/home$/, paged(data.home)],
  ["GET", /^\/api\/v1\/timelines\/public$/, (req, res, url) => paged(url.searchParams.has("local") ? data.local : data.publicLine)(req, res, url)],
  ["GET", /^\/api\/v1\/timelines\/tag\//, paged(data.home.slice(0, 1))],
  ["GET", /^\/api\/v2\/notifications$/, (req, res, url) => json(res, data.grouped(url.searchParams.get("max_id") ? [] : data.notifications))],
  ["GET", /^\/api\/v1\/notifications$/, (req, res, url) => paged(url.searchParams.get("types[]") ? data.notifications.filter((n) => n.type === "mention") : data.notifications)(req, res, url)],
  ...more,
  ["GET", /^\/api\/v1\/(?:bookmarks|favourites)$/, paged(data.home.filter((s) => s.bookmarked))],
  ["GET", /^\/api\/v1\/accounts\/relationships$/, (req, res, url) => json(res, [{ id: url.searchParams.get("id[]"), ...relation }])],
  ["GET", /^\/api\/v1\/accounts\/(\d+)$/, (req, res, url, [id]) => json(res, Object.values(data.people).find((p) => p.id === id))],
  ["GET", /^\/api\/v1\/accounts\/(\d+)\/statuses$/, (req, res, url, [id]) => paged(data.home.filter((s) => s.account.id === id))(req, res, url)],
  ["POST", /^\/api\/v1\/accounts\/(\d+)\/(follow|unfollow)$/, (req, res, url, [id, verb]) => json(res, { id, ...relation, following: verb === "follow" })],
  ["POST", /^\/api\/v1\/follow_requests\//, (req, res) => json(res, relation)],
  ["GET", /^\/api\/v1\/statuses\/(\d+)$/, (req, res, url, [id]) => json(res, find(id))],
  ["GET", /^\/api\/v1\/statuses\/(\d+)\/context$/, (req, res, url, [id]) => json(res, data.contexts.get(id) ?? { ancestors: [], descendants: [] })],
  ["POST", /^\/api\/v1\/statuses\/(\d+)\/favourite$/, mark("favourited", true, "favourites_count")],
  ["POST", /^\/api\/v1\/statuses\/(\d+)\/unfavourite$/, mark("favourited", false, "favourites_count")],
  ["POST", /^\/api\/v1\/statuses\/(\d+)\/bookmark$/, mark("bookmarked", true)],
  ["POST", /^\/api\/v1\/statuses\/(\d+)\/unbookmark$/, mark("bookmarked", false)],
  ["POST", /^\/api\/v1\/statuses\/(\d+)\/reblog$/, (req, res) => json(res, { error: "This action is not allowed" }, 403)],
  ["DELETE", /^\/api\/v1\/statuses\/(\d+)$/, (req, res, url, [id]) => json(res, { ...find(id), text: find(id).content.replace(/<[^>]+>/g, "") })],
  ["POST", /^\/api\/v1\/statuses$/, async (req, res) => {
    const b = JSON.parse(await body(req));
    if (b.scheduled_at) return json(res, { id: "56", scheduled_at: b.scheduled_at, params: { text: b.status }, media_attachments: [] });
    const s = data.status(data.people.me, `<p>${b.status.replaceAll("<", "&lt;")}</p>`, 0, { visibility: b.visibility, local_only: b.local_only, spoiler_text: b.spoiler_text ?? "", in_reply_to_id: b.in_reply_to_id ?? null });
    data.home.unshift(s);
    json(res, s);
  }],
  ["POST", /^\/api\/v2\/media$/, async (req, res) => {
    await body(req);
    json(res, { id: "900", type: "image", url: "/fake/picture/60.svg", preview_url: "/fake/picture/60.svg", description: null, blurhash: null });
  }],
  ["PUT", /^\/api\/v1\/media\/(\d+)$/, async (req, res, url, [id]) => json(res, { id, ...JSON.parse(await body(req)) })],
  ["POST", /^\/api\/v1\/polls\/9\/votes$/, async (req, res) => {
    const poll = data.home.find((s) => s.poll?.id === "9").poll;
    const { choices } = JSON.parse(await body(req));
    for (const c of choices) poll.options[c].votes_count++;
    Object.assign(poll, { voted: true, own_votes: choices, voters_count: poll.voters_count + 1 });
    json(res, poll);
  }],
  ["GET", /^\/api\/v2\/search$/, (req, res) => json(res, { accounts: [data.people.aki, data.people.long, data.people.me], statuses: [data.home[0]], hashtags: [{ name: "庭", url: "" }, { name: "縁側", url: "" }] })],
  ["GET", /^\/fake\/avatar\/(\d+)\.svg$/, (req, res, url, [hue]) => svg(res, data.avatarSvg(hue))],
  ["GET", /^\/fake\/picture\/(\d+)\.svg$/, (req, res, url, [hue]) => svg(res, data.pictureSvg(hue, Number(url.searchParams.get("w") ?? 800), Number(url.searchParams.get("h") ?? 600)))],
  // For scripts that look at the client: lets a post arrive, or cuts the stream.
  ["POST", /^\/fake\/arrive$/, (req, res) => {
    const s = data.status(data.people.aki, "<p>いま届いたばかりの投稿です。</p>", 0);
    data.home.unshift(s);
    for (const p of peers) p.send(JSON.stringify({ stream: ["user"], event: "update", payload: JSON.stringify(s) }));
    json(res, { peers: peers.size });
  }],
  ["POST", /^\/fake\/cut$/, (req, res) => {
    for (const p of peers) p.close();
    peers.clear();
    json(res, {});
  }],
];

const server = createServer(async (req, res) => {
  const url = new URL(req.url, `http://${req.headers.host}`);
  for (const [method, pattern, answer] of routes) {
    const match = req.method === method && pattern.exec(url.pathname);
    if (match) return answer(req, res, url, match.slice(1));
  }
  if (url.pathname === "/deck" || url.pathname.startsWith("/deck/")) return file(res, url.pathname.slice("/deck/".length));
  json(res, { error: "Record not found" }, 404);
});

server.on("upgrade", (req, socket) => {
  const peer = accept(req, socket);
  peers.add(peer);
  socket.on("close", () => peers.delete(peer));
});

server.listen(port, "127.0.0.1", () => console.log(`http://localhost:${port}/deck`));

function file(res, name) {
  let path = name && extname(name) ? name : "index.html";
  let content;
  try {
    content = readFileSync(new URL(path, dist));
  } catch {
    path = "index.html";
    content = readFileSync(new URL(path, dist));
  }
  res.writeHead(200, { "Content-Type": types[extname(path)] ?? "application/octet-stream", "Content-Security-Policy": policy }).end(content);
}

function json(res, value, code = 200) {
  res.writeHead(code, { "Content-Type": "application/json" }).end(JSON.stringify(value));
}

function svg(res, text) {
  res.writeHead(200, { "Content-Type": "image/svg+xml" }).end(text);
}

async function body(req) {
  const parts = [];
  for await (const part of req) parts.push(part);
  return Buffer.concat(parts).toString();
}
