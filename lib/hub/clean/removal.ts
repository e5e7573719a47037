import { lstatSync, readdirSync, renameSync, rmdirSync, unlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { MemwellError } from "../../errors";
import { isInside, systemCodeOf } from "../folder";
import { placeAside, refsAside } from "./aside";
import { factOf } from "./files";
import { isReally } from "./places";

/** One change of the disk, told right before it is made. */
export interface RemovalStep {
  action: "unlink" | "remove_folder" | "move_aside" | "put_back";
  path: string;
}

/** How many changes are made before others get their turn. */
const CHANGES_A_TURN = 64;

/** The only hands that remove anything: each change is checked on the disk, told, made and counted. */
export class Removal {
  freed = 0;
  #changes = 0;

  constructor(
    readonly root: string,
    readonly onStep: (step: RemovalStep) => void = () => {},
  ) {}

  /** The entry itself, whatever it leads to; what has gone already is no error. */
  async unlink(path: string, counts = true): Promise<void> {
    await this.#tell({ action: "unlink", path });
    const fact = factOf(path);
    ignoreMissing(() => {
      unlinkSync(path);
      if (counts && fact?.names === 1) this.freed += fact.size;
    });
  }

  /**
   * In one rename to where no scanner looks, then bit by bit. `busy` says why a path must stay, or null: it is asked right
   * before the rename, and right after, of where it lies then, since another process does not wait. Answers what it said;
   * then everything is where it was.
   */
  async removeAtOnce(path: string, busy: (path: string) => string | null): Promise<string | null> {
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return null;
    const aside = placeAside(this.root, path);
    await this.#tell({ action: "move_aside", path });
    if (!isReally(this.root, aside)) throw leadsElsewhere(aside);
    const before = busy(path);
    if (before !== null) return before;
    try {
      renameSync(path, aside);
    } catch (thrown) {
      if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return null;
      throw thrown;
    }
    let isFree = false;
    try {
      const after = busy(aside);
      if (after !== null) return after;
      isFree = true;
    } finally {
      if (!isFree) this.#putBack(aside, path);
    }
    await this.removeAll(aside, refsAside(aside));
    return null;
  }

  /** Where somebody has made a new one meanwhile, this one stays aside, for a prune when nobody uses it any more. */
  #putBack(aside: string, path: string): void {
    this.onStep({ action: "put_back", path });
    if (isReally(this.root, path)) ignoreBusy(() => renameSync(aside, path));
  }

  /** A folder with all that is in it, or a file; no link is followed. Bytes below `uncounted` are not counted. */
  async removeAll(path: string, uncounted: string | null = null): Promise<void> {
    if (!lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) {
      return this.unlink(path, uncounted === null || !isInside(uncounted, path));
    }
    for (const name of ignoreMissing(() => readdirSync(path)) ?? []) await this.removeAll(join(path, name), uncounted);
    await this.#tell({ action: "remove_folder", path });
    ignoreMissing(() => rmdirSync(path));
  }

  /** Folders that are empty, from `path` upwards, as far as `last`, which stays. */
  async removeEmpty(path: string, last: string): Promise<void> {
    if (path === last || !isInside(last, path)) return;
    const entries = ignoreMissing(() => readdirSync(path));
    if (entries === undefined || entries.length > 0) return;
    await this.#tell({ action: "remove_folder", path });
    ignoreBusy(() => rmdirSync(path));
    await this.removeEmpty(dirname(path), last);
  }

  async #tell(step: RemovalStep): Promise<void> {
    if (++this.#changes % CHANGES_A_TURN === 0) await setImmediate();
    this.onStep(step);
    this.#check(step.path);
  }

  #check(path: string): void {
    if (isReally(this.root, path) || lstatSync(path, { throwIfNoEntry: false }) === undefined) return;
    throw leadsElsewhere(path);
  }
}

/** `undefined` when it has gone. */
function ignoreMissing<Answer>(change: () => Answer): Answer | undefined {
  try {
    return change();
  } catch (thrown) {
    if (systemCodeOf(thrown) === "ENOENT") return undefined;
    throw thrown;
  }
}

function ignoreBusy(change: () => void): void {
  try {
    change();
  } catch (thrown) {
    if (!["ENOENT", "ENOTEMPTY", "EEXIST"].includes(systemCodeOf(thrown))) throw thrown;
  }
}

function leadsElsewhere(path: string): MemwellError {
  return new MemwellError(
    "cache_invalid",
    `${path} was not removed: a folder on the way to it is a link to somewhere else. Look at it, and remove the link.`,
    { path },
  );
}
