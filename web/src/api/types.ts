// The parts of the Mastodon client API that the deck reads, written by hand.
// Optional means: a home may leave it out. Ids are decimal strings (see compareIds).

export type Visibility = "public" | "unlisted" | "private" | "direct" | "local";

export interface Emoji {
  shortcode: string;
  url: string;
  static_url: string;
}

export interface Field {
  name: string;
  value: string;
  verified_at: string | null;
}

export interface Account {
  id: string;
  username: string;
  acct: string;
  display_name: string;
  url: string;
  avatar: string;
  avatar_static: string;
  header_static: string;
  note: string;
  locked: boolean;
  bot: boolean;
  group?: boolean;
  emojis: Emoji[];
  fields: Field[];
  created_at: string;
  followers_count: number;
  following_count: number;
  statuses_count: number;
  moved?: Account | null;
}

export interface CredentialAccount extends Account {
  source?: { privacy?: Visibility; language?: string | null; sensitive?: boolean };
}

export interface Relationship {
  id: string;
  following: boolean;
  requested: boolean;
  followed_by: boolean;
  blocking: boolean;
  muting: boolean;
}

export interface Focus {
  x: number;
  y: number;
}

export interface Media {
  id: string;
  type: "image" | "gifv" | "video" | "audio" | "unknown";
  url: string | null;
  preview_url: string | null;
  remote_url?: string | null;
  description: string | null;
  blurhash: string | null;
  meta?: {
    focus?: Focus;
    original?: { width?: number; height?: number };
    small?: { width?: number; height?: number };
  } | null;
}

export interface Poll {
  id: string;
  expires_at: string | null;
  expired: boolean;
  multiple: boolean;
  votes_count: number;
  voters_count: number | null;
  options: { title: string; votes_count: number | null }[];
  emojis: Emoji[];
  voted?: boolean;
  own_votes?: number[];
}

export interface Card {
  url: string;
  title: string;
  description: string;
  type: string;
  provider_name: string;
  image: string | null;
  blurhash: string | null;
}

export interface Mention {
  id: string;
  username: string;
  acct: string;
  url: string;
}

export interface Quote {
  state: string;
  quoted_status?: Status | null;
  quoted_status_id?: string | null;
}

export interface Status {
  id: string;
  uri: string;
  url: string | null;
  created_at: string;
  edited_at: string | null;
  account: Account;
  content: string;
  visibility: Visibility;
  local_only?: boolean;
  sensitive: boolean;
  spoiler_text: string;
  language: string | null;
  in_reply_to_id: string | null;
  in_reply_to_account_id: string | null;
  reblog: Status | null;
  quote?: Quote | null;
  quote_approval?: { current_user: "automatic" | "manual" | "denied" | "unknown" };
  media_attachments: Media[];
  mentions: Mention[];
  tags: { name: string; url: string }[];
  emojis: Emoji[];
  poll: Poll | null;
  card: Card | null;
  replies_count: number;
  reblogs_count: number;
  favourites_count: number;
  favourited?: boolean;
  reblogged?: boolean;
  bookmarked?: boolean;
  filtered?: { filter: { title: string; filter_action: "warn" | "hide" | "blur" } }[];
}

export interface Notification {
  id: string;
  type: string;
  created_at: string;
  account: Account;
  status?: Status | null;
  fallback?: { title: string; summary: string };
  /** Of a reaction: the emoji, or a custom one's shortcode@domain with its picture. */
  emoji?: string;
  emoji_url?: string | null;
}

export interface Context {
  ancestors: Status[];
  descendants: Status[];
}

export interface SearchResult {
  accounts: Account[];
  statuses: Status[];
  hashtags: { name: string; url: string }[];
}

export interface Instance {
  domain: string;
  title: string;
  version: string;
  configuration: {
    urls?: { streaming?: string };
    statuses?: {
      max_characters?: number;
      max_media_attachments?: number;
      characters_reserved_per_url?: number;
      /** Announces local-only posts: sent as `local_only: true` (a name other servers use too). */
      allow_local_only?: boolean;
    };
    media_attachments?: { supported_mime_types?: string[]; description_limit?: number };
    polls?: {
      max_options?: number;
      max_characters_per_option?: number;
    };
  };
}

/** A message of the streaming socket; `payload` is JSON in a string, or an id for `delete`. */
export interface StreamMessage {
  stream: string[];
  event: string;
  payload?: string;
}
