// What a test can have this server do: POST /do {"verb": …, "actor": name, …}. Each verb answers with what it made.
// Common words: `actor` is one of our people; `target` is a URI or a handle (@name@host); `id` is that of an activity.
import { signRequest } from "@fedify/fedify";
import {
  Accept, Add, Announce, Block, Create, Delete, EmojiReact, Flag, Follow, Like, Move, PUBLIC_COLLECTION, Reject, Remove, Tombstone, Undo, Update,
} from "@fedify/fedify/vocab";
import { audience, personObject } from "./federation.mjs";
import { decide } from "./inbox.mjs";
import { Person } from "./world.mjs";
import { edited, write } from "./write.mjs";

export const verbs = {
  person, set, lookup, fetch: fetchSigned, raw,
  follow, accept: (at) => settle(at, Accept), reject: (at) => settle(at, Reject),
  note, update, delete: remove, vote,
  like: (at) => react(at, Like), react: (at) => react(at, EmojiReact), announce,
  undo, block, move, flag,
  pin: (at) => pin(at, Add), unpin: (at) => pin(at, Remove),
};

/**
 * Runs a verb. `at` is what every verb gets: the world, a Fedify context, the person who acts and the arguments.
 */
export async function run({ world, ctx, args }) {
  const verb = Object.hasOwn(verbs, args.verb ?? "") ? verbs[args.verb] : null;
  if (!verb) throw new Error(`no verb "${args.verb}": there are ${Object.keys(verbs).join(", ")}`);
  const who = verb === person ? null : world.person(args.actor ?? world.people.keys().next().value);
  return await verb({ world, ctx, person: who, args, uri: who && ctx.getActorUri(who.name) });
}

/** {name}: another person. */
function person({ world, args, ctx }) {
  if (!world.people.has(args.name)) world.people.set(args.name, new Person(args.name));
  return { object: ctx.getActorUri(args.name).href };
}

/** {accept: "auto" | "manual" | "reject", aliases: [URI]}: how this person behaves; sends nothing. */
function set({ person, args, uri }) {
  if (args.accept !== undefined) person.accept = args.accept;
  if (args.aliases !== undefined) person.aliases = args.aliases;
  return { object: uri.href };
}

/** {target}: what is there, as Fedify understands it, written again as JSON-LD. */
async function lookup(at) {
  const object = await resolve(at, at.args.target);
  return { object: object.id?.href, document: await object.toJsonLd({ contextLoader: at.ctx.contextLoader }) };
}

/** {target: URI}: the document as it came, asked for with this person's signature. */
async function fetchSigned({ ctx, person, args }) {
  const load = await ctx.getDocumentLoader({ identifier: person.name });
  const { document, documentUrl } = await load(args.target);
  return { object: documentUrl, document };
}

/** {inbox, activity, unsigned}: posts these very bytes of JSON, truthful or not, and says how the inbox answered. */
async function raw({ ctx, person, args }) {
  const body = JSON.stringify(args.activity);
  let request = new Request(args.inbox, { method: "POST", body, headers: { "content-type": "application/activity+json" } });
  if (!args.unsigned) {
    const [key] = await ctx.getActorKeyPairs(person.name);
    request = await signRequest(request, key.privateKey, key.keyId, { spec: args.spec ?? "draft-cavage-http-signatures-12" });
  }
  const response = await fetch(request);
  return { status: response.status, body: await response.text() };
}

export async function resolve({ ctx, person }, target) {
  const documentLoader = await ctx.getDocumentLoader({ identifier: person.name });
  const object = await ctx.lookupObject(target, { documentLoader });
  if (!object) throw new Error(`nothing to be found at ${target}`);
  return object;
}

/** A post and its author, whoever's it is. */
async function resolvePost(at, target) {
  const own = at.world.notes.get(target);
  const object = own?.object ?? await resolve(at, target);
  const author = object.attributionId && await resolve(at, object.attributionId.href);
  return { object, author };
}

/** Signs, sends and remembers an activity. It has arrived everywhere when this returns; else this throws. */
async function send({ world, ctx, person }, activity, recipients, more = {}) {
  world.sent.set(activity.id.href, { activity, author: person.name, recipients, ...more });
  await ctx.sendActivity({ identifier: person.name }, recipients, activity, { preferSharedInbox: more.shared ?? false });
  return { id: activity.id.href, ...more.result };
}

const head = ({ world, uri }) => ({ id: world.newId("activities"), actor: uri });
const followers = ({ person }) => [...person.followers.values()];

/** {target}: asks to follow. */
async function follow(at) {
  const target = await resolve(at, at.args.target);
  if (!at.person.following.has(target.id.href)) at.person.following.set(target.id.href, "asked");
  return await send(at, new Follow({ ...head(at), object: target.id, to: target.id }), [target]);
}

/** {target: URI of the follower}: answers a Follow that waits, or takes back what was granted. */
async function settle({ world, ctx, person, args }, Answer) {
  const waiting = person.pending.get(args.target);
  const granted = person.followers.get(args.target);
  if (!waiting && !granted) throw new Error(`${args.target} neither waits nor follows: waiting are ${[...person.pending.keys()].join(", ") || "none"}`);
  const reply = await decide(world, ctx, person, waiting?.actor ?? granted, waiting?.activity ?? granted.activity, Answer);
  return { id: reply.id.href };
}

/**
 * {content, visibility, to: [targets], inReplyTo, summary, sensitive, language, hashtags, attachments, poll}: says something;
 * see write.mjs. Visibility is public unless given.
 */
async function note(at) {
  const { world, ctx, person, args, uri } = at;
  const mentions = await Promise.all((args.to ?? []).map((target) => resolve(at, target)));
  const parent = args.inReplyTo ? await resolvePost(at, args.inReplyTo) : null;
  if (parent?.author && !mentions.some((m) => m.id.href === parent.author.id.href)) mentions.push(parent.author);
  const visibility = args.visibility ?? "public";
  const addressed = audience(ctx, person.name, visibility, mentions.map((m) => m.id));
  const object = write({ ctx, person, uri, args, addressed, mentions, parent: parent?.object });
  const votes = Object.fromEntries((args.poll?.options ?? []).map((option) => [option, 0]));
  world.notes.set(object.id.href, { object, visibility, author: person.name, votes, voters: new Set() });
  const recipients = visibility === "direct" ? mentions : [...followers(at), ...mentions];
  return await send(at, new Create({ ...head(at), object, ...addressed }), recipients,
    { visibility, shared: true, result: { object: object.id.href } });
}

/** {target: URI of a note of ours, content, summary} edits it; without a target {name, summary} edits the profile. */
async function update(at) {
  const { world, ctx, person, args } = at;
  if (!args.target) {
    Object.assign(person.profile, { name: args.name ?? person.profile.name, summary: args.summary ?? person.profile.summary });
    const object = await personObject(ctx, person);
    return await send(at, new Update({ ...head(at), object, to: PUBLIC_COLLECTION }), followers(at), { shared: true });
  }
  const kept = own(world, args.target);
  kept.object = edited(kept.object, args);
  const { tos, ccs } = { tos: kept.object.toIds, ccs: kept.object.ccIds };
  return await send(at, new Update({ ...head(at), object: kept.object, tos, ccs }), received(world, args.target),
    { shared: true, result: { object: args.target } });
}

function own(world, uri) {
  const kept = world.notes.get(uri);
  if (!kept) throw new Error(`${uri} is no note of ours`);
  return kept;
}

/** Whom the Create of that note went to. */
function received(world, uri) {
  for (const { activity, recipients } of world.sent.values()) {
    if (activity instanceof Create && activity.objectId?.href === uri) return recipients;
  }
  return [];
}

/** {target: URI of a note of ours}; without a target the person themself goes. */
async function remove(at) {
  const { world, person, args, uri } = at;
  if (!args.target) {
    const recipients = followers(at);
    const sent = await send(at, new Delete({ ...head(at), object: uri, to: PUBLIC_COLLECTION }), recipients, { shared: true });
    person.gone = true;
    return sent;
  }
  own(world, args.target);
  const recipients = received(world, args.target);
  world.notes.delete(args.target);
  const object = new Tombstone({ id: new URL(args.target) });
  return await send(at, new Delete({ ...head(at), object, to: PUBLIC_COLLECTION }), recipients, { shared: true });
}

/** {target: URI of a Question, name: the option}. */
async function vote(at) {
  const { ctx, person, args, uri } = at;
  const { object: question, author } = await resolvePost(at, args.target);
  const object = write({ ctx, person, uri, args: { name: args.name }, addressed: { tos: [author.id], ccs: [] }, mentions: [], parent: question });
  return await send(at, new Create({ ...head(at), object, to: author.id }), [author], { result: { object: object.id.href } });
}

/** {target: URI of a post, content: the emoji}. */
async function react(at, Verb) {
  const { object, author } = await resolvePost(at, at.args.target);
  return await send(at, new Verb({ ...head(at), object: object.id, to: author.id, content: at.args.content ?? null }), [author]);
}

/** {target: URI of a post, visibility}. */
async function announce(at) {
  const { object, author } = await resolvePost(at, at.args.target);
  const addressed = audience(at.ctx, at.person.name, at.args.visibility ?? "public", [author.id]);
  return await send(at, new Announce({ ...head(at), object: object.id, ...addressed }), [...followers(at), author], { shared: true });
}

/** {id}: takes back an activity of ours. */
async function undo(at) {
  const { world, person, args } = at;
  const sent = world.sent.get(args.id);
  if (!sent) throw new Error(`${args.id} is no activity of ours`);
  if (sent.activity instanceof Follow) person.following.delete(sent.activity.objectId.href);
  const { toIds: tos, ccIds: ccs } = sent.activity;
  return await send(at, new Undo({ ...head(at), object: sent.activity, tos, ccs }), sent.recipients);
}

/** {target}. A block ends following in both directions. */
async function block(at) {
  const target = await resolve(at, at.args.target);
  at.person.followers.delete(target.id.href);
  at.person.following.delete(target.id.href);
  return await send(at, new Block({ ...head(at), object: target.id, to: target.id }), [target]);
}

/** {target}: tells the followers that this person lives there now. The target must have our URI among its aliases. */
async function move(at) {
  const target = await resolve(at, at.args.target);
  at.person.movedTo = target.id.href;
  return await send(at, new Move({ ...head(at), object: at.uri, target: target.id, to: at.ctx.getFollowersUri(at.person.name) }),
    followers(at), { shared: true });
}

/** {target: whom, posts: [URI], content}: reports to the target's server. */
async function flag(at) {
  const target = await resolve(at, at.args.target);
  const objects = [target.id, ...(at.args.posts ?? []).map((uri) => new URL(uri))];
  return await send(at, new Flag({ ...head(at), objects, content: at.args.content ?? "", to: target.id }), [target], { shared: true });
}

/** {target: URI of a note of ours}. */
async function pin(at, Verb) {
  const { world, ctx, person, args } = at;
  const object = own(world, args.target).object.id;
  person.featured = person.featured.filter((uri) => uri !== args.target);
  if (Verb === Add) person.featured.unshift(args.target);
  return await send(at, new Verb({ ...head(at), object, target: ctx.getFeaturedUri(person.name), to: PUBLIC_COLLECTION }),
    followers(at), { shared: true });
}
