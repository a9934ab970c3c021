// What this server makes of what it is sent. Fedify has verified the sender before any of this runs.
import {
  Accept, Add, Announce, Block, Create, Delete, EmojiReact, Flag, Follow, Like, Move, Question, Reject, Remove, Undo, Update,
} from "@fedify/fedify/vocab";

/** The verbs understood, each with what it does. */
const verbs = [
  [Follow, follow],
  [Accept, (world, _ctx, a) => answer(world, a, "accepted")],
  [Reject, (world, _ctx, a) => answer(world, a, "rejected")],
  [Undo, undo],
  [Create, create],
  [Update, update],
  [Delete, remove],
  [Like, (world, _ctx, a) => keep(world.likes, a, { content: text(a.content), type: "Like" })],
  [EmojiReact, (world, _ctx, a) => keep(world.likes, a, { content: text(a.content), type: "EmojiReact" })],
  [Announce, (world, _ctx, a) => keep(world.shares, a, { to: hrefs(a.toIds), cc: hrefs(a.ccIds) })],
  [Block, (world, _ctx, a) => keep(world.blocks, a, {})],
  [Move, (world, _ctx, a) => world.moves.push({ ...who(a), target: a.targetId?.href })],
  [Flag, (world, _ctx, a) => world.reports.push({ ...who(a), objects: hrefs(a.objectIds), content: text(a.content) })],
  [Add, (world, _ctx, a) => world.pins.push({ ...who(a), target: a.targetId?.href, verb: "Add" })],
  [Remove, (world, _ctx, a) => world.pins.push({ ...who(a), target: a.targetId?.href, verb: "Remove" })],
];

export function listen(federation, world) {
  const listeners = federation
    .setInboxListeners("/users/{identifier}/inbox", "/inbox")
    .setSharedKeyDispatcher(() => ({ identifier: world.people.keys().next().value }))
    .onError((_ctx, error) => world.errors.push(`inbox: ${error.message}`));
  for (const [type, act] of verbs) listeners.on(type, (ctx, activity) => act(world, ctx, activity));
}

const text = (value) => value == null ? null : String(value);
const hrefs = (uris) => uris.map((uri) => uri.href);
const who = (a) => ({ id: a.id?.href, actor: a.actorId?.href, object: a.objectId?.href });

function keep(map, activity, more) {
  map.set(activity.id?.href, { ...who(activity), ...more });
}

async function follow(world, ctx, activity) {
  const target = ctx.parseUri(activity.objectId);
  const person = target?.type === "actor" ? world.people.get(target.identifier) : null;
  const actor = await activity.getActor(ctx);
  if (!person || !actor?.id || !actor.inboxId) return;
  if (person.accept === "auto") return decide(world, ctx, person, actor, activity, Accept);
  if (person.accept === "reject") return decide(world, ctx, person, actor, activity, Reject);
  person.pending.set(actor.id.href, { actor, activity });
}

/** Answers a Follow with an Accept or a Reject and remembers the follower accordingly. */
export async function decide(world, ctx, person, actor, activity, Answer) {
  const uri = actor.id.href;
  person.pending.delete(uri);
  if (Answer === Accept) person.followers.set(uri, { id: actor.id, inboxId: actor.inboxId, endpoints: actor.endpoints, activity });
  else person.followers.delete(uri);
  const reply = new Answer({ id: world.newId("activities"), actor: ctx.getActorUri(person.name), to: actor.id, object: activity });
  world.sent.set(reply.id.href, { activity: reply, author: person.name, recipients: [actor] });
  await ctx.sendActivity({ identifier: person.name }, actor, reply);
  return reply;
}

/** An Accept or Reject of a Follow of ours counts only from whom was asked. */
function answer(world, activity, state) {
  const ours = world.sent.get(activity.objectId?.href);
  if (!(ours?.activity instanceof Follow)) return;
  const asked = ours.activity.objectId.href;
  if (activity.actorId?.href === asked) world.person(ours.author).following.set(asked, state);
}

async function undo(world, ctx, activity) {
  const id = activity.objectId?.href;
  for (const map of [world.likes, world.shares, world.blocks]) {
    if (map.get(id)?.actor === activity.actorId?.href) map.delete(id);
  }
  const undone = await activity.getObject(ctx);
  if (!(undone instanceof Follow)) return;
  const target = ctx.parseUri(undone.objectId);
  if (target?.type !== "actor") return;
  world.people.get(target.identifier)?.followers.delete(activity.actorId?.href);
  world.people.get(target.identifier)?.pending.delete(activity.actorId?.href);
}

async function create(world, ctx, activity) {
  const object = await activity.getObject(ctx);
  if (!object?.id) return;
  if (!vote(world, object)) world.seen.set(object.id.href, await understood(ctx, object));
}

/** A Note with a name that answers a Question of ours is a vote. */
function vote(world, object) {
  const poll = world.notes.get(object.replyTargetId?.href);
  if (!(poll?.object instanceof Question) || object.name == null) return false;
  const option = text(object.name);
  if (Object.hasOwn(poll.votes, option)) {
    poll.votes[option]++;
    poll.voters.add(object.attributionId?.href);
  }
  return true;
}

async function update(world, ctx, activity) {
  const object = await activity.getObject(ctx);
  if (object?.id) world.seen.set(object.id.href, { ...await understood(ctx, object), edited: true });
}

function remove(world, _ctx, activity) {
  const uri = activity.objectId?.href;
  world.seen.delete(uri);
  world.deletions.push(who(activity));
  if (uri !== activity.actorId?.href) return;
  for (const person of world.people.values()) {
    person.followers.delete(uri);
    person.following.delete(uri);
  }
}

/** What Fedify's vocabulary made of a post or profile: the proof that it could be read. */
async function understood(ctx, object) {
  const tags = [];
  for await (const tag of object.getTags(ctx)) tags.push({ type: tag.constructor.name, name: text(tag.name), href: tag.href?.href });
  const attachments = [];
  for await (const a of object.getAttachments(ctx)) {
    attachments.push({ type: a.constructor.name, name: text(a.name), url: a.url?.href?.href ?? a.url?.href, mediaType: a.mediaType });
  }
  return {
    id: object.id.href,
    type: object.constructor.name,
    attributedTo: object.attributionId?.href,
    inReplyTo: object.replyTargetId?.href,
    content: text(object.content),
    name: text(object.name),
    summary: text(object.summary),
    sensitive: object.sensitive,
    to: hrefs(object.toIds),
    cc: hrefs(object.ccIds),
    published: object.published?.toString(),
    updated: object.updated?.toString(),
    options: object instanceof Question ? await options(ctx, object) : undefined,
    tags,
    attachments,
  };
}

async function options(ctx, question) {
  const found = [];
  for (const list of [question.getExclusiveOptions(ctx), question.getInclusiveOptions(ctx)]) {
    for await (const option of list) {
      found.push({ name: text(option.name), votes: (await option.getReplies(ctx))?.totalItems ?? 0 });
    }
  }
  return found;
}
