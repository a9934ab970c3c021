// What both scripts need: the fake home in a process of its own, and Chromium.
import { spawn } from "node:child_process";
import { chromium } from "playwright-core";

export async function startFake(port) {
  const fake = spawn(process.execPath, [new URL("./fake.mjs", import.meta.url).pathname], { env: { ...process.env, PORT: String(port) }, stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((done) => fake.stdout.once("data", done));
  return fake;
}

export const startChromium = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
