import { joined, toText, type BytePath } from "../walk/byte-path";
import { identityOf, statOf, type Disk } from "./disk";
import { historyOf, touchedBy, type History, type KnownChange } from "./history";
import { Journal } from "./journal";
import type { ChangeLine, MoveLine, PlaceLine } from "./journal-lines";
import { LeftAlone } from "./reasons";
import { namesIn, objectionTo, parentOf, type Root } from "./root";
import type { Touched } from "./touched";
import type { Sizes } from "./contract";

export const JOURNAL = "journal.jsonl";
export const FILES = "files";

/** One apply's part of the trash, open to be written on: changes are noted, then made. Close it. */
export class Entry {
  readonly history: History;
  readonly touched: Touched;
  #next: number;

  private constructor(
    readonly root: Root,
    readonly path: BytePath,
    readonly disk: Disk,
    readonly journal: Journal,
  ) {
    this.history = historyOf(journal.lines);
    this.touched = touchedBy(this.history);
    const used = [...this.history.changes.map(({ line }) => line.n), ...namesIn(this.filesPath).map(Number)];
    this.#next = 1 + used.reduce((most, n) => (n > most ? n : most), 0);
  }

  /** Throws the file system's errors, MemwellError `conflict` for what is no entry. */
  static open(root: Root, path: BytePath, disk: Disk): Entry {
    const files = joined(path, FILES);
    if (statOf(files) === null) disk.makeFolder(files);
    return new Entry(root, path, disk, Journal.open(joined(path, JOURNAL), disk));
  }

  get filesPath(): BytePath {
    return joined(this.path, FILES);
  }

  /** Where a change keeps what is not in its place. */
  keptAt(line: Pick<ChangeLine, "n"> & { staged?: BytePath | null }): BytePath {
    return line.staged ?? joined(this.filesPath, String(line.n));
  }

  placeOf({ path, is_outside: isOutside }: Pick<ChangeLine, "path" | "is_outside">): BytePath {
    return isOutside ? path : joined(this.root.path, path);
  }

  /**
   * Moves a file or a folder into the trash, and says where it lies now. Throws `LeftAlone`, the file system's errors.
   *
   * @param since it must not have changed since then, in nanoseconds since 1970; null: it may
   */
  move(step: string, path: BytePath, sizes: Sizes, since: bigint | null): BytePath {
    const objection = objectionTo(this.root, path);
    if (objection !== null) throw new LeftAlone(objection);
    const from = joined(this.root.path, path);
    const stats = statOf(from);
    if (stats === null || (since !== null && !this.touched.isAsItWas(stats, since)))
      throw new LeftAlone(`${toText(from)} has changed since the plan was made`);
    const line: MoveLine = { type: "move", ...this.#changeOf(step, path, from, from), ...sizes };
    const to = this.keptAt(line);
    this.#make(line, () => this.disk.rename(from, to));
    return to;
  }

  /**
   * Puts something new into its place, in one rename.
   *
   * @param make makes it where it is told
   * @param outside absolute, of the Hugging Face cache of this machine; `staged` lies on the same disk
   */
  place(step: string, path: BytePath, make: (at: BytePath) => void, outside?: { staged: BytePath }): void {
    const isOutside = outside !== undefined;
    const objection = isOutside ? null : objectionTo(this.root, path);
    if (objection !== null) throw new LeftAlone(objection);
    const staged = outside?.staged ?? null;
    const at = this.keptAt({ n: this.#next, staged });
    make(at);
    const to = this.placeOf({ path, is_outside: isOutside });
    const line: PlaceLine = { type: "place", ...this.#changeOf(step, path, at, to), is_outside: isOutside, staged };
    this.#make(line, () => this.disk.rename(at, to));
  }

  close(): void {
    this.journal.close();
  }

  #changeOf(step: string, path: BytePath, at: BytePath, place: BytePath) {
    const [stats, parent] = [statOf(at), statOf(parentOf(place))];
    if (stats === null || parent === null) throw new LeftAlone(`${toText(at)} is not there any more`);
    return {
      n: this.#next++,
      step,
      path,
      is_outside: false,
      text: toText(path),
      identity: identityOf(stats),
      mtime: String(stats.mtimeNs),
      size: String(stats.size),
      parent: { identity: identityOf(parent), mtime: String(parent.mtimeNs) },
    };
  }

  #make(line: ChangeLine, change: () => void): void {
    this.journal.append(line);
    const known: KnownChange = { line, parentAfter: null, undoing: null, isUndone: false };
    this.history.changes.push(known);
    this.touched.entry(line.identity, { mtime: BigInt(line.mtime), size: BigInt(line.size) });
    this.touched.folder(line.parent.identity);
    change();
    const parent = statOf(parentOf(this.placeOf(line)));
    known.parentAfter = String(parent?.mtimeNs ?? 0n);
    this.journal.append({ type: "did", n: line.n, parent_mtime: known.parentAfter });
  }
}
