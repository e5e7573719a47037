import { closeSync, fsyncSync, linkSync, lstatSync, mkdirSync, openSync, rmdirSync, symlinkSync, unlinkSync, writeSync, type BigIntStats } from "node:fs"; // prettier-ignore
import { toSystem, toText, type BytePath } from "../walk/byte-path";
import { systemCodeOf } from "../walk/system";
import type { DiskChange } from "./contract";
import { renameToFree, setModified } from "./native-calls";

/** The only hands that change anything: each change is told right before it is made. Throws the file system's errors. */
export class Disk {
  constructor(readonly onChange: ((change: DiskChange) => void) | undefined = undefined) {}

  makeFolder(path: BytePath): void {
    this.#tell("make-folder", path);
    mkdirSync(toSystem(path));
  }

  /** Nothing is replaced: `EEXIST` when something stands at `to`. */
  rename(from: BytePath, to: BytePath): void {
    this.#tell("rename", to);
    renameToFree(from, to);
  }

  symbolicLink(path: BytePath, target: BytePath): void {
    this.#tell("make-link", path);
    symlinkSync(toSystem(target), toSystem(path));
  }

  hardLink(path: BytePath, target: BytePath): void {
    this.#tell("make-link", path);
    linkSync(toSystem(target), toSystem(path));
  }

  writeNew(path: BytePath, bytes: Buffer | string): void {
    this.#tell("write", path);
    const file = openSync(toSystem(path), "wx", 0o644);
    try {
      writeAll(file, Buffer.from(bytes as string));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }

  /** To the end of an open file; `isSynced`: and from there to the disk itself. */
  append(descriptor: number, path: BytePath, text: string, isSynced: boolean): void {
    this.#tell("write", path);
    writeAll(descriptor, Buffer.from(text));
    if (isSynced) fsyncSync(descriptor);
  }

  setModified(path: BytePath, nanoseconds: bigint): void {
    this.#tell("set-times", path);
    setModified(path, nanoseconds);
  }

  remove(path: BytePath): void {
    this.#tell("remove", path);
    unlinkSync(toSystem(path));
  }

  removeFolder(path: BytePath): void {
    this.#tell("remove", path);
    rmdirSync(toSystem(path));
  }

  #tell(action: DiskChange["action"], path: BytePath): void {
    this.onChange?.({ action, path: toText(path) });
  }
}

function writeAll(descriptor: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
}

/** The entry itself, in whole numbers; null when it is not there. Throws the file system's other errors. */
export function statOf(path: BytePath): BigIntStats | null {
  try {
    return lstatSync(toSystem(path), { bigint: true });
  } catch (thrown) {
    if (["ENOENT", "ENOTDIR"].includes(systemCodeOf(thrown))) return null;
    throw thrown;
  }
}

/** What tells one file of this machine from all others. */
export function identityOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}

export function isSystemError(thrown: unknown): thrown is NodeJS.ErrnoException {
  return thrown instanceof Error && "syscall" in thrown && "code" in thrown;
}
