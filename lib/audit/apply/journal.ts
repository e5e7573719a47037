import { closeSync, constants, fstatSync, ftruncateSync, openSync, readFileSync } from "node:fs";
import { MemwellError } from "../../errors";
import { toSystem, toText, type BytePath } from "../walk/byte-path";
import { systemCodeOf } from "../walk/system";
import type { Disk } from "./disk";
import { lineText, parseLine, type JournalLine } from "./journal-lines";

const NO_LINK = constants.O_NOFOLLOW ?? 0;
/** What must be on the disk before anything is done. What a line tells of the past, the disk tells, too. */
const INTENTS: ReadonlySet<JournalLine["type"]> = new Set([
  "begin",
  "move",
  "place",
  "undo",
  "undoing",
  "empty",
] as const);
/** A million moves. Bytes. */
const MOST_BYTES = 500_000_000;

/** A journal that is written on. Close it. */
export class Journal {
  private constructor(
    readonly path: BytePath,
    readonly disk: Disk,
    readonly descriptor: number,
    readonly lines: JournalLine[],
  ) {}

  /** Makes it when it is not there. A last line that was cut off goes. Throws the file system's errors. */
  static open(path: BytePath, disk: Disk): Journal {
    const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | NO_LINK;
    const descriptor = openSync(toSystem(path), flags, 0o600);
    try {
      const { lines, length } = parseAll(readFileSync(descriptor), path);
      if (fstatSync(descriptor).size > length) ftruncateSync(descriptor, length);
      return new Journal(path, disk, descriptor, lines);
    } catch (thrown) {
      closeSync(descriptor);
      throw thrown;
    }
  }

  append(line: JournalLine): void {
    this.disk.append(this.descriptor, this.path, lineText(line), INTENTS.has(line.type));
    this.lines.push(line);
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

/** What a journal tells; nothing when there is none. Throws MemwellError `conflict` for what is no journal of ours. */
export function readJournal(path: BytePath): JournalLine[] {
  let descriptor: number;
  try {
    descriptor = openSync(toSystem(path), constants.O_RDONLY | NO_LINK | (constants.O_NONBLOCK ?? 0));
  } catch (thrown) {
    if (systemCodeOf(thrown) === "ENOENT") return [];
    throw unreadable(path, thrown);
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile() || stats.size > MOST_BYTES) throw unreadable(path, null);
    return parseAll(readFileSync(descriptor), path).lines;
  } finally {
    closeSync(descriptor);
  }
}

/** `length`: of the lines that are whole. Bytes. */
function parseAll(bytes: Buffer, path: BytePath): { lines: JournalLine[]; length: number } {
  const lines: JournalLine[] = [];
  const length = bytes.lastIndexOf(0x0a) + 1;
  for (const text of bytes.toString("utf8", 0, length).split("\n").slice(0, -1)) {
    const line = parseLine(text);
    if (line === null) throw unreadable(path, null);
    lines.push(line);
  }
  return { lines, length };
}

function unreadable(path: BytePath, cause: unknown): MemwellError {
  return new MemwellError(
    "conflict",
    `${toText(path)} is no journal that this Memwell reads. Look at the folder it lies in: what was moved lies in files/ there.`,
    { path: toText(path) },
    { cause },
  );
}
