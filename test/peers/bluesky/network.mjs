// A whole Bluesky network on loopback: PLC directory, PDS with its OAuth server, AppView, moderation service.
//
// Environment: PEER_POSTGRES, URL of an empty database, as the npm package pg reads it.
// PEER_HOSTS, "name=ip:port,…": where requests to these names go, over http.
// When it serves, one line of JSON is printed: {"pds","plc","appview","control"}, all of them URLs.
// It ends with its standard input, so it does not outlive a killed test.
//
// Control: POST /settle waits until the AppView has read all that the PDS wrote.
import { createServer } from 'node:http'
import { hosts, loopback, ports } from './loopback.mjs'

// What the network says goes to stderr: stdout holds the one line.
console.log = console.info = console.debug = console.error
loopback()
hosts(process.env.PEER_HOSTS ?? '')
process.env.NODE_ENV = 'test'
process.env.LOG_ENABLED = 'false'
process.env.DB_POSTGRES_SCHEMA = 'bluesky'
process.env.DB_POSTGRES_URL = process.env.PEER_POSTGRES
// Asked for by name, never connected to: nothing in this configuration caches in Redis.
process.env.REDIS_HOST = 'unused'

const { TestNetwork } = await import('@atproto/dev-env')
const [plc, pds, bsky, ozone] = await ports(4)
const network = await TestNetwork.create({
  plc: { port: plc },
  pds: { port: pds, hostname: 'localhost' },
  bsky: { port: bsky, dbPostgresSchema: 'bsky' },
  ozone: { port: ozone, dbPostgresSchema: 'ozone' },
})

const control = createServer((request, response) => {
  if (request.method !== 'POST' || request.url !== '/settle') {
    response.writeHead(404).end()
    return
  }
  request.resume()
  network.processAll(20_000).then(
    () => response.writeHead(204).end(),
    (err) => response.writeHead(500).end(String(err)),
  )
})
await new Promise((done) => control.listen(0, done))

process.stdin.resume()
process.stdin.on('end', () => {
  // The database is thrown away with the test: nothing needs to be put in order.
  process.exit(0)
})
process.stdout.write(
  JSON.stringify({
    pds: `http://localhost:${pds}`,
    plc: `http://localhost:${plc}`,
    appview: `http://localhost:${bsky}`,
    control: `http://127.0.0.1:${control.address().port}`,
  }) + '\n',
)
