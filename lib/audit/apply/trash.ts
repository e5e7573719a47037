import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { MemwellError } from "../../errors";
import { LOCK_EXCLUSIVE, loadFlock } from "../../hub/flock";
import { joined, toSystem, toText, type BytePath } from "../walk/byte-path";
import { systemCodeOf } from "../walk/system";
import { TRASH_FOLDER } from "../walk/trash-folder";
import { isSystemError, statOf, type Disk } from "./disk";
import { diskFull, isFull, refusalOf } from "./reasons";
import { namesIn, type Root } from "./root";

const LOCK = "lock";
const GIT_IGNORE = ".gitignore";
const ID = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}$/;

/** The trash of one folder: an entry for each apply, and a lock so that there is one at a time. */
export class Trash {
  readonly path: BytePath;

  constructor(
    readonly root: Root,
    readonly disk: Disk,
  ) {
    this.path = joined(root.path, TRASH_FOLDER);
  }

  /** Ids, the oldest first; none without a trash. Throws MemwellError `conflict` when something else bears its name. */
  ids(): string[] {
    const stats = statOf(this.path);
    if (stats === null) return [];
    if (!stats.isDirectory()) throw notOurs(this.path);
    const isEntry = (name: string): boolean => ID.test(name) && statOf(joined(this.path, name))?.isDirectory() === true;
    return namesIn(this.path).filter(isEntry);
  }

  /** Makes the trash unless it is there, which says when the folder had last changed before, and after. */
  make(): { before: string; after: string } | null {
    return this.#asOurs(() => {
      const stats = statOf(this.path);
      if (stats !== null && (!stats.isDirectory() || stats.dev !== this.root.device)) throw notOurs(this.path);
      const before = String(statOf(this.root.path)?.mtimeNs ?? 0n);
      if (stats === null) this.disk.makeFolder(this.path);
      const ignore = joined(this.path, GIT_IGNORE);
      if (statOf(ignore) === null) this.disk.writeNew(ignore, "*\n");
      return stats === null ? { before, after: String(statOf(this.root.path)?.mtimeNs ?? 0n) } : null;
    });
  }

  /** A new entry, which is empty. */
  makeEntry(): string {
    for (let time = Date.now(); ; time++) {
      const id = new Date(time).toISOString().replace(/[:.]/g, "-").slice(0, -1);
      if (statOf(joined(this.path, id)) !== null) continue;
      this.#asOurs(() => this.disk.makeFolder(joined(this.path, id)));
      return id;
    }
  }

  /** Takes the lock, which the system drops with this process. @throws MemwellError `conflict` when another one has it */
  lock(): { release(): void } {
    const path = joined(this.path, LOCK);
    if (statOf(this.path)?.isDirectory() !== true) throw notOurs(this.path);
    const flags = constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);
    const descriptor = this.#asOurs(() => openSync(toSystem(path), flags, 0o600));
    const answer = loadFlock()(descriptor, LOCK_EXCLUSIVE, toText(path));
    // Whoever had it may have removed the whole trash, and the lock with it.
    if (answer !== "held" && fstatSync(descriptor).nlink > 0) return { release: () => closeSync(descriptor) };
    closeSync(descriptor);
    throw new MemwellError(
      "conflict",
      `Another Memwell moves things in ${toText(this.root.path)} at this moment. Wait until it has ended.`,
      { folder: toText(this.root.path) },
    );
  }

  /** Removes the trash itself once nothing is in it; the folder is then as if there had been none. */
  removeIfEmpty(folderTime: { before: string; after: string } | null): void {
    const others = namesIn(this.path).filter((name) => name !== LOCK && name !== GIT_IGNORE);
    if (others.length > 0) return;
    const isAsItWas = String(statOf(this.root.path)?.mtimeNs) === folderTime?.after;
    for (const name of namesIn(this.path)) this.disk.remove(joined(this.path, name));
    this.disk.removeFolder(this.path);
    if (folderTime !== null && isAsItWas) this.disk.setModified(this.root.path, BigInt(folderTime.before));
  }

  #asOurs<Result>(act: () => Result): Result {
    try {
      return act();
    } catch (thrown) {
      if (isFull(thrown)) throw diskFull(this.root.path, thrown);
      if (!isSystemError(thrown)) throw thrown;
      const folder = toText(this.root.path);
      const message = `The trash cannot be made in ${folder}: ${refusalOf(thrown)}. Nothing was moved.`;
      throw new MemwellError(
        "invalid_request",
        message,
        { folder, system_code: systemCodeOf(thrown) },
        { cause: thrown },
      );
    }
  }
}

function notOurs(path: BytePath): MemwellError {
  const message = `${toText(path)} is no folder of Memwell on this disk: move it away, then try again.`;
  return new MemwellError("conflict", message, { path: toText(path) });
}
