import { MemwellError } from "../../errors";
import { toText, type BytePath } from "../walk/byte-path";
import { systemCodeOf } from "../walk/system";

/** Why the file system refused, as a clause. */
export function refusalOf(thrown: unknown): string {
  const code = systemCodeOf(thrown);
  return REFUSALS[code] ?? `the file system refused (${code})`;
}

const REFUSALS: Record<string, string> = {
  EACCES: "Memwell is not allowed to move it",
  EPERM: "Memwell is not allowed to move it",
  EROFS: "it lies on a disk that can only be read",
  EXDEV: "the trash is on another disk, or the file system cannot move it in one step",
  EBUSY: "the system uses it: something may be mounted there",
  EEXIST: "something else stands in its place now",
  ENOENT: "it went away meanwhile",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk is full for this user",
  ENAMETOOLONG: "its name is too long there",
  EMFILE: "too many files are open: raise `ulimit -n`, or try again later",
  ENFILE: "too many files are open: raise `ulimit -n`, or try again later",
};

/** Nothing more can be written down, so nothing more may be moved. */
export function isFull(thrown: unknown): boolean {
  return ["ENOSPC", "EDQUOT"].includes(systemCodeOf(thrown));
}

export function diskFull(folder: BytePath, cause: unknown): MemwellError {
  return new MemwellError(
    "disk_full",
    `The disk of ${toText(folder)} is full: the journal of what is moved cannot be written. Nothing is lost. Free some space, then use --resume to go on or --undo to go back.`,
    { folder: toText(folder), system_code: systemCodeOf(cause) },
    { cause },
  );
}

/** A step that is not carried out, and why; everything of it that was begun is put back. */
export class LeftAlone extends Error {
  constructor(readonly reason: string) {
    super(reason);
  }
}
