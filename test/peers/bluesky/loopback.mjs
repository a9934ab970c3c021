// Keeps every server of this process on 127.0.0.1, and finds free ports there.
import net from 'node:net'

const host = '127.0.0.1'

// loopback makes net.Server.listen bind to loopback alone: the network's own servers listen on all interfaces.
export function loopback() {
  const listen = net.Server.prototype.listen
  net.Server.prototype.listen = function (first, ...rest) {
    const done = rest.find((x) => typeof x === 'function')
    if (first && typeof first === 'object' && 'port' in first) return listen.call(this, { ...first, host }, done)
    if (/^\d+$/.test(String(first))) return listen.call(this, { port: Number(first), host }, done)
    return listen.call(this, first, ...rest)
  }
}

// ports finds n different free ports.
export async function ports(n) {
  const held = []
  for (let i = 0; i < n; i++) {
    const server = net.createServer()
    await new Promise((done) => server.listen(0, done))
    held.push(server)
  }
  const found = held.map((server) => server.address().port)
  await Promise.all(held.map((server) => new Promise((done) => server.close(done))))
  return found
}

// hosts makes fetch bring requests for names that no DNS knows to servers of the test: "name=ip:port,…", over http.
export function hosts(text) {
  const table = new Map(text.split(',').filter(Boolean).map((entry) => entry.split('=')))
  const fetch = globalThis.fetch
  globalThis.fetch = function (input, init) {
    const url = new URL(input instanceof Request ? input.url : input)
    const to = table.get(url.hostname)
    if (!to) return fetch.call(this, input, init)
    return fetch.call(this, new Request(`http://${to}${url.pathname}${url.search}`, input instanceof Request ? input : init))
  }
}
