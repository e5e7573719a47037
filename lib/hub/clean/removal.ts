import { lstatSync, readdirSync, renameSync, rmdirSync, unlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { MemwellError } from "../../errors";
import { isInside, systemCodeOf } from "../folder";
import { asideFolder } from "../layout";
import { placeAside, refsAside } from "./aside";
import { factOf } from "./files";
import { isReally } from "./places";

/** One change of the disk, told right before it is made. */
export interface RemovalStep {
  action: "unlink" | "remove_folder" | "move_aside" | "put_back";
  path: string;
}

/** Why something stays that was not begun with. */
export const CANCELLED = "the cleaning was cancelled before its turn";

/** How many changes are made before others get their turn. */
const CHANGES_A_TURN = 64;

export interface RemovalOptions {
  onStep?: ((step: RemovalStep) => void) | undefined;
  /** Nothing more of what lies aside is removed then. */
  signal?: AbortSignal | undefined;
}

/** The only hands that remove anything: each change is checked on the disk, told, made and counted. */
export class Removal {
  freed = 0;
  /** How many names of files and links have gone, but for refs. */
  files = 0;
  /** Called when either has changed. */
  onFile: () => void = () => {};
  readonly #onStep: (step: RemovalStep) => void;
  readonly #signal: AbortSignal | undefined;
  #changes = 0;

  constructor(
    readonly root: string,
    { onStep = () => {}, signal }: RemovalOptions = {},
  ) {
    this.#onStep = onStep;
    this.#signal = signal;
  }

  /** The entry itself, whatever it leads to; what has gone already is no error. */
  async unlink(path: string, counts = true): Promise<void> {
    await this.#tell({ action: "unlink", path });
    const fact = factOf(path);
    ignoreMissing(() => {
      unlinkSync(path);
      if (!counts) return;
      this.files += 1;
      if (fact?.names === 1) this.freed += fact.size;
      this.onFile();
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

  /** Why nothing more is begun with; null as long as it is. */
  cancelled(): string | null {
    return this.#signal?.aborted ? CANCELLED : null;
  }

  /** Where somebody has made a new one meanwhile, this one stays aside, for a prune when nobody uses it any more. */
  #putBack(aside: string, path: string): void {
    this.#onStep({ action: "put_back", path });
    if (isReally(this.root, path)) ignoreBusy(() => renameSync(aside, path));
  }

  /**
   * A folder with all that is in it, or a file; no link is followed. Bytes below `uncounted` are not counted. Of what lies
   * aside, an abort leaves the rest where it is: a prune finds it.
   */
  async removeAll(path: string, uncounted: string | null = null): Promise<void> {
    if (!lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) {
      const counts = uncounted === null || !isInside(uncounted, path);
      if (counts && this.#signal?.aborted && isInside(asideFolder(this.root), path)) throw cutOff(path);
      return this.unlink(path, counts);
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
    this.#onStep(step);
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

function cutOff(path: string): MemwellError {
  const message = "the cleaning was cancelled in the midst of it: prune removes what is left";
  return new MemwellError("aborted", message, { path });
}

function leadsElsewhere(path: string): MemwellError {
  return new MemwellError(
    "cache_invalid",
    `${path} was not removed: a folder on the way to it is a link to somewhere else. Look at it, and remove the link.`,
    { path },
  );
}
