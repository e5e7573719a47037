import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fromRoot, root } from "./root.mjs";

/**
 * One hash over the names and contents of files and folders (given relative to the root; absent ones count as absent)
 * and over `extra`, any text. Contents, not times: a fresh clone or a branch switched back and forth rebuilds nothing.
 */
export function hashInputs(inputs, extra = "") {
  const hash = createHash("sha256").update(extra);
  for (const input of inputs) {
    for (const file of filesBelow(fromRoot(input))) {
      const content = readFileSync(file);
      hash.update(`\0${path.relative(root, file)}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest("hex");
}

function filesBelow(start) {
  const stats = statSync(start, { throwIfNoEntry: false });
  if (!stats) return [];
  if (stats.isFile()) return [start];
  return readdirSync(start)
    .filter((name) => name !== ".DS_Store" && name !== "node_modules")
    .sort()
    .flatMap((name) => filesBelow(path.join(start, name)));
}

export function readStamp(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null; // never written, or cut short by a kill: both mean "do it again"
  }
}

export function writeStamp(file, value) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(value)}\n`);
}
