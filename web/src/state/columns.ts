// Which columns there are, and how one is named in the settings: "home", "tag:庭", "list:12".

/** Columns there is one of. */
export const plainKinds = ["home", "notifications", "mentions", "local", "public", "conversations", "bookmarks", "favourites"] as const;
/** Columns of something: a list, a lane, a tag, a person, words. */
export const argKinds = ["lane", "list", "tag", "account", "search"] as const;

export type PlainKind = (typeof plainKinds)[number];
export type ArgKind = (typeof argKinds)[number];
export type ColumnKind = PlainKind | ArgKind;

/** A plain kind, or KIND:ARGUMENT. */
export type ColumnId = string;

export interface ColumnSpec {
  kind: ColumnKind;
  /** Of a lane "LINK/LIST" (the ids of its link and of its list); of a list or an account its id; a tag in lower case; words. */
  arg: string;
}

const shapes: Record<ArgKind, RegExp> = {
  lane: /^\d{1,20}\/\d{1,20}$/,
  list: /^\d{1,20}$/,
  account: /^-?\d{1,20}$/,
  tag: /^[^\s#/?:]{1,100}$/u,
  search: /^.{1,200}$/u,
};

const isPlain = (s: string): s is PlainKind => (plainKinds as readonly string[]).includes(s);
const isArg = (s: string): s is ArgKind => (argKinds as readonly string[]).includes(s);

/** Reads the name of a column; null when there is no such. */
export function parseColumn(id: ColumnId): ColumnSpec | null {
  if (isPlain(id)) return { kind: id, arg: "" };
  const at = id.indexOf(":");
  const kind = id.slice(0, Math.max(0, at));
  const arg = id.slice(at + 1);
  return isArg(kind) && shapes[kind].test(arg) ? { kind, arg } : null;
}

export function columnId(kind: ArgKind, arg: string): ColumnId {
  return `${kind}:${kind === "tag" ? arg.replace(/^#/, "").toLowerCase() : arg.trim()}`;
}

/** The columns with the one at `from` standing at `to`, both counted from 0. */
export function moved(columns: readonly ColumnId[], from: number, to: number): ColumnId[] {
  const out = [...columns];
  if (from < 0 || from >= out.length || to < 0 || to >= out.length) return out;
  const [one] = out.splice(from, 1);
  out.splice(to, 0, one!);
  return out;
}

/** What was kept, without what there is no column of, and each once. */
export function keptColumns(kept: unknown, otherwise: readonly ColumnId[]): ColumnId[] {
  if (!Array.isArray(kept)) return [...otherwise];
  const known = [...new Set(kept.filter((x): x is string => typeof x === "string"))].filter((id) => parseColumn(id));
  return known.length ? known.slice(0, 40) : [...otherwise];
}
