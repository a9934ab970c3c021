// What this server knows: its own people and what they said and sent, and what it believes about the others.
import { generateCryptoKeyPair } from "@fedify/fedify";

export class Person {
  /** URI of the follower → { id, inboxId, endpoints }, a Recipient in Fedify's words. */
  followers = new Map();
  /** URI of whom is followed → "asked" | "accepted" | "rejected". */
  following = new Map();
  /** URI of the follower → its Follow, waiting for an answer. */
  pending = new Map();
  /** URIs of pinned notes, newest first. */
  featured = [];
  /** What a Follow meets: "auto" accepts, "manual" waits for the verbs accept and reject, "reject" refuses. */
  accept = "auto";
  profile = { name: null, summary: null };
  aliases = [];
  movedTo = null;
  gone = false;
  #keys;

  constructor(name) {
    this.name = name;
  }

  /** RSA for HTTP signatures and Ed25519 for integrity proofs; made when first asked for, then kept. */
  keys() {
    this.#keys ??= Promise.all([rsa(), generateCryptoKeyPair("Ed25519")]);
    return this.#keys;
  }
}

/** 2048 bits, as Mastodon's keys are; Fedify's own generator makes 4096 and takes seconds. */
function rsa() {
  return crypto.subtle.generateKey(
    { name: "RSASSA-PKCS1-v1_5", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" },
    true,
    ["sign", "verify"],
  );
}

export class World {
  people = new Map();
  /** URI of our Note or Question → { object, visibility, author, votes, voters }. */
  notes = new Map();
  /** id of an activity of ours → { activity, author, recipients }. */
  sent = new Map();
  /** URI of a post of others → what of it was understood. */
  seen = new Map();
  /** What others did, each with the id of the activity, so that an Undo finds it. */
  likes = new Map();
  shares = new Map();
  blocks = new Map();
  deletions = [];
  moves = [];
  reports = [];
  pins = [];
  errors = [];

  constructor(origin, names) {
    this.origin = origin;
    for (const name of names) this.people.set(name, new Person(name));
  }

  /** The person of that name; the error names who there is. */
  person(name) {
    const person = this.people.get(name);
    if (!person) throw new Error(`no person "${name}" here: there are ${[...this.people.keys()].join(", ")}`);
    return person;
  }

  newId(kind) {
    return new URL(`/${kind}/${crypto.randomUUID()}`, this.origin);
  }

  /** Everything but keys, as JSON; Maps become objects. */
  toJSON() {
    const people = {};
    for (const [name, p] of this.people) {
      people[name] = {
        followers: [...p.followers.keys()],
        following: Object.fromEntries(p.following),
        pending: [...p.pending.keys()],
        featured: p.featured,
        gone: p.gone,
        movedTo: p.movedTo,
      };
    }
    const notes = {};
    for (const [id, n] of this.notes) notes[id] = { author: n.author, visibility: n.visibility, votes: n.votes, voters: n.voters.size };
    return {
      people,
      notes,
      seen: Object.fromEntries(this.seen),
      likes: [...this.likes.values()],
      shares: [...this.shares.values()],
      blocks: [...this.blocks.values()],
      deletions: this.deletions,
      moves: this.moves,
      reports: this.reports,
      pins: this.pins,
      errors: this.errors,
    };
  }
}
