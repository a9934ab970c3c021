// Canned people and posts for looking at the pages; nothing of this is in the client.

const now = Date.now();
const MIN = 60_000;
const ago = (minutes) => new Date(now - minutes * MIN).toISOString();
const idAt = (minutes, n = 0) => String((BigInt(now - Math.round(minutes * MIN)) << 16n) + BigInt(n));

const zero = { followers_count: 12, following_count: 34, statuses_count: 56, emojis: [], fields: [], bot: false, locked: false, created_at: "2021-04-01T00:00:00Z" };
const person = (id, acct, display_name, hue, more = {}) => ({
  id,
  username: acct.split("@")[0],
  acct,
  display_name,
  url: acct.includes("@") ? `https://${acct.split("@")[1]}/@${acct.split("@")[0]}` : `/@${acct}`,
  avatar: `/fake/avatar/${hue}.svg`,
  avatar_static: `/fake/avatar/${hue}.svg`,
  header_static: `/fake/picture/${hue}.svg`,
  note: "<p>庭と本と、ときどき機械のこと。<br>Gardens, books, small machines.</p>",
  ...zero,
  ...more,
});

export const people = {
  me: person("1", "haru", "春子 :neko:", 20, { emojis: [{ shortcode: "neko", url: "/fake/avatar/50.svg", static_url: "/fake/avatar/50.svg" }] }),
  aki: person("2", "aki@niwa.example", "秋山 庭師", 120, {
    fields: [
      { name: "庭", value: '<a href="https://niwa.example/">niwa.example</a>', verified_at: "2025-01-01T00:00:00Z" },
      { name: "好きな木", value: "もみじ", verified_at: null },
    ],
  }),
  long: person("3", "averyveryverylongusername@a.long.subdomain.of.somewhere.example", "とても長い名前のひと with an English tail that goes on", 200),
  robin: person("4", "robin@social.example", "Robin", 260, { locked: true }),
  bot: person("5", "tenki", "天気だより", 300, { bot: true, avatar: "", avatar_static: "" }),
};

let serial = 0;
export function status(account, content, minutes, more = {}) {
  const id = idAt(minutes, ++serial % 60000);
  return {
    id,
    uri: `https://home.example/users/${account.username}/statuses/${id}`,
    url: `https://home.example/@${account.acct}/${id}`,
    created_at: ago(minutes),
    edited_at: null,
    account,
    content: content.startsWith("<") ? content : `<p>${content}</p>`,
    visibility: "public",
    sensitive: false,
    spoiler_text: "",
    language: /[ぁ-ん]/.test(content) ? "ja" : "en",
    in_reply_to_id: null,
    in_reply_to_account_id: null,
    reblog: null,
    quote: null,
    quote_approval: { current_user: "automatic" },
    media_attachments: [],
    mentions: [],
    tags: [],
    emojis: [],
    poll: null,
    card: null,
    replies_count: 0,
    reblogs_count: 3,
    favourites_count: 7,
    reactions: [],
    favourited: false,
    reblogged: false,
    bookmarked: false,
    ...more,
  };
}

const hashes = ["LEHV6nWB2yk8pyo0adR*.7kCMdnj", "LGF5]+Yk^6#M@-5c,1J5@[or[Q6.", "L6PZfSi_.AyE_3t7t7R**0o#DgR4"];
let media = 500;
const picture = (hue, w, h, description, more = {}) => ({
  id: String(++media),
  type: "image",
  url: `/fake/picture/${hue}.svg?w=${w}&h=${h}`,
  preview_url: `/fake/picture/${hue}.svg?w=${w}&h=${h}`,
  remote_url: null,
  description,
  blurhash: hashes[media % 3],
  meta: { original: { width: w, height: h }, focus: { x: 0, y: 0.2 } },
  ...more,
});

const { me, aki, long, robin, bot } = people;
const quoted = status(robin, "<p>A veranda is the part of the house that belongs to the neighbours as well.</p>", 400);

export const home = [
  status(aki, '<p>今朝の庭です。霜が降りて、石がよく見えます。 <a href="https://niwa.example/tags/niwa">#庭</a></p>', 2, {
    tags: [{ name: "庭", url: "https://niwa.example/tags/niwa" }],
    reactions: [{ name: "🌱", count: 3, me: true }, { name: "neko", count: 2, me: false, url: "/fake/avatar/50.svg", static_url: "/fake/avatar/50.svg" }],
    media_attachments: [picture(120, 1600, 1000, "霜の降りた庭。飛石が三つ並んでいる。")],
  }),
  status(me, "<p>家だけの話: 明日の夕方、台所の床を直します。</p>", 9, { local_only: true, favourites_count: 1 }),
  status(robin, '<p>Long words and addresses must not break a column: <a href="https://very.long.example/path"><span class="invisible">https://</span><span class="ellipsis">very.long.example/path/that/g</span><span class="invisible">oes/on/and/on</span></a> and <code>code_that_is_rather_long_without_any_space_in_it()</code></p>', 26, { favourited: true, reblogged: true, bookmarked: true, edited_at: ago(20), favourites_count: 1234 }),
  { ...status(robin, "", 31), reblog: status(long, "<p>名前が長いと、どうなるでしょうか。改行と禁則も見ます。「こういう、かぎ括弧」や、促音っ、長音ー、句読点。全部だいじょうぶですか？</p>", 60, { media_attachments: [picture(200, 900, 900, null), picture(210, 1200, 700, "海"), picture(30, 800, 1200, "夕方の駅のホーム")] }) },
  status(aki, "<p>結末まで書いてしまいました。読んだ人だけどうぞ。</p>", 47, { spoiler_text: "「雪国」の結末に触れます", sensitive: true }),
  status(robin, "<p>Which one first?</p>", 70, { poll: { id: "9", expires_at: new Date(now + 5 * 3600e3).toISOString(), expired: false, multiple: false, votes_count: 9, voters_count: 9, options: [{ title: "Backups", votes_count: 5 }, { title: "More backups", votes_count: 3 }, { title: "Tea", votes_count: 1 }], emojis: [], voted: false, own_votes: [] } }),
  status(me, "<p>投票の結果です。</p>", 90, { poll: { id: "10", expires_at: ago(10), expired: true, multiple: false, votes_count: 12, voters_count: 12, options: [{ title: "縁側", votes_count: 8 }, { title: "こたつ", votes_count: 4 }], emojis: [], voted: true, own_votes: [0] } }),
  status(aki, '<p class="quote-inline">RE: https://social.example/1</p><p>この言い方が好きです。</p>', 130, { quote: { state: "accepted", quoted_status: quoted } }),
  status(long, "<p>A link with a card.</p>", 200, { visibility: "unlisted", card: { url: "https://news.example/a", title: "家庭用の小さなサーバーを十年動かし続けるために必要だったこと", description: "", type: "link", provider_name: "News Example", image: "/fake/picture/90.svg", blurhash: hashes[0] } }),
  status(aki, "<p>注意してご覧ください。</p>", 300, { sensitive: true, media_attachments: [picture(0, 1200, 800, "傷の写真"), picture(10, 1200, 800, "傷の写真、その二")] }),
  status(robin, "<p>Just for those who follow me.</p>", 800, { visibility: "private" }),
  status(bot, "<p>明日は晴れ、最高 14 度、最低 3 度。</p>", 1500, { language: "ja" }),
  ...Array.from({ length: 30 }, (_, i) => status([aki, robin, long][i % 3], i % 2 ? `<p>An older post, number ${i}, that is only here so the list is long.</p>` : `<p>少し前の投稿、${i} 番目です。一覧が長くなるように置いてあります。</p>`, 2000 + i * 300)),
];

const mine = home[6];
const reply = status(aki, '<p><span class="h-card"><a href="/@haru" class="u-url mention">@<span>haru</span></a></span> こたつも捨てがたいですね。</p>', 14, { in_reply_to_id: mine.id, in_reply_to_account_id: "1", mentions: [{ id: "1", username: "haru", acct: "haru", url: "/@haru" }] });
const deep = status(me, "<p>冬になったら考えます。</p>", 12, { in_reply_to_id: reply.id, in_reply_to_account_id: "2" });
const deeper = status(robin, "<p>And in summer?</p>", 10, { in_reply_to_id: deep.id, in_reply_to_account_id: "1" });

export const contexts = new Map([
  [mine.id, { ancestors: [], descendants: [reply, deep, deeper] }],
  [reply.id, { ancestors: [mine], descendants: [deep, deeper] }],
  [deep.id, { ancestors: [mine, reply], descendants: [deeper] }],
]);
export const extra = [reply, deep, deeper, quoted, home[3].reblog];

const notice = (type, account, minutes, s) => ({ id: idAt(minutes, ++serial), type, created_at: ago(minutes), account, status: s ?? null });
export const notifications = [
  notice("mention", aki, 14, reply),
  notice("favourite", robin, 18, mine),
  notice("favourite", aki, 19, mine),
  notice("favourite", long, 20, mine),
  notice("reblog", long, 22, mine),
  notice("follow", robin, 45),
  notice("follow_request", long, 60),
  notice("poll", me, 70, mine),
  notice("added_to_collection", aki, 600),
];

/** The same as v2 answers: together by kind and post. */
export function grouped(list) {
  const groups = [];
  for (const n of list) {
    const key = n.status && ["favourite", "reblog"].includes(n.type) ? `${n.type}-${n.status.id}` : `ungrouped-${n.id}`;
    const known = groups.find((g) => g.group_key === key);
    if (known) {
      known.notifications_count++;
      known.sample_account_ids.push(n.account.id);
    } else groups.push({ group_key: key, notifications_count: 1, type: n.type, most_recent_notification_id: n.id, latest_page_notification_at: n.created_at, sample_account_ids: [n.account.id], status_id: n.status?.id ?? null });
  }
  return { accounts: Object.values(people), statuses: list.flatMap((n) => n.status ?? []), notification_groups: groups };
}

export const local = [home[11], ...home.filter((s) => s.account === me && !s.local_only)];
export const publicLine = home.filter((s) => s.visibility === "public" && !s.reblog);

export const instance = {
  domain: "home.example",
  title: "春の家",
  version: "4.5.0",
  configuration: {
    urls: {},
    statuses: { max_characters: 500, max_media_attachments: 4, characters_reserved_per_url: 23, allow_local_only: true },
    media_attachments: { supported_mime_types: ["image/png", "image/jpeg"], description_limit: 1500 },
    polls: { max_options: 4, max_characters_per_option: 50 },
    translation: { enabled: true },
    vapid: { public_key: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4" },
  },
};

export function pictureSvg(hue, w = 800, h = 600) {
  const c = (l) => `hsl(${hue} 35% ${l}%)`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}" width="${w}" height="${h}"><rect width="${w}" height="${h}" fill="${c(78)}"/><circle cx="${w * 0.7}" cy="${h * 0.3}" r="${h * 0.12}" fill="${c(92)}"/><path d="M0 ${h * 0.7} Q${w * 0.3} ${h * 0.4} ${w * 0.6} ${h * 0.7} T${w} ${h * 0.65} V${h} H0z" fill="${c(45)}"/><path d="M0 ${h * 0.85} Q${w * 0.4} ${h * 0.6} ${w} ${h * 0.8} V${h} H0z" fill="${c(30)}"/></svg>`;
}

export function avatarSvg(hue) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" fill="hsl(${hue} 40% 70%)"/><circle cx="32" cy="26" r="12" fill="hsl(${hue} 30% 35%)"/><path d="M8 64c2-18 12-24 24-24s22 6 24 24z" fill="hsl(${hue} 30% 35%)"/></svg>`;
}
