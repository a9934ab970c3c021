// Drives the fake X (network/x/fake) at X_FAKE with twitter-api-v2, which believes to speak to api.x.com, and prints
// what it got as one JSON object. X_KEYS are the keys of an app and an account, as JSON.
import { createRequire } from 'node:module'
import http from 'node:http'

const require = createRequire(import.meta.url)
const https = require('https')
const fake = new URL(process.env.X_FAKE)
const keys = JSON.parse(process.env.X_KEYS)

// The one way out of the library leads to the fake, and nowhere else.
https.request = (options, ...rest) => {
  const host = options.hostname ?? options.host
  if (host !== 'api.x.com') throw new Error(`${host} is not to be reached`)
  return http.request({ ...options, protocol: 'http:', hostname: fake.hostname, host: fake.hostname, port: fake.port, agent: undefined }, ...rest)
}

const { TwitterApi } = require('twitter-api-v2')

// What an error tells: the library reads it from status, body and headers.
const failure = async (promise) => {
  try {
    await promise
  } catch (e) {
    return { code: e.code, detail: e.data?.detail, reset: e.rateLimit?.reset, isAuthError: e.isAuthError, rateLimitError: e.rateLimitError }
  }
  throw new Error('a refusal was expected')
}

const client = new TwitterApi({ appKey: keys.consumerKey, appSecret: keys.consumerSecret, accessToken: keys.token, accessSecret: keys.tokenSecret }).v2
const out = {}
out.me = (await client.me()).data
out.first = (await client.tweet('縁側で茶を & <それ> +*~%')).data
out.duplicate = await failure(client.tweet('縁側で茶を & <それ> +*~%'))
out.reply = (await client.reply('続き', out.first.id)).data
out.quote = (await client.quote('引用', out.first.id)).data
out.poll = (await client.tweet({ text: 'どっち', poll: { options: ['犬', '猫'], duration_minutes: 60 } })).data
const media = await client.uploadMedia(Buffer.alloc(2_500_000, 7), { media_type: 'video/mp4', media_category: 'tweet_video' })
await client.createMediaMetadata(media, { alt_text: { text: '歩く' } })
out.media = (await client.tweet('動画', { media: { media_ids: [media] } })).data
out.tooLong = await failure(client.tweet('あ'.repeat(141)))
const timeline = await client.userTimeline(out.me.id, { max_results: 5, 'tweet.fields': ['created_at', 'entities', 'referenced_tweets'] })
out.timeline = timeline.tweets.map((t) => ({ id: t.id, text: t.text, created: t.created_at, replied: t.referenced_tweets?.[0]?.id }))
const home = await client.homeTimeline({ max_results: 5, expansions: ['author_id'] })
out.home = home.includes.author(home.tweets[0])?.username
out.liked = (await client.like(out.me.id, out.first.id)).data
out.unliked = (await client.unlike(out.me.id, out.first.id)).data
out.reposted = (await client.retweet(out.me.id, out.first.id)).data
out.deleted = (await client.deleteTweet(out.reply.id)).data
out.gone = await failure(client.deleteTweet(out.reply.id))
const wrong = new TwitterApi({ appKey: keys.consumerKey, appSecret: keys.consumerSecret, accessToken: keys.token, accessSecret: 'wrong' }).v2
out.wrong = await failure(wrong.me())

// OAuth 2 with PKCE, and the renewal.
const app = new TwitterApi({ clientId: keys.clientId, clientSecret: keys.clientSecret })
const link = app.generateOAuth2AuthLink('https://home.example/back', { scope: ['tweet.read', 'tweet.write', 'users.read', 'media.write', 'offline.access'] })
const asked = new URL(link.url)
const answer = await fetch(new URL(asked.pathname + asked.search, fake), { redirect: 'manual' })
const back = new URL(answer.headers.get('location'))
out.state = back.searchParams.get('state') === link.state
const login = await app.loginWithOAuth2({ code: back.searchParams.get('code'), codeVerifier: link.codeVerifier, redirectUri: 'https://home.example/back' })
out.expiresIn = login.expiresIn
out.oauth2 = (await login.client.v2.me()).data.username
const renewed = await app.refreshOAuth2Token(login.refreshToken)
out.renewed = (await renewed.client.v2.tweet('更新')).data.text
out.spent = await failure(app.refreshOAuth2Token(login.refreshToken))

console.log(JSON.stringify(out))
