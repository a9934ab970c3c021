import { readFileSync } from "node:fs";

const prefix = "virtual:emoji-";
/** Emoji that are only parts of others (skin tones, hair). */
const components = 2;

/**
 * `virtual:emoji-LANG`: the emoji of Unicode by group, one a line: the emoji, a
 * tab, its name, a tab, words to find it by. Made of emojibase-data when building.
 */
export function emojiNames() {
  return {
    name: "emoji-names",
    resolveId: (id) => (id.startsWith(prefix) ? `\0${id}` : null),
    load(id) {
      if (!id.startsWith(`\0${prefix}`)) return null;
      const file = new URL(`../node_modules/emojibase-data/${id.slice(prefix.length + 1)}/compact.json`, import.meta.url);
      const all = JSON.parse(readFileSync(file, "utf8")).filter((e) => e.group !== undefined && e.group !== components);
      const groups = [...new Set(all.map((e) => e.group))].sort((a, b) => a - b);
      const lines = groups.map((g) =>
        all
          .filter((e) => e.group === g)
          .sort((a, b) => a.order - b.order)
          .map((e) => `${e.unicode}\t${e.label}\t${(e.tags ?? []).slice(0, 5).join(" ")}`)
          .join("\n"),
      );
      return `export default ${JSON.stringify(lines)};`;
    },
  };
}
