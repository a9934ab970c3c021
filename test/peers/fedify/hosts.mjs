// Where outgoing requests go: names that no DNS knows, each to an address on loopback.
import { Agent, buildConnector, setGlobalDispatcher } from "undici";

/** host name → { hostname, port } */
const table = new Map();

/** Adds "name=ip:port,name=ip:port" to the table; a later word about a name replaces the earlier one. */
export function addHosts(text) {
  for (const entry of text.split(",").filter(Boolean)) {
    const [, name, hostname, port] = /^([^=]+)=([^=]+):(\d+)$/.exec(entry) ?? [];
    if (!port) throw new Error(`bad host entry "${entry}": write name=ip:port`);
    table.set(name, { hostname, port });
  }
}

/**
 * Makes every fetch of this process ask the table. A name that is not in it is refused: a test that reaches for the
 * internet should fail, not hang or pass by luck. TLS still checks the certificate against the name.
 */
export function installHosts() {
  const dial = buildConnector({});
  setGlobalDispatcher(new Agent({
    connect(options, done) {
      const to = table.get(options.hostname);
      if (!to) return done(new Error(`this peer knows no address of ${options.hostname}: add it with POST /hosts`), null);
      dial({ ...options, ...to, host: options.hostname, servername: options.servername || options.hostname }, done);
    },
  }));
}
