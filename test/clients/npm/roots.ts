// The types that typed.mjs walks along. Nothing runs this file.
import type { createRestAPIClient, mastodon } from 'masto'
import type { Entity, Mastodon } from 'megalodon'

export type Masto = ReturnType<typeof createRestAPIClient>
export type MastoEvent = mastodon.streaming.Event
export type Megalodon = Mastodon
export type MegalodonStatus = Entity.Status
export type MegalodonNotification = Entity.Notification
