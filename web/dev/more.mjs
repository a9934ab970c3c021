// The rest of the fake home: reactions, lists, filters, linked accounts and their lanes, rules, previews.
import * as data from "./data.mjs";

const { me, aki, robin, long } = data.people;
const neko = { shortcode: "neko", url: "/fake/avatar/50.svg", static_url: "/fake/avatar/50.svg", visible_in_picker: true, category: "どうぶつ" };

const link = (id, network, name, handle, more = {}) => ({
  id, network, name, base: "", account: handle, handle, url: "", avatar: "", can: ["post", "reply", "edit", "delete", "media", "read"], limits: {}, settings: {},
  state: "active", summary: "動いています。最後の成功は3分前です。", last_success: new Date().toISOString(), last_error: null, expires_at: null,
  queue: { held: 0, queued: 0, waiting: 0, asked: 0, failed: 0 }, month: { since: "2026-11-01", spent_microdollars: 0, sent: 12 }, lane: { read: true, merge: false, list_id: "71" }, created_at: null, ...more,
});

export const links = [
  link("7", "bluesky", "bluesky", "haru.bsky.social"),
  link("8", "x", "x", "@haru_engawa", {
    state: "reconnect", summary: "鍵が受け取られません: 401 Unauthorized。もう一度つないでください。", lane: { read: false, merge: false, list_id: null }, month: { since: "2026-11-01", spent_microdollars: 345000, sent: 23 },
    last_error: { at: null, message: "401 Unauthorized", remedy: "もう一度つないでください。", over: false },
  }),
];

const toml = `[[rule]]\nname = "ttr"\nwhen.tag_any = ["ttr"]\nto = ["x", "bluesky"]\n\n[[rule]]\nname = "しゃしん"\nwhen.media = "only"\nwhen.lang = ["ja"]\nto = ["bluesky"]\nas.long = "cut_link"\nlimit.quiet_hours = "23:00-07:00 Asia/Tokyo"\n`;
let book = {
  toml,
  rules: { rule: [
    { name: "ttr", when: { tag_any: ["ttr"] }, to: ["x", "bluesky"] },
    { name: "しゃしん", when: { media: "only", lang: ["ja"] }, to: ["bluesky"], as: { long: "cut_link" }, limit: { quiet_hours: "23:00-07:00 Asia/Tokyo" } },
  ] },
};

const lists = [{ id: "70", title: "庭の人たち", replies_policy: "list", exclusive: false }];
const members = new Map([["70", [aki]]]);
const filters = [{ id: "90", title: "結末", context: ["home", "public"], expires_at: null, filter_action: "warn", keywords: [{ id: "91", keyword: "雪国", whole_word: false }] }];
let policy = { for_not_following: "accept", for_not_followers: "accept", for_new_accounts: "filter", for_private_mentions: "filter", for_limited_accounts: "filter", for_bots: "accept", summary: { pending_requests_count: 1, pending_notifications_count: 3 } };
const requests = [{ id: "60", created_at: new Date().toISOString(), notifications_count: "3", account: long, last_status: null }];
let muted = [robin];
let blocked = [long];
const scheduled = [{ id: "55", scheduled_at: new Date(Date.now() + 86_400_000).toISOString(), params: { text: "あしたの朝の投稿です。" } }];

const lane = (l) => ({ id: l.id, name: l.name, network: l.network, handle: l.handle, avatar: "", state: l.state, list_id: l.lane.list_id, read: l.lane.read, merge: l.lane.merge, marker: null });
const networks = [
  { name: "bluesky", title: "Bluesky", base: "optional", fields: [{ name: "handle", label: "ハンドル(alice.bsky.social など)", secret: false, needed: true }, { name: "password", label: "アプリパスワード", secret: true, needed: false }], can: ["post", "read"] },
  { name: "mastodon", title: "Mastodon", base: "needed", fields: [], can: ["post", "read"] },
];

/** What would become of a draft: Bluesky takes 300, X takes 280 and costs money. */
function previews(d) {
  const cut = (limit) => {
    const all = [...(d.text ?? "")];
    const parts = [];
    for (let i = 0; i < all.length || !parts.length; i += limit) parts.push(all.slice(i, i + limit).join(""));
    return parts.map((text) => ({ text, spans: [], spoiler_text: d.spoiler_text ?? "", sensitive: false, length: [...text].length, limit, left: limit - [...text].length, cost_microdollars: limit === 280 ? 15000 : 0, media: [] }));
  };
  const closed = d.visibility !== "public";
  const one = (l, limit, losses) => {
    const send = !closed && (l.network === "bluesky" || /#ttr\b/.test(d.text));
    const parts = send ? cut(limit) : [];
    return {
      link_id: l.id, link: l.name, network: l.network, send, ...(send && { rule: "ttr" }),
      reason: send ? "送ります: #ttr、きまり「ttr」" : closed ? "送りません: 見られる人が限られています" : "送りません: どのきまりにも当たりません",
      parts, losses: send ? losses : [], cost_microdollars: parts.reduce((n, p) => n + p.cost_microdollars, 0),
    };
  };
  return [one(links[0], 300, d.poll ? ["投票は文字になります"] : []), one(links[1], 280, d.spoiler_text ? ["注意書きは本文の前に入ります"] : [])];
}

const copiesOf = (s) => [{ link_id: "7", link: "bluesky", network: "bluesky", send: true, rule: "ttr", reason: "#ttr", decided_at: s.created_at, parts: [{ id: "1", number: 1, of: 1, state: "held", state_text: "待っています", reason: "", text: "", url: "", cost_microdollars: 0, due_at: new Date(Date.now() + 20_000).toISOString() }], actions: [] }];

export function moreRoutes({ json, body, find, paged }) {
  const read = async (req) => JSON.parse((await body(req)) || "{}");
  const reaction = (on) => (req, res, url, [id, raw]) => {
    const s = find(id);
    const name = decodeURIComponent(raw);
    const had = s.reactions.find((r) => r.name === name);
    if (on && !had) s.reactions.push({ name, count: 1, me: true, ...(name === "neko" && { url: neko.url, static_url: neko.url }) });
    else if (had && had.me !== on) Object.assign(had, { me: on, count: had.count + (on ? 1 : -1) });
    s.reactions = s.reactions.filter((r) => r.count > 0);
    json(res, s);
  };
  const relation = (id, more = {}) => ({ id, following: true, requested: false, followed_by: true, blocking: false, muting: false, ...more });
  return [
    ["GET", /^\/api\/v1\/custom_emojis$/, (req, res) => json(res, [neko])],
    ["PUT", /^\/api\/v1\/pleroma\/statuses\/(\d+)\/reactions\/(.+)$/, reaction(true)],
    ["DELETE", /^\/api\/v1\/pleroma\/statuses\/(\d+)\/reactions\/(.+)$/, reaction(false)],
    ["GET", /^\/api\/v1\/pleroma\/statuses\/(\d+)\/reactions$/, (req, res, url, [id]) => json(res, find(id).reactions.map((r) => ({ ...r, accounts: [aki, robin].slice(0, r.count) })))],
    ["GET", /^\/api\/v1\/statuses\/(\d+)\/(favourited|reblogged)_by$/, (req, res) => json(res, [aki, long])],
    ["GET", /^\/api\/v1\/statuses\/(\d+)\/history$/, (req, res, url, [id]) => {
      const s = find(id);
      json(res, [{ ...s, content: "<p>Long words must not break a column.</p>", created_at: s.created_at, poll: null }, { ...s, created_at: s.edited_at, poll: null }]);
    }],
    ["GET", /^\/api\/v1\/statuses\/(\d+)\/source$/, (req, res, url, [id]) => json(res, { id, text: find(id).content.replace(/<[^>]+>/g, ""), spoiler_text: find(id).spoiler_text })],
    ["PUT", /^\/api\/v1\/statuses\/(\d+)$/, async (req, res, url, [id]) => {
      const b = await read(req);
      json(res, Object.assign(find(id), { content: `<p>${b.status.replaceAll("<", "&lt;")}</p>`, spoiler_text: b.spoiler_text, edited_at: new Date().toISOString() }));
    }],
    ["POST", /^\/api\/v1\/statuses\/(\d+)\/translate$/, (req, res, url, [id]) => json(res, { content: `<p>翻訳: ${find(id).content.replace(/<[^>]+>/g, "").slice(0, 60)}</p>`, spoiler_text: "", detected_source_language: "en", provider: "LibreTranslate" })],
    ["GET", /^\/api\/v1\/conversations$/, (req, res) => json(res, [{ id: "40", unread: true, accounts: [aki, robin], last_status: find(data.extra[0].id) }, { id: "41", unread: false, accounts: [long], last_status: data.home[3].reblog }])],
    ["POST", /^\/api\/v1\/conversations\/\d+\/read$/, (req, res) => json(res, {})],
    ["GET", /^\/api\/v1\/lists$/, (req, res) => json(res, lists)],
    ["POST", /^\/api\/v1\/lists$/, async (req, res) => {
      const l = { id: String(100 + lists.length), replies_policy: "list", exclusive: false, ...(await read(req)) };
      lists.push(l);
      json(res, l);
    }],
    ["PUT", /^\/api\/v1\/lists\/(\d+)$/, async (req, res, url, [id]) => json(res, Object.assign(lists.find((l) => l.id === id), await read(req)))],
    ["DELETE", /^\/api\/v1\/lists\/(\d+)$/, (req, res, url, [id]) => {
      lists.splice(lists.findIndex((l) => l.id === id), 1);
      json(res, {});
    }],
    ["GET", /^\/api\/v1\/lists\/(\d+)\/accounts$/, (req, res, url, [id]) => json(res, members.get(id) ?? [])],
    ["POST", /^\/api\/v1\/lists\/(\d+)\/accounts$/, async (req, res, url, [id]) => {
      const { account_ids } = await read(req);
      members.set(id, [...(members.get(id) ?? []), ...Object.values(data.people).filter((p) => account_ids.includes(p.id))]);
      json(res, {});
    }],
    ["DELETE", /^\/api\/v1\/lists\/(\d+)\/accounts$/, (req, res, url, [id]) => {
      members.set(id, (members.get(id) ?? []).filter((p) => p.id !== url.searchParams.get("account_ids[]")));
      json(res, {});
    }],
    ["GET", /^\/api\/v1\/timelines\/list\/\d+$/, paged(data.publicLine)],
    ["GET", /^\/api\/v2\/filters$/, (req, res) => json(res, filters)],
    ["POST", /^\/api\/v2\/filters$/, async (req, res) => {
      const b = await read(req);
      const f = { id: String(200 + filters.length), expires_at: null, ...b, keywords: (b.keywords_attributes ?? []).map((k, i) => ({ id: String(300 + i), ...k })) };
      filters.push(f);
      json(res, f);
    }],
    ["PUT", /^\/api\/v2\/filters\/(\d+)$/, async (req, res, url, [id]) => {
      const { keywords_attributes: ks, ...b } = await read(req);
      const f = filters.find((x) => x.id === id);
      json(res, Object.assign(f, b, { keywords: ks.filter((k) => !k._destroy).map((k, i) => ({ id: k.id ?? String(400 + i), keyword: k.keyword, whole_word: k.whole_word })) }));
    }],
    ["DELETE", /^\/api\/v2\/filters\/(\d+)$/, (req, res, url, [id]) => {
      filters.splice(filters.findIndex((f) => f.id === id), 1);
      json(res, {});
    }],
    ["GET", /^\/api\/v1\/mutes$/, (req, res) => json(res, muted)],
    ["GET", /^\/api\/v1\/blocks$/, (req, res) => json(res, blocked)],
    ["GET", /^\/api\/v1\/domain_blocks$/, (req, res) => json(res, ["spam.example"])],
    ["DELETE", /^\/api\/v1\/domain_blocks$/, (req, res) => json(res, {})],
    ["POST", /^\/api\/v1\/domain_blocks$/, (req, res) => json(res, {})],
    ["POST", /^\/api\/v1\/accounts\/(\d+)\/(mute|unmute|block|unblock)$/, (req, res, url, [id, verb]) => {
      if (verb === "unmute") muted = muted.filter((p) => p.id !== id);
      if (verb === "unblock") blocked = blocked.filter((p) => p.id !== id);
      json(res, relation(id, { muting: verb === "mute", blocking: verb === "block" }));
    }],
    ["GET", /^\/api\/v2\/notifications\/policy$/, (req, res) => json(res, policy)],
    ["PATCH", /^\/api\/v2\/notifications\/policy$/, async (req, res) => json(res, (policy = { ...policy, ...(await read(req)) }))],
    ["GET", /^\/api\/v1\/notifications\/requests$/, (req, res) => json(res, requests)],
    ["POST", /^\/api\/v1\/notifications\/requests\/(\d+)\/(accept|dismiss)$/, (req, res, url, [id]) => {
      requests.splice(requests.findIndex((r) => r.id === id), 1);
      json(res, {});
    }],
    ["PATCH", /^\/api\/v1\/accounts\/update_credentials$/, async (req, res) => {
      await body(req);
      json(res, { ...me, source: { privacy: "public", language: "ja", note: "庭と本", fields: [] } });
    }],
    ["GET", /^\/api\/v1\/push\/subscription$/, (req, res) => json(res, { error: "Record not found" }, 404)],
    ["GET", /^\/api\/v1\/scheduled_statuses$/, (req, res) => json(res, scheduled)],
    ["DELETE", /^\/api\/v1\/scheduled_statuses\/(\d+)$/, (req, res) => {
      scheduled.length = 0;
      json(res, {});
    }],
    ["GET", /^\/api\/v1\/accounts\/search$/, (req, res) => json(res, [aki, robin, long])],
    ["GET", /^\/api\/engawa\/v1\/networks$/, (req, res) => json(res, networks)],
    ["GET", /^\/api\/engawa\/v1\/links$/, (req, res) => json(res, links)],
    ["GET", /^\/api\/engawa\/v1\/links\/(\d+)$/, (req, res, url, [id]) => json(res, links.find((l) => l.id === id))],
    ["POST", /^\/api\/engawa\/v1\/links$/, async (req, res) => {
      const b = await read(req);
      if (b.network === "mastodon") return json(res, { url: "/fake/allow" }, 202);
      if (!b.fields?.handle?.includes(".")) return json(res, { error: "ハンドルは alice.bsky.social の形です。", field: "fields.handle" }, 422);
      const l = link("9", b.network, b.name || b.network, b.fields.handle);
      links.push(l);
      json(res, { link: l });
    }],
    ["PATCH", /^\/api\/engawa\/v1\/(?:links|lanes)\/(\d+)$/, async (req, res, url, [id]) => {
      const l = links.find((x) => x.id === id);
      const b = await read(req);
      if (b.name) l.name = b.name;
      if (b.read !== undefined) Object.assign(l.lane, { read: b.read, list_id: b.read ? "71" : null });
      if (b.merge !== undefined) l.lane.merge = b.merge;
      json(res, url.pathname.includes("/lanes/") ? lane(l) : l);
    }],
    ["POST", /^\/api\/engawa\/v1\/links\/(\d+)\/(check|pause|resume)$/, (req, res, url, [id, verb]) => {
      const l = links.find((x) => x.id === id);
      if (verb !== "check") Object.assign(l, verb === "pause" ? { state: "paused", summary: "あなたが止めています。" } : { state: "active", summary: "動いています。" });
      json(res, l);
    }],
    ["DELETE", /^\/api\/engawa\/v1\/links\/(\d+)$/, (req, res, url, [id]) => {
      links.splice(links.findIndex((l) => l.id === id), 1);
      json(res, {});
    }],
    ["GET", /^\/api\/engawa\/v1\/lanes$/, (req, res) => json(res, links.map(lane))],
    ["GET", /^\/api\/engawa\/v1\/lanes\/\d+\/timeline$/, paged(data.publicLine.slice(2))],
    ["GET", /^\/api\/engawa\/v1\/rules$/, (req, res) => json(res, book)],
    ["PUT", /^\/api\/engawa\/v1\/rules$/, async (req, res, url) => {
      const text = await body(req);
      const wrong = /tagany/.exec(text);
      if (wrong) return json(res, { error: "x", saved: false, errors: [{ line: 3, key: "when.tagany", message: "3行目 when.tagany: このキーは知られていません。when.tag_any のことですか。" }], warnings: [], trial: [] }, 422);
      if (!url.searchParams.has("dry_run")) book = { ...book, toml: text };
      json(res, {
        saved: !url.searchParams.has("dry_run"), errors: [], warnings: [],
        trial: [
          { post_id: data.home[6].id, excerpt: "投票の結果です。 #ttr", created_at: data.home[6].created_at, decisions: [{ link_id: "7", link: "bluesky", network: "bluesky", send: true, rule: "ttr", reason: "送ります: #ttr、きまり「ttr」" }, { link_id: "8", link: "x", network: "x", send: true, rule: "ttr", reason: "送ります: #ttr、きまり「ttr」" }] },
          { post_id: data.home[1].id, excerpt: "家だけの話", created_at: data.home[1].created_at, decisions: [{ link_id: "7", link: "bluesky", network: "bluesky", send: false, reason: "送りません: この家だけの投稿" }] },
        ],
      });
    }],
    ["POST", /^\/api\/engawa\/v1\/relay\/preview$/, async (req, res) => json(res, previews(await read(req)))],
    ["GET", /^\/api\/engawa\/v1\/posts\/(\d+)\/copies$/, (req, res, url, [id]) => json(res, copiesOf(find(id)))],
  ];
}
