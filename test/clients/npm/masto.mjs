// An evening of two people with masto.js.
import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto'
import { openAsBlob } from 'node:fs'
import { createOAuthAPIClient, createRestAPIClient, createStreamingAPIClient } from 'masto'
import { code, did, evening, far, home, nowhere, picture, refused, scopes, within } from './home.mjs'
import { conforms, typed } from './typed.mjs'

const { equal, deepEqual, ok } = assert
const oob = 'urn:ietf:wg:oauth:2.0:oob'
const ids = (list) => list.map((one) => one.id)

async function logIn(who) {
  const app = await typed(createRestAPIClient({ url: home }), 'Masto').v1.apps.create({ clientName: `evening of ${who}`, redirectUris: oob, scopes })
  const codeVerifier = randomBytes(32).toString('base64url')
  const query = new URLSearchParams({
    client_id: app.clientId, redirect_uri: oob, response_type: 'code', scope: scopes,
    code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'), code_challenge_method: 'S256',
  })
  const oauth = createOAuthAPIClient({ url: home })
  const grant = { grantType: 'authorization_code', clientId: app.clientId, clientSecret: app.clientSecret, redirectUri: oob, scope: scopes }
  const stolen = await code(`${home}/oauth/authorize?${query}`, who)
  await refused(400, () => oauth.token.create({ ...grant, code: stolen, codeVerifier: randomBytes(32).toString('base64url') }))
  const token = await oauth.token.create({ ...grant, code: await code(`${home}/oauth/authorize?${query}`, who), codeVerifier })
  equal(token.tokenType, 'Bearer')
  const rest = typed(createRestAPIClient({ url: home, accessToken: token.accessToken }), 'Masto')
  const me = await rest.v1.accounts.verifyCredentials()
  equal(me.username, who)
  return { ...rest, v1: rest.v1, v2: rest.v2, me, token: token.accessToken, out: () => oauth.revoke({ clientId: app.clientId, clientSecret: app.clientSecret, token: token.accessToken }) }
}

const newest = async (who) => (await who.v1.accounts.$select(who.me.id).statuses.list({ excludeReplies: true }))[0]

async function profile(tanuki) {
  const me = await tanuki.v1.accounts.updateCredentials({
    displayName: '狸', note: '縁側の主', avatar: await openAsBlob(picture), fieldsAttributes: [{ name: '庭', value: '柿' }, { name: '猫', value: '三毛' }],
  })
  equal(me.displayName, '狸')
  deepEqual(me.fields.map((field) => [field.name, field.value]), [['庭', '柿'], ['猫', '三毛']])
  equal(me.source.note, '縁側の主')
  equal((await tanuki.v1.accounts.lookup({ acct: 'tanuki' })).id, me.id)
  equal((await tanuki.v1.preferences.fetch())['posting:default:visibility'], 'public')
  const instance = await tanuki.v2.instance.fetch()
  ok(instance.apiVersions.mastodon >= 2)
  ok((await tanuki.v1.instance.fetch()).version.startsWith('4.'))
}

async function followRequest(tanuki, kitsune) {
  await tanuki.v1.accounts.updateCredentials({ locked: true })
  ok((await kitsune.v1.accounts.$select(tanuki.me.id).follow()).requested)
  deepEqual(ids(await tanuki.v1.followRequests.list()), [kitsune.me.id])
  await tanuki.v1.followRequests.$select(kitsune.me.id).reject()
  ok(!(await kitsune.v1.accounts.relationships.fetch({ id: [tanuki.me.id] }))[0].requested)
  await kitsune.v1.accounts.$select(tanuki.me.id).follow()
  ok((await tanuki.v1.followRequests.$select(kitsune.me.id).authorize()).followedBy)
  deepEqual(ids(await tanuki.v1.accounts.$select(tanuki.me.id).followers.list()), [kitsune.me.id])
  await tanuki.v1.accounts.updateCredentials({ locked: false })
  ok((await tanuki.v1.accounts.$select(kitsune.me.id).follow()).following)
}

async function media(tanuki, kitsune) {
  const file = await tanuki.v2.media.create({ file: await openAsBlob(picture), description: '夕方の庭', focus: '0.5,-0.5' })
  deepEqual([file.type, file.description, file.meta.original.width], ['image', '夕方の庭', 64])
  equal((await tanuki.v1.media.$select(file.id).update({ description: '朝の庭' })).description, '朝の庭')
  const post = await tanuki.v1.statuses.create({ status: '庭です', mediaIds: [file.id], spoilerText: '庭', language: 'ja' })
  const seen = await kitsune.v1.statuses.$select(post.id).fetch()
  deepEqual(seen.mediaAttachments.map((one) => one.description), ['朝の庭'])
  deepEqual([seen.spoilerText, seen.sensitive, seen.language, seen.visibility], ['庭', true, 'ja', 'public'])
}

async function poll(tanuki, kitsune) {
  const { poll: made } = await tanuki.v1.statuses.create({ status: 'お茶は？', poll: { options: ['緑茶', '麦茶'], expiresIn: 3600 } })
  deepEqual(made.options.map((option) => option.title), ['緑茶', '麦茶'])
  const voted = await kitsune.v1.polls.$select(made.id).votes.create({ choices: [1] })
  deepEqual([voted.voted, voted.ownVotes, voted.votesCount], [true, [1], 1])
  await refused(422, () => kitsune.v1.polls.$select(made.id).votes.create({ choices: [0] }))
  equal((await tanuki.v1.polls.$select(made.id).fetch()).votesCount, 1)
}

async function reply(tanuki, kitsune) {
  const first = await tanuki.v1.statuses.create({ status: '縁側でお茶' })
  const answer = await kitsune.v1.statuses.create({ status: '@tanuki いただきます', inReplyToId: first.id })
  deepEqual([answer.inReplyToId, answer.mentions[0].username], [first.id, 'tanuki'])
  deepEqual(ids((await tanuki.v1.statuses.$select(first.id).context.fetch()).descendants), [answer.id])
  deepEqual(ids((await tanuki.v1.statuses.$select(answer.id).context.fetch()).ancestors), [first.id])
}

async function boost(tanuki, kitsune) {
  const post = await newest(tanuki)
  equal((await kitsune.v1.statuses.$select(post.id).reblog()).reblog.id, post.id)
  deepEqual(ids(await tanuki.v1.statuses.$select(post.id).rebloggedBy.list()), [kitsune.me.id])
  equal((await tanuki.v1.accounts.$select(kitsune.me.id).statuses.list())[0].reblog.id, post.id)
  ok(!(await kitsune.v1.statuses.$select(post.id).unreblog()).reblogged)
}

async function favourite(tanuki, kitsune) {
  const post = await newest(tanuki)
  equal((await kitsune.v1.statuses.$select(post.id).favourite()).favouritesCount, 1)
  deepEqual(ids(await tanuki.v1.statuses.$select(post.id).favouritedBy.list()), [kitsune.me.id])
  deepEqual(ids(await kitsune.v1.favourites.list()), [post.id])
}

async function bookmark(tanuki, kitsune) {
  const post = await newest(tanuki)
  ok((await kitsune.v1.statuses.$select(post.id).bookmark()).bookmarked)
  deepEqual(ids(await kitsune.v1.bookmarks.list()), [post.id])
  ok(!(await kitsune.v1.statuses.$select(post.id).unbookmark()).bookmarked)
  ok((await tanuki.v1.statuses.$select(post.id).pin()).pinned)
  deepEqual(ids(await kitsune.v1.accounts.$select(tanuki.me.id).statuses.list({ pinned: true })), [post.id])
}

async function quote(tanuki, kitsune) {
  const post = await newest(tanuki)
  const quoting = await kitsune.v1.statuses.create({ status: 'この縁側', quotedStatusId: post.id, quoteApprovalPolicy: 'nobody' })
  deepEqual([quoting.quote.state, quoting.quote.quotedStatus.id], ['accepted', post.id])
  equal(quoting.quoteApproval.automatic.length, 0)
  deepEqual(ids(await tanuki.v1.statuses.$select(post.id).quotes.list()), [quoting.id])
  await refused(422, () => tanuki.v1.statuses.create({ status: '引用の引用', quotedStatusId: quoting.id }))
}

async function edit(tanuki, kitsune) {
  const post = await tanuki.v1.statuses.create({ status: '柿がひとつ' })
  const mine = tanuki.v1.statuses.$select(post.id)
  equal((await mine.source.fetch()).text, '柿がひとつ')
  ok((await mine.update({ status: '柿がふたつ' })).editedAt)
  const history = await kitsune.v1.statuses.$select(post.id).history.list()
  deepEqual(history.map((one) => one.content.includes('ふたつ')), [false, true])
  equal((await mine.remove()).text, '柿がふたつ')
  await refused(404, () => kitsune.v1.statuses.$select(post.id).fetch())
}

async function filter(tanuki, kitsune) {
  const made = await tanuki.v2.filters.create({
    title: '豆', context: ['home', 'public'], filterAction: 'warn', expiresIn: 3600, keywordsAttributes: [{ keyword: '納豆', wholeWord: false }],
  })
  deepEqual([made.title, made.keywords[0].keyword], ['豆', '納豆'])
  const post = await kitsune.v1.statuses.create({ status: '納豆が好き' })
  const seen = (await tanuki.v1.timelines.home.list()).find((one) => one.id === post.id)
  deepEqual([seen.filtered[0].filter.title, seen.filtered[0].keywordMatches], ['豆', ['納豆']])
  const mine = tanuki.v2.filters.$select(made.id)
  const keyword = await mine.keywords.create({ keyword: '豆腐', wholeWord: true })
  equal((await tanuki.v2.filters.keywords.$select(keyword.id).fetch()).keyword, '豆腐')
  await tanuki.v2.filters.keywords.$select(keyword.id).remove()
  const marked = await mine.statuses.create({ statusId: post.id })
  deepEqual(ids(await mine.statuses.list()), [marked.id])
  equal((await mine.update({ title: '大豆', filterAction: 'hide' })).filterAction, 'hide')
  await mine.remove()
  deepEqual(await tanuki.v2.filters.list(), [])
}

async function list(tanuki, kitsune) {
  const made = await tanuki.v1.lists.create({ title: '庭の人', exclusive: false })
  const mine = tanuki.v1.lists.$select(made.id)
  equal((await mine.update({ title: '縁側の人' })).title, '縁側の人')
  await mine.accounts.create({ accountIds: [kitsune.me.id] })
  deepEqual(ids(await mine.accounts.list()), [kitsune.me.id])
  deepEqual(ids(await tanuki.v1.accounts.$select(kitsune.me.id).lists.list()), [made.id])
  const post = await kitsune.v1.statuses.create({ status: 'リストへ' })
  equal((await tanuki.v1.timelines.list.$select(made.id).list())[0].id, post.id)
  await mine.accounts.remove({ accountIds: [kitsune.me.id] })
  deepEqual(await mine.accounts.list(), [])
  await mine.remove()
  await refused(404, () => mine.fetch())
}

async function notifications(tanuki) {
  const types = new Set((await tanuki.v1.notifications.list({ limit: 40 })).map((one) => one.type))
  for (const type of ['favourite', 'mention', 'quote']) ok(types.has(type), `${type} in ${[...types]}`)
  const [mention] = await tanuki.v1.notifications.list({ types: ['mention'] })
  ok(mention.status.content.includes('いただきます'))
  equal((await tanuki.v1.notifications.$select(mention.id).fetch()).id, mention.id)
  ok((await tanuki.v1.notifications.unreadCount.fetch()).count > 0)
}

async function grouped(tanuki, kitsune) {
  const results = await tanuki.v2.notifications.list({ groupedTypes: ['favourite', 'follow'] })
  const favourites = results.notificationGroups.find((group) => group.type === 'favourite')
  deepEqual(favourites.sampleAccountIds, [kitsune.me.id])
  ok(results.accounts.some((account) => account.id === kitsune.me.id))
  ok(results.statuses.some((status) => status.id === favourites.statusId))
  deepEqual(ids(await tanuki.v2.notifications.$select(favourites.groupKey).accounts.fetch()), [kitsune.me.id])
  await tanuki.v2.notifications.$select(favourites.groupKey).dismiss()
  ok(!(await tanuki.v2.notifications.list()).notificationGroups.some((group) => group.groupKey === favourites.groupKey))
  const policy = await tanuki.v2.notifications.policy.update({ forNotFollowing: 'filter' })
  equal(policy.forNotFollowing, 'filter')
  deepEqual(await tanuki.v1.notifications.requests.list(), [])
  await tanuki.v1.notifications.clear()
  deepEqual(await tanuki.v1.notifications.list(), [])
}

async function search(tanuki) {
  deepEqual((await tanuki.v2.search.list({ q: far, resolve: true })).accounts.map((one) => one.acct), [far])
  await tanuki.v1.statuses.create({ status: '#engawa の #夕方' })
  deepEqual((await tanuki.v2.search.list({ q: 'engawa', type: 'hashtags' })).hashtags.map((one) => one.name), ['engawa'])
  equal((await tanuki.v1.accounts.search.list({ q: 'kitsune' }))[0].username, 'kitsune')
  equal((await tanuki.v1.directory.list({ local: true, order: 'new' })).length, 2)
}

async function webSocket(tanuki, kitsune) {
  const { configuration } = await tanuki.v2.instance.fetch()
  const streams = createStreamingAPIClient({ streamingApiUrl: configuration.urls.streaming, accessToken: tanuki.token })
  await streams.prepare()
  const user = streams.user.subscribe()
  const heard = user.values()
  const kept = []
  const next = async (kind) => {
    for (;;) {
      const i = kept.findIndex((event) => event.event === kind)
      if (i >= 0) return kept.splice(i, 1)[0].payload
      const { value } = await within(heard.next(), kind)
      kept.push(conforms(value, 'MastoEvent'))
    }
  }
  const first = next('update')
  const post = await kitsune.v1.statuses.create({ status: '@tanuki 流れてくる' })
  equal((await first).id, post.id)
  equal((await next('notification')).status.id, post.id)
  await kitsune.v1.statuses.$select(post.id).update({ status: '@tanuki 流れていく' })
  equal((await next('status.update')).id, post.id)
  await kitsune.v1.statuses.$select(post.id).remove()
  equal(await next('delete'), post.id)
  streams.close()
}

async function push(tanuki) {
  const { x, y } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' })
  const point = Buffer.concat([Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')])
  const keys = { p256dh: point.toString('base64url'), auth: randomBytes(16).toString('base64url') }
  const made = await tanuki.v1.push.subscription.create({
    subscription: { endpoint: nowhere, keys, standard: true }, data: { alerts: { mention: true, follow: false } }, policy: 'followed',
  })
  deepEqual([made.endpoint, made.alerts.mention, made.alerts.follow], [nowhere, true, false])
  ok((await tanuki.v1.push.subscription.update({ data: { alerts: { follow: true } } })).alerts.follow)
  equal((await tanuki.v1.push.subscription.fetch()).serverKey, made.serverKey)
  await tanuki.v1.push.subscription.remove()
  await refused(404, () => tanuki.v1.push.subscription.fetch())
}

async function scheduled(tanuki) {
  const when = new Date(Date.now() + 3_600_000).toISOString()
  const made = await tanuki.v1.statuses.create({ status: 'あとで', scheduledAt: when })
  deepEqual([made.params.text, new Date(made.scheduledAt).toISOString()], ['あとで', when])
  const mine = tanuki.v1.scheduledStatuses.$select(made.id)
  const later = new Date(Date.now() + 7_200_000).toISOString()
  equal(new Date((await mine.update({ scheduledAt: later })).scheduledAt).toISOString(), later)
  deepEqual(ids(await tanuki.v1.scheduledStatuses.list()), [made.id])
  await mine.remove()
  deepEqual(await tanuki.v1.scheduledStatuses.list(), [])
}

async function markers(tanuki) {
  const [{ id }] = await tanuki.v1.timelines.home.list()
  equal((await tanuki.v1.markers.create({ home: { lastReadId: id } })).home.lastReadId, id)
  equal((await tanuki.v1.markers.fetch({ timeline: ['home', 'notifications'] })).home.lastReadId, id)
}

async function mute(tanuki, kitsune) {
  const her = tanuki.v1.accounts.$select(kitsune.me.id)
  const silent = await her.mute({ notifications: false, duration: 3600 })
  deepEqual([silent.muting, silent.mutingNotifications], [true, false])
  deepEqual(ids(await tanuki.v1.mutes.list()), [kitsune.me.id])
  ok(!(await her.unmute()).muting)
  equal((await her.note.create({ comment: '狐' })).note, '狐')
}

async function block(tanuki, kitsune) {
  const her = tanuki.v1.accounts.$select(kitsune.me.id)
  ok((await her.block()).blocking)
  deepEqual(ids(await tanuki.v1.blocks.list()), [kitsune.me.id])
  ok(!(await her.unblock()).blocking)
  ok((await her.follow({ notify: true, languages: ['ja'] })).notifying)
}

async function domainBlock(tanuki) {
  await tanuki.v1.domainBlocks.create({ domain: 'spam.example' })
  deepEqual(await tanuki.v1.domainBlocks.list(), ['spam.example'])
  await tanuki.v1.domainBlocks.remove({ domain: 'spam.example' })
  deepEqual(await tanuki.v1.domainBlocks.list(), [])
}

async function tag(tanuki) {
  const one = tanuki.v1.tags.$select('engawa')
  ok((await one.follow()).following)
  deepEqual((await tanuki.v1.followedTags.list()).map((each) => each.name), ['engawa'])
  ok(!(await one.unfollow()).following)
  equal((await tanuki.v1.featuredTags.create({ name: 'engawa' })).name, 'engawa')
  ok((await tanuki.v1.timelines.tag.$select('engawa').list())[0].tags.some((each) => each.name === 'engawa'))
}

async function pages(tanuki, kitsune) {
  const posted = []
  for (let i = 0; i < 25; i++) posted.unshift((await tanuki.v1.statuses.create({ status: `頁 ${i}` })).id)
  const statuses = kitsune.v1.accounts.$select(tanuki.me.id).statuses
  const got = []
  for await (const page of statuses.list({ limit: 10 })) {
    got.push(...ids(page))
    if (got.length >= 25) break
  }
  deepEqual(got.slice(0, 25), posted)
  did('pages')
  const back = []
  for await (const page of statuses.list({ limit: 10, minId: posted[24] }).setDirection('prev')) if (page.length > 0) back.push(ids(page))
  deepEqual(back, [posted.slice(14, 24), posted.slice(4, 14), posted.slice(0, 4)])
}

async function logOut(tanuki) {
  await tanuki.out()
  await refused(401, () => tanuki.v1.accounts.verifyCredentials())
}

const people = [await logIn('tanuki'), await logIn('kitsune')]
did('log in')
did('PKCE')
await evening(people, [
  ['profile', profile], ['follow request', followRequest], ['media', media], ['poll', poll], ['reply', reply], ['boost', boost],
  ['favourite', favourite], ['bookmark', bookmark], ['quote', quote], ['edit', edit], ['filter v2', filter], ['list', list],
  ['notifications', notifications], ['grouped notifications', grouped], ['search', search], ['WebSocket', webSocket], ['push', push],
  ['scheduled', scheduled], ['markers', markers], ['mute', mute], ['block', block], ['domain block', domainBlock], ['tag', tag],
  ['pages back', pages], ['log out', logOut],
])
