// The parts of the Mastodon client API that the deck reads, written by hand.
// Optional means: a home may leave it out. Ids are decimal strings (see compareIds).

export type Visibility = "public" | "unlisted" | "private" | "direct" | "local";

export interface Emoji {
  shortcode: string;
  url: string;
  static_url: string;
  category?: string | null;
  visible_in_picker?: boolean;
}

/** How many reacted with one emoji: of Unicode, or a custom one with its picture. */
export interface Reaction {
  name: string;
  count: number;
  me: boolean;
  url?: string | null;
  static_url?: string | null;
  domain?: string | null;
  /** Only where it was asked who. */
  accounts?: Account[];
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
  source?: {
    privacy?: Visibility;
    language?: string | null;
    sensitive?: boolean;
    note?: string;
    fields?: { name: string; value: string; verified_at: string | null }[];
    discoverable?: boolean;
    indexable?: boolean;
    hide_collections?: boolean;
    quote_policy?: string;
    follow_requests_count?: number;
  };
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
  quotes_count?: number;
  reactions?: Reaction[];
  pinned?: boolean;
  muted?: boolean;
  /** Of a post just deleted: its source, to write it again. */
  text?: string | null;
  favourited?: boolean;
  reblogged?: boolean;
  bookmarked?: boolean;
  filtered?: { filter: { title: string; filter_action: "warn" | "hide" | "blur" } }[];
}

export interface Notification {
  id: string;
  type: string;
  created_at: string;
  group_key?: string;
  account: Account;
  status?: Status | null;
  fallback?: { title: string; summary: string };
  /** Of a reaction: the emoji, or a custom one's shortcode@domain with its picture. */
  emoji?: string;
  emoji_url?: string | null;
}

/** Notifications of one kind about one post, together. */
export interface NotificationGroup {
  group_key: string;
  notifications_count: number;
  type: string;
  most_recent_notification_id: string | number;
  latest_page_notification_at?: string | null;
  sample_account_ids: string[];
  status_id?: string | null;
  emoji?: string;
  emoji_url?: string | null;
  fallback?: { title: string; summary: string };
}

export interface GroupedNotifications {
  accounts: Account[];
  statuses: Status[];
  notification_groups: NotificationGroup[];
}

export type PolicyChoice = "accept" | "filter" | "drop";

export interface NotificationPolicy {
  for_not_following: PolicyChoice;
  for_not_followers: PolicyChoice;
  for_new_accounts: PolicyChoice;
  for_private_mentions: PolicyChoice;
  for_limited_accounts: PolicyChoice;
  for_bots?: PolicyChoice;
  summary: { pending_requests_count: number; pending_notifications_count: number };
}

/** Notifications of one person that the policy keeps back. */
export interface NotificationRequest {
  id: string;
  created_at: string;
  notifications_count: string | number;
  account: Account;
  last_status?: Status | null;
}

export interface Conversation {
  id: string;
  unread: boolean;
  accounts: Account[];
  last_status: Status | null;
}

export interface List {
  id: string;
  title: string;
  replies_policy: "followed" | "list" | "none";
  exclusive: boolean;
}

export type FilterPlace = "home" | "notifications" | "public" | "thread" | "account";

export interface Filter {
  id: string;
  title: string;
  context: FilterPlace[];
  expires_at: string | null;
  filter_action: "warn" | "hide" | "blur";
  keywords: { id: string; keyword: string; whole_word: boolean }[];
}

/** One state of an edited post. */
export interface StatusEdit {
  content: string;
  spoiler_text: string;
  sensitive: boolean;
  created_at: string;
  media_attachments: Media[];
  emojis: Emoji[];
  poll?: { options: { title: string }[] } | null;
}

export interface StatusSource {
  id: string;
  text: string;
  spoiler_text: string;
  content_type?: string;
}

export interface Translation {
  content: string;
  spoiler_text: string;
  detected_source_language: string;
  provider: string;
  poll?: { options: { title: string }[] } | null;
}

export interface Scheduled {
  id: string;
  scheduled_at: string;
  params: { text?: string };
}

export interface PushSubscriptionInfo {
  id: string;
  endpoint: string;
  alerts: Record<string, boolean>;
  policy: string;
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
      supported_mime_types?: string[];
    };
    media_attachments?: { supported_mime_types?: string[]; description_limit?: number; image_size_limit?: number };
    accounts?: { max_profile_fields?: number; profile_field_name_limit?: number; profile_field_value_limit?: number; max_display_name_length?: number; max_note_length?: number };
    translation?: { enabled?: boolean };
    vapid?: { public_key?: string };
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

// From here on: the home's own API (/api/engawa/v1), as docs/api.md describes it. Money is in micro-dollars.

export interface NetworkInfo {
  name: string;
  title: string;
  base?: "optional" | "needed";
  fields: { name: string; label: string; secret: boolean; needed: boolean }[];
  can: string[];
}

export type LinkState = "active" | "paused" | "reconnect";

export interface LinkInfo {
  id: string;
  network: string;
  name: string;
  base: string;
  account: string;
  handle: string;
  url: string;
  avatar: string;
  can: string[];
  state: LinkState;
  /** Its state in words, in the reader's language. */
  summary: string;
  last_error: { message: string; remedy: string; over: boolean } | null;
  expires_at: string | null;
  queue: Record<string, number>;
  month: { since: string; spent_microdollars: number; sent: number };
  lane: { read: boolean; merge: boolean; list_id: string | null };
}

/** Where linking stands: done, to be allowed at an address, or a letter was sent. */
export interface LinkBegun {
  link?: LinkInfo;
  url?: string;
  letter?: boolean;
}

export interface Lane {
  id: string;
  name: string;
  network: string;
  handle: string;
  avatar: string;
  state: LinkState;
  list_id: string | null;
  read: boolean;
  merge: boolean;
}

export interface Decision {
  link_id: string;
  link: string;
  network: string;
  send: boolean;
  rule?: string;
  reason: string;
}

export interface PreviewPart {
  text: string;
  spoiler_text: string;
  length: number;
  /** 0: none. */
  limit: number;
  left: number;
  cost_microdollars: number;
  media: { id: string; kind: string; description: string; plan: string }[];
  poll?: { options: string[] } | null;
}

export interface CopyPreview extends Decision {
  ask?: string;
  parts: PreviewPart[];
  losses: string[];
  cost_microdollars: number;
}

export interface CopiedTo extends Decision {
  decided_at: string | null;
  parts: { id: string; number: number; of: number; state: string; state_text: string; reason: string; text: string; url: string; cost_microdollars: number; due_at: string | null }[];
  actions: string[];
}

/** A rule as GET rules shows it: only what was written. */
export interface RuleInfo {
  name?: string;
  on?: boolean;
  from?: string[];
  when?: Record<string, unknown>;
  to?: string[];
  as?: Record<string, unknown>;
  keep?: Record<string, unknown>;
  limit?: Record<string, unknown>;
}

export interface RuleBook {
  toml: string;
  rules: { rule?: RuleInfo[] };
}

export interface RuleProblem {
  line?: number;
  rule?: string;
  key?: string;
  message: string;
}

export interface RuleTrial {
  saved: boolean;
  errors: RuleProblem[];
  warnings: RuleProblem[];
  trial: { post_id: string; excerpt: string; created_at: string | null; decisions: Decision[] }[];
}
