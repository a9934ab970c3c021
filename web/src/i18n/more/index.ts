import { locale } from "..";
import { en, type More } from "./en";
import { ja } from "./ja";

// The words of what is loaded later (settings, pickers, dialogs), so that they are no part of the first load.

const catalogues: Record<ReturnType<typeof locale>, More> = { en, ja };

/** As t(), for the parts that are loaded when they are wanted. */
export const m = (): More => catalogues[locale()];
