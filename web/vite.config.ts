import preact from "@preact/preset-vite";
import { defineConfig } from "vitest/config";
import { emojiNames } from "./scripts/emoji.mjs";

/** Does the entry import it, by whatever static way? */
function isFirst(id: string, importers: (id: string) => readonly string[], seen = new Set<string>()): boolean {
  if (id.endsWith("/src/main.tsx")) return true;
  if (seen.has(id)) return false;
  seen.add(id);
  return importers(id).some((by) => isFirst(by, importers, seen));
}

// Served under /deck/; every script and style is a file with a hash in its name,
// so that a Content-Security-Policy without 'unsafe-inline' holds (see embed.go).
export default defineConfig({
  base: "/deck/",
  plugins: [preact({ devToolsEnabled: false }), emojiNames()],
  build: {
    target: ["chrome123", "firefox128", "safari17.5"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // All that the first page needs is one file; what is loaded later stays apart.
        manualChunks: (id, { getModuleInfo }) => (isFirst(id, (x) => getModuleInfo(x)?.importers ?? []) ? "first" : undefined),
      },
    },
  },
  // Style sheets are read by tests too (contrast of the tokens).
  test: { css: true },
});
