import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { removeState } from "./state-file";

/**
 * Removes states until those that are left take no more than `capBytes`: the one unused for longest goes first. A
 * description whose state is gone goes too.
 *
 * @returns the paths of the states that were removed. @throws what reading the folder throws.
 */
export async function trimShelf(folder: string, capBytes: number): Promise<Set<string>> {
  const names = new Set(await readdir(folder));
  const states: { path: string; bytes: number; usedAt: number }[] = [];
  for (const name of names) {
    const path = join(folder, name);
    if (name.endsWith(".state")) {
      const found = await stat(path).catch(() => null);
      if (found !== null) states.push({ path, bytes: found.size, usedAt: found.mtimeMs });
    } else if (name.endsWith(".state.json") && !names.has(name.slice(0, -".json".length))) {
      await removeState(path.slice(0, -".json".length));
    }
  }
  let total = states.reduce((sum, { bytes }) => sum + bytes, 0);
  const removed = new Set<string>();
  for (const { path, bytes } of states.sort((one, other) => one.usedAt - other.usedAt)) {
    if (total <= capBytes) break;
    await removeState(path);
    removed.add(path);
    total -= bytes;
  }
  return removed;
}
