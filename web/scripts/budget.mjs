// Fails when the first load outgrows its budget (gzip -9, in bytes): `npm run budget`, after a build.
import { readFileSync, readdirSync } from "node:fs";
import { gzipSync } from "node:zlib";

const limits = { js: 60 * 1024, css: 12 * 1024 };
const folder = new URL("../dist/assets/", import.meta.url);
const sums = { js: 0, css: 0 };
for (const name of readdirSync(folder)) {
  const kind = name.split(".").pop();
  if (kind in sums) sums[kind] += gzipSync(readFileSync(new URL(name, folder)), { level: 9 }).length;
}
let bad = false;
for (const [kind, limit] of Object.entries(limits)) {
  const over = sums[kind] === 0 || sums[kind] > limit;
  bad ||= over;
  console.log(`${over ? "FAIL" : "ok  "} ${kind}: ${(sums[kind] / 1024).toFixed(1)} kB gzip of ${limit / 1024} kB`);
}
const html = readFileSync(new URL("../dist/index.html", import.meta.url), "utf8");
const inline = /<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/i.test(html);
const foreign = /(?:src|href)="(?:https?:)?\/\//i.test(html);
if (inline || foreign) {
  bad = true;
  console.log(`FAIL index.html: ${inline ? "inline script or style" : "another host"}, which the Content-Security-Policy forbids`);
}
process.exit(bad ? 1 : 0);
