import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { removeState, sweepDrafts } from "./state-file";

/** Every prompt is compared with each of its model's states, so that there may not be any number of them. */
export const MOST_STATES = 256;

/**
 * Removes states until those that are left, and what is being written, take no more than `capBytes` and are no more than
 * `MOST_STATES`: the one unused for longest goes first. A description whose state is gone goes too.
 *
 * @returns the paths of the states that were removed. @throws what reading the folder throws.
 */
export async function trimShelf(folder: string, capBytes: number): Promise<Set<string>> {
  await sweepDrafts(folder);
  let writing = 0;
  const names = new Set(await readdir(folder));
  const states: { path: string; bytes: number; usedAt: number }[] = [];
  for (const name of names) {
    const path = join(folder, name);
    if (name.endsWith(".state")) {
      const found = await stat(path).catch(() => null);
      if (found !== null) states.push({ path, bytes: found.size, usedAt: found.mtimeMs });
    } else if (name.endsWith(".draft")) {
      writing += (await stat(path).catch(() => null))?.size ?? 0;
    } else if (name.endsWith(".state.json") && !names.has(name.slice(0, -".json".length))) {
      await removeState(path.slice(0, -".json".length));
    }
  }
  let total = states.reduce((sum, { bytes }) => sum + bytes, writing);
  let count = states.length;
  const removed = new Set<string>();
  for (const { path, bytes } of states.sort((one, other) => one.usedAt - other.usedAt)) {
    if (total <= capBytes && count <= MOST_STATES) break;
    await removeState(path);
    removed.add(path);
    total -= bytes;
    count--;
  }
  return removed;
}
