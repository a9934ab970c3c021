// As much of RFC 6455 as a fake stream needs: the handshake, and short text frames.
import { createHash } from "node:crypto";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** Answers an upgrade; gives { send(text), onText, close() }. */
export function accept(request, socket) {
  const key = createHash("sha1").update(request.headers["sec-websocket-key"] + GUID).digest("base64");
  const protocol = request.headers["sec-websocket-protocol"];
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key}\r\n` +
      (protocol ? `Sec-WebSocket-Protocol: ${protocol}\r\n` : "") +
      "\r\n",
  );
  const peer = { onText: () => {}, send: (text) => socket.write(frame(text)), close: () => socket.end() };
  let kept = Buffer.alloc(0);
  socket.on("data", (data) => {
    kept = Buffer.concat([kept, data]);
    for (let f = read(kept); f; f = read(kept)) {
      kept = kept.subarray(f.size);
      if (f.opcode === 1) peer.onText(f.text);
      if (f.opcode === 8) socket.end();
    }
  });
  socket.on("error", () => {});
  return peer;
}

function frame(text) {
  const body = Buffer.from(text);
  const head = body.length < 126 ? Buffer.from([0x81, body.length]) : Buffer.from([0x81, 126, body.length >> 8, body.length & 255]);
  return Buffer.concat([head, body]);
}

/** The first whole frame of a client (always masked, here always short); null: not there yet. */
function read(data) {
  if (data.length < 6) return null;
  let size = data[1] & 127;
  let at = 2;
  if (size === 126) {
    if (data.length < 8) return null;
    size = data.readUInt16BE(2);
    at = 4;
  }
  if (data.length < at + 4 + size) return null;
  const mask = data.subarray(at, at + 4);
  const body = Buffer.from(data.subarray(at + 4, at + 4 + size));
  for (let i = 0; i < body.length; i++) body[i] ^= mask[i & 3];
  return { opcode: data[0] & 15, text: body.toString(), size: at + 4 + size };
}
