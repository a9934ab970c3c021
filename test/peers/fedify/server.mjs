// A Fedify server for tests: over TLS under a name of its own, steered through a second, plain port.
//
// Environment: PEER_HOST (its name), PEER_CERT and PEER_KEY (PEM files), PEER_HOSTS ("name=ip:port,…"),
// PEER_PEOPLE ("alice,bob"), PEER_FIRST_KNOCK ("rfc9421" or "draft-cavage-http-signatures-12"), PEER_LOG (level).
// NODE_EXTRA_CA_CERTS names the certificate authority of the others.
// When it is ready it prints one line, {"tls":"ip:port","control":"ip:port"}. It ends when its standard input ends.
import { configure } from "@logtape/logtape";
import { AsyncLocalStorage } from "node:async_hooks";
import { readFileSync } from "node:fs";
import { createServer as createPlain } from "node:http";
import { createServer as createTls } from "node:https";
import { controlHandler } from "./control.mjs";
import { federate } from "./federation.mjs";
import { addHosts, installHosts } from "./hosts.mjs";
import { inspect, newKeyCache, Record } from "./record.mjs";
import { answer, read } from "./serve.mjs";
import { World } from "./world.mjs";

const host = process.env.PEER_HOST ?? "fedify.test";
const origin = `https://${host}`;

await configure({
  contextLocalStorage: new AsyncLocalStorage(),
  sinks: { stderr: (r) => process.stderr.write(`${r.level} ${r.category.join(".")}: ${r.message.join("")} ${detail(r.properties)}\n`) },
  loggers: [
    { category: [], sinks: ["stderr"], lowestLevel: process.env.PEER_LOG ?? "warning" },
    { category: ["logtape", "meta"], sinks: ["stderr"], lowestLevel: "warning" },
  ],
});

function detail({ error }) {
  return error ? String(error.stack ?? error) : "";
}

installHosts();
addHosts(process.env.PEER_HOSTS ?? "");
const world = new World(origin, (process.env.PEER_PEOPLE ?? "alice,bob").split(","));
const federation = federate({ world, origin, firstKnock: process.env.PEER_FIRST_KNOCK || "rfc9421" });
const record = new Record();
const keyCache = newKeyCache();

/** Requests of the federation; what comes to an inbox is recorded after Fedify has dealt with it. */
async function federated(request) {
  const path = new URL(request.url).pathname;
  const sent = world.sent.get(request.url);
  if (sent) return json(await sent.activity.toJsonLd({ contextLoader: context(request).contextLoader }));
  const arrived = request.method === "POST" && path.endsWith("/inbox");
  const copy = arrived ? request.clone() : null;
  const response = await federation.fetch(request, { contextData: undefined });
  if (arrived) await remember(copy, path, response.status);
  return response;
}

const json = (document) => new Response(JSON.stringify(document), { headers: { "content-type": "application/activity+json" } });
const context = (request) => federation.createContext(request, undefined);

async function remember(request, path, status) {
  const seen = await inspect(request.clone(), context(request), world.people.keys().next().value, keyCache)
    .catch((error) => ({ signature: "", verified: false, keyId: "", reason: error.message }));
  const text = await request.text();
  let activity = null;
  try {
    activity = JSON.parse(text);
  } catch {
    seen.reason = `no JSON: ${text.slice(0, 200)}`;
  }
  record.add({ activity, path, status, ...seen });
}

function start(server) {
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(`127.0.0.1:${server.address().port}`)));
}

const certificate = { cert: readFileSync(process.env.PEER_CERT), key: readFileSync(process.env.PEER_KEY) };
const tls = await start(createTls(certificate, async (req, res) => answer(res, federated, await read(req, origin))));
const control = await start(createPlain(controlHandler({ world, federation, record, origin, addHosts })));
addHosts(`${host}=${tls}`);
process.stdin.resume().on("end", () => process.exit(0));
process.stdout.write(JSON.stringify({ tls, control }) + "\n");
