// An evening of two people with megalodon.
import assert from 'node:assert/strict'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import megalodon from 'megalodon'
import { code, did, evening, far, home, nowhere, picture, refused, scopes, within } from './home.mjs'
import { conforms, typed } from './typed.mjs'

const { equal, deepEqual, ok } = assert
const generator = megalodon.default ?? megalodon
const ids = (response) => response.data.map((one) => one.id)

const client = (token) => typed(generator('mastodon', home, token), 'Megalodon')

async function logIn(who) {
  const nobody = client(null)
  const app = await nobody.registerApp(`evening of ${who}`, { scopes: scopes.split(' ') })
  const token = await nobody.fetchAccessToken(app.client_id, app.client_secret, await code(app.url, who))
  equal(token.token_type, 'Bearer')
  const person = client(token.access_token)
  const { data: me } = await person.verifyAccountCredentials()
  equal(me.username, who)
  equal((await person.verifyAppCredentials()).data.name, `evening of ${who}`)
  return { ask: person, me, out: () => nobody.revokeToken(app.client_id, app.client_secret, token.access_token) }
}

const newest = async (who) => (await who.ask.getAccountStatuses(who.me.id, { exclude_replies: true })).data[0]

async function profile({ ask }) {
  const { data: me } = await ask.updateCredentials({ display_name: '狸', note: '縁側の主', fields_attributes: [{ name: '庭', value: '柿' }, { name: '猫', value: '三毛' }] })
  equal(me.display_name, '狸')
  deepEqual(me.fields.map((field) => [field.name, field.value]), [['庭', '柿'], ['猫', '三毛']])
  equal(me.source.note, '縁側の主')
  equal((await ask.lookupAccount('tanuki')).data.id, me.id)
  ok((await ask.getInstance()).data.version.startsWith('4.'))
  equal((await ask.getPreferences()).data['posting:default:visibility'], 'public')
}

async function followRequest(tanuki, kitsune) {
  await tanuki.ask.updateCredentials({ locked: true })
  ok((await kitsune.ask.followAccount(tanuki.me.id)).data.requested)
  deepEqual(ids(await tanuki.ask.getFollowRequests()), [kitsune.me.id])
  await tanuki.ask.rejectFollowRequest(kitsune.me.id)
  ok(!(await kitsune.ask.getRelationship(tanuki.me.id)).data.requested)
  await kitsune.ask.followAccount(tanuki.me.id)
  ok((await tanuki.ask.acceptFollowRequest(kitsune.me.id)).data.followed_by)
  deepEqual(ids(await tanuki.ask.getAccountFollowers(tanuki.me.id)), [kitsune.me.id])
  await tanuki.ask.updateCredentials({ locked: false })
  ok((await tanuki.ask.followAccount(kitsune.me.id)).data.following)
}

async function media(tanuki, kitsune) {
  const { data: file } = await tanuki.ask.uploadMedia(createReadStream(picture), { description: '夕方の庭', focus: '0.5,-0.5' })
  deepEqual([file.type, file.description, file.meta.original.width], ['image', '夕方の庭', 64])
  equal((await tanuki.ask.updateMedia(file.id, { description: '朝の庭' })).data.description, '朝の庭')
  equal((await tanuki.ask.getMedia(file.id)).data.id, file.id)
  const { data: post } = await tanuki.ask.postStatus('庭です', { media_ids: [file.id], spoiler_text: '庭', language: 'ja' })
  const { data: seen } = await kitsune.ask.getStatus(post.id)
  deepEqual(seen.media_attachments.map((one) => one.description), ['朝の庭'])
  deepEqual([seen.spoiler_text, seen.sensitive, seen.language, seen.visibility], ['庭', true, 'ja', 'public'])
}

async function poll(tanuki, kitsune) {
  const { data: { poll: made } } = await tanuki.ask.postStatus('お茶は？', { poll: { options: ['緑茶', '麦茶'], expires_in: 3600 } })
  deepEqual(made.options.map((option) => option.title), ['緑茶', '麦茶'])
  const { data: voted } = await kitsune.ask.votePoll(made.id, [1])
  deepEqual([voted.voted, voted.votes_count], [true, 1])
  await refused(422, () => kitsune.ask.votePoll(made.id, [0]))
  equal((await tanuki.ask.getPoll(made.id)).data.votes_count, 1)
}

async function reply(tanuki, kitsune) {
  const { data: first } = await tanuki.ask.postStatus('縁側でお茶', {})
  const { data: answer } = await kitsune.ask.postStatus('@tanuki いただきます', { in_reply_to_id: first.id })
  deepEqual([answer.in_reply_to_id, answer.mentions[0].username], [first.id, 'tanuki'])
  deepEqual((await tanuki.ask.getStatusContext(first.id)).data.descendants.map((one) => one.id), [answer.id])
  deepEqual((await tanuki.ask.getStatusContext(answer.id)).data.ancestors.map((one) => one.id), [first.id])
}

async function boost(tanuki, kitsune) {
  const post = await newest(tanuki)
  equal((await kitsune.ask.reblogStatus(post.id)).data.reblog.id, post.id)
  deepEqual(ids(await tanuki.ask.getStatusRebloggedBy(post.id)), [kitsune.me.id])
  ok(!(await kitsune.ask.unreblogStatus(post.id)).data.reblogged)
}

async function favourite(tanuki, kitsune) {
  const post = await newest(tanuki)
  equal((await kitsune.ask.favouriteStatus(post.id)).data.favourites_count, 1)
  deepEqual(ids(await tanuki.ask.getStatusFavouritedBy(post.id)), [kitsune.me.id])
  deepEqual(ids(await kitsune.ask.getFavourites()), [post.id])
}

async function bookmark(tanuki, kitsune) {
  const post = await newest(tanuki)
  ok((await kitsune.ask.bookmarkStatus(post.id)).data.bookmarked)
  deepEqual(ids(await kitsune.ask.getBookmarks()), [post.id])
  ok(!(await kitsune.ask.unbookmarkStatus(post.id)).data.bookmarked)
  ok((await tanuki.ask.pinStatus(post.id)).data.pinned)
  deepEqual(ids(await kitsune.ask.getAccountStatuses(tanuki.me.id, { pinned: true })), [post.id])
  ok((await tanuki.ask.muteStatus(post.id)).data.muted)
  ok(!(await tanuki.ask.unmuteStatus(post.id)).data.muted)
}

async function quote(tanuki, kitsune) {
  const post = await newest(tanuki)
  const { data: quoting } = await kitsune.ask.postStatus('この縁側', { quote_id: post.id })
  deepEqual([quoting.quote.state, quoting.quote.quoted_status.id], ['accepted', post.id])
}

async function edit(tanuki, kitsune) {
  const { data: post } = await tanuki.ask.postStatus('柿がひとつ', {})
  equal((await tanuki.ask.getStatusSource(post.id)).data.text, '柿がひとつ')
  const { data: edited } = await tanuki.ask.editStatus(post.id, { status: '柿がふたつ' })
  ok(edited.content.includes('ふたつ') && edited.edited_at)
  const { data: history } = await kitsune.ask.client.get(`/api/v1/statuses/${post.id}/history`) // no function of its own
  equal(history.length, 2)
  await tanuki.ask.deleteStatus(post.id)
  await refused(404, () => kitsune.ask.getStatus(post.id))
}

async function filter(tanuki, kitsune) {
  const { data: made } = await tanuki.ask.createFilter('納豆', ['home', 'public'], { whole_word: false, expires_in: '3600' })
  deepEqual([made.phrase, made.context, made.whole_word], ['納豆', ['home', 'public'], false])
  const { data: post } = await kitsune.ask.postStatus('納豆が好き', {})
  ok(ids(await tanuki.ask.getHomeTimeline()).includes(post.id))
  equal((await tanuki.ask.updateFilter(made.id, '豆腐', ['home'])).data.phrase, '豆腐')
  equal((await tanuki.ask.getFilter(made.id)).data.phrase, '豆腐')
  await tanuki.ask.deleteFilter(made.id)
  deepEqual((await tanuki.ask.getFilters()).data, [])
}

async function list(tanuki, kitsune) {
  const { data: made } = await tanuki.ask.createList('庭の人')
  equal((await tanuki.ask.updateList(made.id, '縁側の人')).data.title, '縁側の人')
  await tanuki.ask.addAccountsToList(made.id, [kitsune.me.id])
  deepEqual(ids(await tanuki.ask.getAccountsInList(made.id)), [kitsune.me.id])
  deepEqual(ids(await tanuki.ask.getAccountLists(kitsune.me.id)), [made.id])
  const { data: post } = await kitsune.ask.postStatus('リストへ', {})
  equal((await tanuki.ask.getListTimeline(made.id)).data[0].id, post.id)
  await tanuki.ask.deleteAccountsFromList(made.id, [kitsune.me.id])
  deepEqual((await tanuki.ask.getAccountsInList(made.id)).data, [])
  await tanuki.ask.deleteList(made.id)
  await refused(404, () => tanuki.ask.getList(made.id))
}

async function notifications(tanuki) {
  const { data: all } = await tanuki.ask.getNotifications({ limit: 40 })
  const types = new Set(all.map((one) => one.type))
  for (const type of ['favourite', 'mention']) ok(types.has(type), `${type} in ${[...types]}`)
  const mention = all.find((one) => one.type === 'mention')
  ok(mention.status.content.includes('いただきます'))
  equal((await tanuki.ask.getNotification(mention.id)).data.id, mention.id)
  await tanuki.ask.dismissNotification(mention.id)
  await refused(404, () => tanuki.ask.getNotification(mention.id))
  await tanuki.ask.dismissNotifications()
  deepEqual((await tanuki.ask.getNotifications()).data, [])
}

async function search(tanuki) {
  deepEqual((await tanuki.ask.search(far, { resolve: true })).data.accounts.map((one) => one.acct), [far])
  await tanuki.ask.postStatus('#engawa の #夕方', {})
  deepEqual((await tanuki.ask.search('engawa', { type: 'hashtags' })).data.hashtags.map((one) => one.name), ['engawa'])
  equal((await tanuki.ask.searchAccount('kitsune')).data[0].username, 'kitsune')
}

async function webSocket(tanuki, kitsune) {
  const stream = await tanuki.ask.userStreaming()
  const wait = (kind) => within(new Promise((done, fail) => { stream.once(kind, done); stream.once('error', fail) }), kind)
  await wait('connect')
  const coming = ['update', 'notification', 'status_update', 'delete'].map(wait)
  const { data: post } = await kitsune.ask.postStatus('@tanuki 流れてくる', {})
  const [update, notification] = await Promise.all(coming.slice(0, 2))
  deepEqual([conforms(update, 'MegalodonStatus').id, conforms(notification, 'MegalodonNotification').status.id], [post.id, post.id])
  await kitsune.ask.editStatus(post.id, { status: '@tanuki 流れていく' })
  equal(conforms(await coming[2], 'MegalodonStatus').id, post.id)
  await kitsune.ask.deleteStatus(post.id)
  equal(await coming[3], post.id)
  stream.stop()
}

async function push(tanuki) {
  const { x, y } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' })
  const point = Buffer.concat([Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')])
  const keys = { p256dh: point.toString('base64url'), auth: randomBytes(16).toString('base64url') }
  const { data: made } = await tanuki.ask.subscribePushNotification({ endpoint: nowhere, keys }, { alerts: { mention: true, follow: false } })
  deepEqual([made.endpoint, made.alerts.mention, made.alerts.follow], [nowhere, true, false])
  ok((await tanuki.ask.updatePushSubscription({ alerts: { follow: true } })).data.alerts.follow)
  equal((await tanuki.ask.getPushSubscription()).data.server_key, made.server_key)
  await tanuki.ask.deletePushSubscription()
  await refused(404, () => tanuki.ask.getPushSubscription())
}

async function scheduled(tanuki) {
  const when = (hours) => new Date(Date.now() + hours * 3_600_000).toISOString()
  const { data: made } = await tanuki.ask.postStatus('あとで', { scheduled_at: when(1) })
  equal(made.params.text, 'あとで')
  const later = when(2)
  equal(new Date((await tanuki.ask.scheduleStatus(made.id, later)).data.scheduled_at).toISOString(), later)
  deepEqual(ids(await tanuki.ask.getScheduledStatuses()), [made.id])
  equal((await tanuki.ask.getScheduledStatus(made.id)).data.id, made.id)
  await tanuki.ask.cancelScheduledStatus(made.id)
  deepEqual((await tanuki.ask.getScheduledStatuses()).data, [])
}

async function markers(tanuki) {
  const [id] = ids(await tanuki.ask.getHomeTimeline())
  equal((await tanuki.ask.saveMarkers({ home: { last_read_id: id }, notifications: { last_read_id: '1' } })).data.home.last_read_id, id)
  equal((await tanuki.ask.getMarkers(['home', 'notifications'])).data.home.last_read_id, id)
}

async function mute(tanuki, kitsune) {
  const { data: silent } = await tanuki.ask.muteAccount(kitsune.me.id, false)
  deepEqual([silent.muting, silent.muting_notifications], [true, false])
  deepEqual(ids(await tanuki.ask.getMutes()), [kitsune.me.id])
  ok(!(await tanuki.ask.unmuteAccount(kitsune.me.id)).data.muting)
  equal((await tanuki.ask.setAccountNote(kitsune.me.id, '狐')).data.note, '狐')
}

async function block(tanuki, kitsune) {
  ok((await tanuki.ask.blockAccount(kitsune.me.id)).data.blocking)
  deepEqual(ids(await tanuki.ask.getBlocks()), [kitsune.me.id])
  ok(!(await tanuki.ask.unblockAccount(kitsune.me.id)).data.blocking)
  ok((await tanuki.ask.followAccount(kitsune.me.id)).data.following)
}

async function domainBlock(tanuki) {
  await tanuki.ask.blockDomain('spam.example')
  deepEqual((await tanuki.ask.getDomainBlocks()).data, ['spam.example'])
  await tanuki.ask.unblockDomain('spam.example')
  deepEqual((await tanuki.ask.getDomainBlocks()).data, [])
}

async function tag(tanuki) {
  ok((await tanuki.ask.followTag('engawa')).data.following)
  deepEqual((await tanuki.ask.getFollowedTags()).data.map((each) => each.name), ['engawa'])
  ok(!(await tanuki.ask.unfollowTag('engawa')).data.following)
  equal((await tanuki.ask.createFeaturedTag('engawa')).data.name, 'engawa')
  equal((await tanuki.ask.getFeaturedTags()).data.length, 1)
  ok((await tanuki.ask.getTagTimeline('engawa')).data[0].tags.some((each) => each.name === 'engawa'))
}

async function pages(tanuki, kitsune) {
  const posted = []
  for (let i = 0; i < 25; i++) posted.unshift((await tanuki.ask.postStatus(`頁 ${i}`, {})).data.id)
  const read = async (where) => ids(await kitsune.ask.getAccountStatuses(tanuki.me.id, { limit: 10, ...where }))
  const got = await read({})
  while (got.length < 25) got.push(...await read({ max_id: got.at(-1) }))
  deepEqual(got.slice(0, 25), posted)
  did('pages')
  deepEqual(await read({ min_id: posted[24] }), posted.slice(14, 24))
  deepEqual(await read({ min_id: posted[14] }), posted.slice(4, 14))
  deepEqual(await read({ since_id: posted[4] }), posted.slice(0, 4))
}

async function logOut(tanuki) {
  await tanuki.out()
  await refused(401, () => tanuki.ask.verifyAccountCredentials())
}

const people = [await logIn('tanuki'), await logIn('kitsune')]
did('log in')
await evening(people, [
  ['profile', profile], ['follow request', followRequest], ['media', media], ['poll', poll], ['reply', reply], ['boost', boost],
  ['favourite', favourite], ['bookmark', bookmark], ['quote', quote], ['edit', edit], ['filter', filter], ['list', list],
  ['notifications', notifications], ['search', search], ['WebSocket', webSocket], ['push', push], ['scheduled', scheduled],
  ['markers', markers], ['mute', mute], ['block', block], ['domain block', domainBlock], ['tag', tag], ['pages back', pages],
  ['log out', logOut],
])
