// The server as others see it: who and what can be asked for, at which path. Inbox listeners are in inbox.mjs.
import { createFederation, MemoryKvStore } from "@fedify/fedify";
import { Create, Endpoints, Note, PUBLIC_COLLECTION, Person as PersonObject, Question, Tombstone } from "@fedify/fedify/vocab";
import { Temporal } from "@js-temporal/polyfill";
import { listen } from "./inbox.mjs";

/**
 * @param origin public origin, "https://fedify.test"
 * @param firstKnock "rfc9421" or "draft-cavage-http-signatures-12": the signature tried first
 *
 * There is no queue on purpose: what a verb sends has arrived, or failed with the answer it got, when the verb returns.
 */
export function federate({ world, origin, firstKnock }) {
  const federation = createFederation({
    kv: new MemoryKvStore(),
    origin,
    firstKnock,
    allowPrivateAddress: true, // everything is on loopback here
    circuitBreaker: false, // a test decides itself when to try again
    onOutboxError: (error) => world.errors.push(`sending: ${error.message}`),
  });
  federation.setNodeInfoDispatcher("/nodeinfo/2.1", () => ({
    software: { name: "fedify-peer", version: { major: 2, minor: 3, patch: 6 } },
    protocols: ["activitypub"],
    usage: { users: { total: world.people.size }, localPosts: world.notes.size, localComments: 0 },
  }));
  federation
    .setActorDispatcher("/users/{identifier}", (ctx, name) => {
      const person = world.people.get(name);
      if (!person) return null;
      return person.gone ? new Tombstone({ id: ctx.getActorUri(name), deleted: Temporal.Now.instant() }) : personObject(ctx, person);
    })
    .setKeyPairsDispatcher((_ctx, name) => world.people.get(name)?.keys() ?? []);
  collections(federation, world);
  objects(federation, world);
  listen(federation, world);
  return federation;
}

/** The ActivityPub document of a person of ours. */
export async function personObject(ctx, person) {
  const keys = await ctx.getActorKeyPairs(person.name);
  return new PersonObject({
    id: ctx.getActorUri(person.name),
    url: new URL(`/@${person.name}`, ctx.canonicalOrigin),
    preferredUsername: person.name,
    name: person.profile.name ?? person.name,
    summary: person.profile.summary,
    inbox: ctx.getInboxUri(person.name),
    outbox: ctx.getOutboxUri(person.name),
    followers: ctx.getFollowersUri(person.name),
    following: ctx.getFollowingUri(person.name),
    featured: ctx.getFeaturedUri(person.name),
    endpoints: new Endpoints({ sharedInbox: ctx.getInboxUri() }),
    publicKey: keys[0].cryptographicKey,
    assertionMethods: keys.map((key) => key.multikey),
    manuallyApprovesFollowers: person.accept !== "auto",
    discoverable: true,
    published: Temporal.Instant.from("2026-01-01T00:00:00Z"),
    aliases: person.aliases.map((uri) => new URL(uri)),
    successor: person.movedTo ? new URL(person.movedTo) : null,
  });
}

function collections(federation, world) {
  const of = (read) => (ctx, name) => {
    const person = world.people.get(name);
    return person ? { items: read(person, ctx) } : null;
  };
  const count = (read) => (_ctx, name) => read(world.person(name));
  federation.setFollowersDispatcher("/users/{identifier}/followers", of((p) => [...p.followers.values()]))
    .setCounter(count((p) => p.followers.size));
  federation.setFollowingDispatcher("/users/{identifier}/following", of((p) =>
    [...p.following].filter(([, state]) => state === "accepted").map(([uri]) => new URL(uri))))
    .setCounter(count((p) => p.following.size));
  federation.setFeaturedDispatcher("/users/{identifier}/featured", of((p) =>
    p.featured.flatMap((uri) => world.notes.get(uri)?.object ?? [])));
  federation.setOutboxDispatcher("/users/{identifier}/outbox", of((p) => outbox(world, p)))
    .setCounter(count((p) => outbox(world, p).length));
}

/** Public Creates, newest first; what is for fewer people is not listed. */
function outbox(world, person) {
  return [...world.sent.values()]
    .filter(({ activity, author, visibility }) => author === person.name && activity instanceof Create && isOpen(visibility))
    .map(({ activity }) => activity)
    .reverse();
}

const isOpen = (visibility) => visibility === "public" || visibility === "unlisted";

function objects(federation, world) {
  const dispatch = (type) => (ctx, values) => world.notes.get(ctx.getObjectUri(type, values).href)?.object ?? null;
  const allow = (type) => async (ctx, values) => {
    const note = world.notes.get(ctx.getObjectUri(type, values).href);
    if (!note || isOpen(note.visibility)) return true;
    const reader = (await ctx.getSignedKeyOwner())?.id?.href;
    return reader != null && mayRead(world, note, reader);
  };
  federation.setObjectDispatcher(Note, "/users/{identifier}/notes/{id}", dispatch(Note)).authorize(allow(Note));
  federation.setObjectDispatcher(Question, "/users/{identifier}/questions/{id}", dispatch(Question)).authorize(allow(Question));
}

function mayRead(world, note, reader) {
  const named = [...note.object.toIds, ...note.object.ccIds].some((uri) => uri.href === reader);
  return named || (note.visibility === "followers" && world.person(note.author).followers.has(reader));
}

/** to and cc of a post of this visibility, as Mastodon writes them. */
export function audience(ctx, author, visibility, mentions) {
  const followers = ctx.getFollowersUri(author);
  switch (visibility) {
    case "public": return { tos: [PUBLIC_COLLECTION], ccs: [followers, ...mentions] };
    case "unlisted": return { tos: [followers], ccs: [PUBLIC_COLLECTION, ...mentions] };
    case "followers": return { tos: [followers], ccs: mentions };
    case "direct": return { tos: mentions, ccs: [] };
    default: throw new Error(`no visibility "${visibility}": public, unlisted, followers or direct`);
  }
}
