import type { Stats } from "node:fs";
import type { Kind } from "../kinds";
import { joined, type BytePath } from "../walk/byte-path";
import type { Folder } from "../walk/folder";
import { recordOf } from "../walk/file-record";
import { OpenFile } from "../walk/system";
import { kindByEnding } from "./endings";
import { beginsLikeModel, identifyHead, type Identified } from "./identify";

export interface SmallFile {
  name: BytePath;
  stats: Stats;
  sizeOnDisk: number;
}

/** Opening a small file costs ten times what looking at it does; so many are opened in any tree. */
const MOST_READ = 2048;
/** Of one folder that holds large files, whose small ones say what those are. */
const MOST_BESIDE_LARGE = 512;
/** So much of each: a config or the beginning of a text. */
const READ_BYTES = 16 * 1024;
/** A folder for a tool's cache (https://bford.info/cachedir/); huggingface_hub marks its own so too, which holds models. */
const CACHE_TAG = "Signature: 8a477f597d28d172789f06886806bc55";

/** Judges the files that get no record, and sums them up by kind. */
export class SmallFiles {
  /** Opened, and told by their endings alone. */
  nbRead = 0;
  nbByName = 0;

  judge(folder: Folder, path: BytePath, files: readonly SmallFile[]): void {
    const hasLarge = folder.records.length > 0;
    let ofFolder = 0;
    for (const file of files) {
      const isRead = this.nbRead < MOST_READ || (hasLarge && ofFolder++ < MOST_BESIDE_LARGE);
      if (folder.surroundings !== null) add(folder, folder.surroundings, file);
      else if (isRead && file.stats.size > 0) this.#read(folder, path, file, files);
      else this.#byName(folder, file);
    }
    if (folder.surroundings !== null) folder.become(folder.surroundings);
  }

  #byName(folder: Folder, file: SmallFile): void {
    this.nbByName += 1;
    add(folder, kindByEnding(file.name), file);
  }

  #read(folder: Folder, path: BytePath, file: SmallFile, files: readonly SmallFile[]): void {
    this.nbRead += 1;
    const head = headOf(joined(path, file.name));
    if (head === null) return add(folder, kindByEnding(file.name), file);
    if (beginsLikeModel(head, file.stats.size)) {
      folder.records.push(recordOf(folder, file.name, file.stats, file.sizeOnDisk));
      return;
    }
    const { content, clues } = identifyHead(head, file.stats.size);
    Object.assign(folder.clues, clues);
    folder.surroundings ??= surroundingsFrom(head, content, folder, files);
    add(folder, content.kind, file);
  }
}

function headOf(path: BytePath): Buffer | null {
  try {
    const file = OpenFile.open(path);
    try {
      return file.read(0, READ_BYTES);
    } finally {
      file.close();
    }
  } catch {
    return null; // gone, or not ours to read: its size is known all the same
  }
}

function surroundingsFrom(
  head: Buffer,
  { format }: Identified["content"],
  folder: Folder,
  files: readonly SmallFile[],
): Folder["surroundings"] {
  if (format !== "text") return null;
  const text = head.toString("latin1");
  if (isEnvironment(text)) return holdsWork(folder, files) ? null : "environment";
  if (/^\[core\][ \t]*$/m.test(text) && /^[ \t]*repositoryformatversion[ \t]*=/m.test(text)) return "git";
  return text.startsWith(CACHE_TAG) && !/hugging/i.test(text) ? "build" : null;
}

/** Nothing but settings: a text about environments quotes them among other lines. */
function isEnvironment(text: string): boolean {
  const isSettings = text.split(/\r?\n/).every((line) => /^$|^[\w-]+[ \t]*=/.test(line));
  return isSettings && /^home[ \t]*=/m.test(text) && /^include-system-site-packages[ \t]*=/m.test(text);
}

const WORK = new Set<Kind>(["code", "documentation", "tests", "dataset"]);

/** An environment was made in the middle of somebody's project: what stands beside it is no tool's. */
function holdsWork(folder: Folder, files: readonly SmallFile[]): boolean {
  return (
    folder.children.some(({ name }) => name === ".git") ||
    files.some(({ name }) => !name.startsWith(".") && WORK.has(kindByEnding(name)))
  );
}

function add(folder: Folder, kind: Kind, { stats, sizeOnDisk }: SmallFile): void {
  folder.addSmall(kind, stats.size, sizeOnDisk);
}
