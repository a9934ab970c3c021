// A Note or Question out of a verb's arguments.
import { Collection, Document, Hashtag, LanguageString, Mention, Note, Question, Source } from "@fedify/fedify/vocab";
import { Temporal } from "@js-temporal/polyfill";

const escape = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** Content that begins with "<" is HTML as it is; anything else becomes one paragraph. */
const html = (text) => text.startsWith("<") ? text : `<p>${escape(text)}</p>`;

/**
 * @param args content, summary, sensitive, language, hashtags: ["name"], attachments: [{url, mediaType, name}],
 *   poll: {options: [text], multiple, seconds}, name (a vote), source: {content, mediaType}
 * @param addressed { tos, ccs }
 * @param mentions actors to be named in tags
 * @param parent the object answered, or undefined
 */
export function write({ ctx, person, uri, args, addressed, mentions, parent }) {
  const Type = args.poll ? Question : Note;
  const values = { identifier: person.name, id: crypto.randomUUID() };
  const id = ctx.getObjectUri(Type, values);
  const content = args.content == null ? null : html(args.content);
  return new Type({
    id,
    url: args.poll || args.name ? null : new URL(`/@${person.name}/${values.id}`, ctx.canonicalOrigin),
    attribution: uri,
    ...addressed,
    replyTarget: parent?.id ?? null,
    content: content && args.language ? new LanguageString(content, args.language) : content,
    name: args.name ?? null,
    summary: args.summary ?? null,
    sensitive: args.sensitive ?? null,
    source: args.source ? new Source(args.source) : null,
    published: Temporal.Now.instant(),
    tags: [...mentions.map((actor) => mention(actor)), ...(args.hashtags ?? []).map((name) => hashtag(ctx, name))],
    attachments: (args.attachments ?? []).map(({ url, mediaType, name }) => new Document({ url: new URL(url), mediaType, name })),
    ...(args.poll ? question(args.poll) : {}),
  });
}

const mention = (actor) => new Mention({ href: actor.id, name: `@${actor.preferredUsername}@${actor.id.host}` });
const hashtag = (ctx, name) => new Hashtag({ name: `#${name}`, href: new URL(`/tags/${encodeURIComponent(name)}`, ctx.canonicalOrigin) });

function question({ options, multiple, seconds }) {
  const notes = options.map((name) => new Note({ name, replies: new Collection({ totalItems: 0 }) }));
  return {
    [multiple ? "inclusiveOptions" : "exclusiveOptions"]: notes,
    endTime: Temporal.Now.instant().add({ seconds: seconds ?? 3600 }),
    voters: 0,
  };
}

/** The same post with other content or another summary. */
export function edited(object, args) {
  const change = { updated: Temporal.Now.instant() };
  if (args.content !== undefined) change.content = html(args.content);
  if (args.summary !== undefined) change.summary = args.summary;
  return object.clone(change);
}
