import path from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root, wherever the command was typed. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..", "..");

/** An absolute path from parts below the root. */
export const fromRoot = (...parts) => path.join(root, ...parts);
