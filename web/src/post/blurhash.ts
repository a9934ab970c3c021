// BlurHash (https://github.com/woltapp/blurhash, Algorithm.md): a few cosines that stand for a picture.

const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";

function base83(text: string): number {
  let value = 0;
  for (const c of text) {
    const digit = digits.indexOf(c);
    if (digit < 0) return Number.NaN;
    value = value * 83 + digit;
  }
  return value;
}

const linear = (v: number): number => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
const gamma = (v: number): number => {
  const x = Math.min(1, Math.max(0, v));
  return Math.round(255 * (x <= 0.0031308 ? x * 12.92 : 1.055 * x ** (1 / 2.4) - 0.055));
};
const signedSquare = (v: number): number => Math.sign(v) * v * v;

/** RGBA pixels of `width` × `height`, or null when the text is no BlurHash. */
export function decodeBlurhash(hash: string, width: number, height: number): Uint8ClampedArray<ArrayBuffer> | null {
  const flag = base83(hash[0] ?? "~");
  const nx = (flag % 9) + 1;
  const ny = Math.floor(flag / 9) + 1;
  if (Number.isNaN(flag) || ny > 9 || hash.length !== 4 + 2 * nx * ny) return null;
  const max = (base83(hash[1]!) + 1) / 166;
  const colours: [number, number, number][] = [];
  for (let i = 0; i < nx * ny; i++) {
    const v = base83(i ? hash.slice(4 + i * 2, 6 + i * 2) : hash.slice(2, 6));
    if (Number.isNaN(v)) return null;
    colours.push(i ? ac(v, max) : [linear(v >> 16), linear((v >> 8) & 255), linear(v & 255)]);
  }
  return paint(colours, nx, ny, width, height);
}

function ac(v: number, max: number): [number, number, number] {
  const part = (q: number): number => signedSquare((q - 9) / 9) * max;
  return [part(Math.floor(v / 361)), part(Math.floor(v / 19) % 19), part(v % 19)];
}

function paint(colours: [number, number, number][], nx: number, ny: number, w: number, h: number): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray(w * h * 4);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      const sum = [0, 0, 0];
      for (let j = 0; j < ny; j++)
        for (let i = 0; i < nx; i++) {
          const basis = Math.cos((Math.PI * x * i) / w) * Math.cos((Math.PI * y * j) / h);
          const c = colours[i + j * nx]!;
          for (let k = 0; k < 3; k++) sum[k]! += c[k]! * basis;
        }
      out.set([gamma(sum[0]!), gamma(sum[1]!), gamma(sum[2]!), 255], (y * w + x) * 4);
    }
  return out;
}
