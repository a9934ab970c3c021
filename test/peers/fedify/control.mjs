// The port for the test: POST /do, POST /hosts, GET /inbox?after=N&wait=ms, GET /state. JSON in, JSON out.
import { answer, read } from "./serve.mjs";
import { run } from "./verbs.mjs";

export function controlHandler({ world, federation, record, origin, addHosts }) {
  const routes = {
    "POST /do": async (request) => run({ world, ctx: federation.createContext(new URL(origin), undefined), args: await request.json() }),
    "POST /hosts": async (request) => addHosts(await request.text()),
    "GET /inbox": (request) => {
      const query = new URL(request.url).searchParams;
      return record.after(Number(query.get("after") ?? 0), Number(query.get("wait") ?? 0));
    },
    "GET /state": () => world,
  };
  const handle = async (request) => {
    const route = routes[`${request.method} ${new URL(request.url).pathname}`];
    if (!route) return Response.json({ error: `no such route: ${Object.keys(routes).join(", ")}` }, { status: 404 });
    try {
      return Response.json(await route(request) ?? {});
    } catch (error) {
      return Response.json({ error: error.message, cause: error.cause?.message, status: error.statusCode, body: error.responseBody }, { status: 422 });
    }
  };
  return async (req, res) => answer(res, handle, await read(req, "http://control"));
}
