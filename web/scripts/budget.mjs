// Fails when the first load outgrows its budget (gzip -9, in bytes): `npm run budget`, after a build.
// The first load is what index.html names and what that imports; the rest is loaded when it is wanted.
import { readFileSync, readdirSync } from "node:fs";
import { gzipSync } from "node:zlib";

const limits = { js: 60 * 1024, css: 12 * 1024 };
/** No single part that is loaded later may be larger (gzip). */
const part = 40 * 1024;
const dist = new URL("../dist/", import.meta.url);
const html = readFileSync(new URL("index.html", dist), "utf8");
const size = (name) => gzipSync(readFileSync(new URL(`assets/${name}`, dist)), { level: 9 }).length;

const first = new Set();
const wanted = [...html.matchAll(/(?:src|href)="\/deck\/assets\/([^"]+)"/g)].map((m) => m[1]);
while (wanted.length) {
  const name = wanted.pop();
  if (first.has(name)) continue;
  first.add(name);
  if (!name.endsWith(".js")) continue;
  const text = readFileSync(new URL(`assets/${name}`, dist), "utf8");
  for (const m of text.matchAll(/(?:^|[;}\s])(?:import|export)(?:[^"'();]*?from)?\s*["']\.\/([^"']+)["']/g)) wanted.push(m[1]);
}

// One language is loaded before anything is drawn: the larger counts.
const languages = readdirSync(new URL("assets/", dist)).filter((n) => /^(?:en|ja)-[^.]*\.js$/.test(n)).sort((a, b) => size(b) - size(a));
if (languages.length !== 2) throw new Error(`the catalogues of two languages are expected, not ${languages.join(", ") || "none"}`);
first.add(languages[0]);

if (process.argv.includes("--list")) for (const n of first) console.log(`     ${n}: ${size(n)}`);

let bad = false;
const say = (over, words) => {
  bad ||= over;
  console.log(`${over ? "FAIL" : "ok  "} ${words}`);
};
const kB = (n) => `${(n / 1024).toFixed(1)} kB`;
for (const [kind, limit] of Object.entries(limits)) {
  const sum = [...first].filter((n) => n.endsWith(`.${kind}`)).reduce((all, n) => all + size(n), 0);
  say(sum === 0 || sum > limit, `first load, ${kind}: ${kB(sum)} gzip of ${limit / 1024} kB`);
}
const rest = readdirSync(new URL("assets/", dist)).filter((n) => /\.(js|css)$/.test(n) && !first.has(n)).map((name) => ({ name, bytes: size(name) }));
for (const r of rest) if (r.bytes > part) say(true, `${r.name}: ${kB(r.bytes)} gzip of ${part / 1024} kB for a part loaded later`);
console.log(`     loaded when wanted: ${rest.length} parts, ${kB(rest.reduce((all, r) => all + r.bytes, 0))}; largest ${kB(Math.max(0, ...rest.map((r) => r.bytes)))}`);
const inline = /<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/i.test(html);
const foreign = /(?:src|href)="(?:https?:)?\/\//i.test(html);
if (inline || foreign) say(true, `index.html: ${inline ? "inline script or style" : "another host"}, which the Content-Security-Policy forbids`);
process.exit(bad ? 1 : 0);
