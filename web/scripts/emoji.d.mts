import type { Plugin } from "vite";

export declare function emojiNames(): Plugin;
