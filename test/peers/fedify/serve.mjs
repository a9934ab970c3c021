// Node's request and response, and the web's.

const largest = 4 << 20;

/** The whole request, body read; a body over 4 MiB is an error. */
export async function read(req, origin) {
  const chunks = [];
  let size = 0;
  for await (const chunk of req) {
    size += chunk.length;
    if (size > largest) throw new Error(`body over ${largest} bytes`);
    chunks.push(chunk);
  }
  const headers = new Headers();
  for (let i = 0; i < req.rawHeaders.length; i += 2) headers.append(req.rawHeaders[i], req.rawHeaders[i + 1]);
  const body = size > 0 ? Buffer.concat(chunks) : undefined;
  return new Request(new URL(req.url, origin), { method: req.method, headers, body });
}

/** Answers with what the handler makes of the request; what it throws is a 500 with its words. */
export async function answer(res, handler, request) {
  let response;
  try {
    response = await handler(request);
  } catch (error) {
    process.stderr.write(`${request.method} ${request.url}: ${error.stack}\n`);
    response = new Response(String(error), { status: 500 });
  }
  res.writeHead(response.status, Object.fromEntries(response.headers));
  res.end(Buffer.from(await response.arrayBuffer()));
}
