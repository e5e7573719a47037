import type { BigIntStats } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { joined, toText, type BytePath } from "../walk/byte-path";
import { TRASH_FOLDER } from "../walk/trash-folder";
import type { Sizes } from "./contract";
import { identityOf, statOf } from "./disk";
import type { OpenInodes } from "./open-inodes";
import { LeftAlone } from "./reasons";
import { namesIn } from "./root";
import type { Touched } from "./touched";
import { addTo, noSizes, type Weigher } from "./weigher";

export interface LookOptions {
  /** Of the folder that the plan is about. */
  device: bigint;
  /** Nothing may have changed since then, but by us. Nanoseconds since 1970. */
  since: bigint;
  touched: Touched;
  open: OpenInodes;
  weigher: Weigher;
  /** Whether `path` itself was moved by us just now, which is no change of it. */
  isMoved?: boolean;
}

const ENTRIES_A_TURN = 500;

/**
 * Looks at everything that would go with a path, and says what it takes.
 *
 * @throws LeftAlone when something in it changed, was added, is open, or is not ours to take
 */
export async function lookAt(path: BytePath, options: LookOptions): Promise<Sizes> {
  const sizes = noSizes();
  const waiting = [path];
  let count = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (++count % ENTRIES_A_TURN === 0) await setImmediate();
    const stats = statOf(next);
    if (stats === null) throw new LeftAlone(`${toText(next)} is not there any more`);
    check(next, stats, options, next === path);
    addTo(sizes, options.weigher.add(stats));
    if (stats.isDirectory()) for (const name of namesIn(next)) waiting.push(joined(next, name));
  }
  return sizes;
}

function check(path: BytePath, stats: BigIntStats, options: LookOptions, isTop: boolean): void {
  const { device, since, touched, open, isMoved = false } = options;
  const name = path.slice(path.lastIndexOf("/") + 1);
  const shown = toText(path);
  if (stats.dev !== device) throw new LeftAlone(`${shown} lies on another disk`);
  if (!isTop && name === ".git") throw new LeftAlone(`a git repository stands in it: ${shown}`);
  if (!isTop && name === TRASH_FOLDER) throw new LeftAlone(`a trash stands in it: ${shown}`);
  if (!(isTop && isMoved) && !touched.isAsItWas(stats, since)) throw new LeftAlone(changed(shown, stats, since));
  const holder = stats.isFile() ? open.holderOf(identityOf(stats), path) : null;
  if (holder !== null) throw new LeftAlone(`${shown} is open in ${holder}`);
}

function changed(shown: string, stats: BigIntStats, since: bigint): string {
  if (stats.birthtimeNs >= since) return `${shown} was added since the plan was made`;
  return stats.isDirectory() && stats.mtimeNs >= since
    ? `something was added to ${shown} or taken from it since the plan was made`
    : `${shown} has changed since the plan was made`;
}
