import preact from "@preact/preset-vite";
import { defineConfig } from "vitest/config";
import { emojiNames } from "./scripts/emoji.mjs";

// Served under /deck/; every script and style is a file with a hash in its name,
// so that a Content-Security-Policy without 'unsafe-inline' holds (see embed.go).
export default defineConfig({
  base: "/deck/",
  plugins: [preact({ devToolsEnabled: false }), emojiNames()],
  build: {
    target: ["chrome123", "firefox128", "safari17.5"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  // Style sheets are read by tests too (contrast of the tokens).
  test: { css: true },
});
