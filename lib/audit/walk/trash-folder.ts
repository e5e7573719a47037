import type { BytePath } from "./byte-path";

/** Where an applied plan moves what leaves, on the same disk, at the top of the folder that was audited. No audit counts it. */
export const TRASH_FOLDER: BytePath = ".memwell-trash";

export const TRASH_LEFT_OUT = "what an applied plan has moved away lies here: left out of the sums";
